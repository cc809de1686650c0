"""`asyncio.Queue` and a future; what asyncio has no channel for; an actor.

python3 ch04-async/src/channels/twin.py
"""

import asyncio
from collections import deque


async def queue():
    items = asyncio.Queue(2)
    done = object()

    async def produce():
        for n in range(1, 5):
            await items.put(n)
            print(f"  sent {n}")
        await items.put(done)

    producer = asyncio.create_task(produce())
    while (n := await items.get()) is not done:
        print(f"  received {n}")
    print("  the end was an item")
    await producer


async def answer():
    reply = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(reply.set_result, "tea")
    print("  answer:", await reply)


class Watch:
    def __init__(self, value):
        self.value = value
        self.changed = asyncio.Event()

    def send(self, value):
        self.value = value
        self.changed.set()


async def newest():
    state = Watch("closed")
    print("  at first:", state.value)
    for value in ["opening", "open", "busy"]:
        state.send(value)
    await state.changed.wait()
    print("  changed:", state.value)


async def to_all():
    quick, slow = deque(maxlen=2), deque(maxlen=2)
    for n in range(1, 6):
        for receiver in (quick, slow):
            receiver.append(n)
        print("  quick:", quick.popleft())
    # Nothing tells the slow one that three are gone.
    while slow:
        print("  slow:", slow.popleft())


async def account(requests):
    balance = 0
    while True:
        match await requests.get():
            case int(amount):
                balance += amount
            case asyncio.Future() as asked:
                asked.set_result(balance)
            case None:
                return balance


async def clients():
    requests = asyncio.Queue(8)
    actor = asyncio.create_task(account(requests))

    async def client():
        for _ in range(100):
            await requests.put(1)
            await asyncio.sleep(0)

    await asyncio.gather(*(client() for _ in range(10)))
    asked = asyncio.get_running_loop().create_future()
    await requests.put(asked)
    print("  balance:", await asked)
    await requests.put(None)
    print("  at the end:", await actor)


async def main():
    print("Queue")
    await queue()
    print("Future")
    await answer()
    print("a value and an Event")
    await newest()
    print("a deque for each")
    await to_all()
    print("an actor")
    await clients()


if __name__ == "__main__":
    asyncio.run(main())
