"""Events of several sources in one queue; `as_completed`; tasks that are kept.

python3 ch04-async/src/merge/twin.py
"""

import asyncio
import time

SECOND = 0.5


class Log:
    def __init__(self):
        self.start = time.monotonic()

    def line(self, event):
        # To half a second: the clock is real, and the machine may be busy.
        at = round(2 * (time.monotonic() - self.start) / SECOND) / 2
        print(f"  {at:.1f} s: {event}")


async def orders():
    start = time.monotonic()
    for at, dish in enumerate(["tea", "rice", "soup", "cake"]):
        await asyncio.sleep(start + at * SECOND - time.monotonic())
        yield dish


async def closing_time():
    await asyncio.sleep(2.5 * SECOND)


async def cook(dish):
    await asyncio.sleep({"tea": 0.5, "rice": 3}.get(dish, 1) * SECOND)
    return dish


async def loop_broken(log):
    source = orders()
    ordered = asyncio.create_task(anext(source, None))
    while True:
        # The limit begins again in each turn.
        done, _ = await asyncio.wait({ordered}, timeout=2.5 * SECOND)
        if not done or ordered.result() is None:
            break
        log.line(f"order {ordered.result()}")
        ordered = asyncio.create_task(anext(source, None))
    await closing_time()
    log.line("closing")


async def merged(log):
    events = asyncio.Queue()

    async def tell_orders():
        async for dish in orders():
            await events.put(f"order {dish}")

    async def tell_closing():
        await closing_time()
        await events.put("closing")

    async with asyncio.TaskGroup() as group:
        tells = (tell_orders(), tell_closing())
        sources = [group.create_task(tell) for tell in tells]
        event = None
        while event != "closing":
            event = await events.get()
            log.line(event)
        for source in sources:
            source.cancel()


async def as_done(log):
    # All at the beginning: a dish that is ordered later cannot be added.
    dishes = [cook(dish) for dish in ("tea", "rice", "soup")]
    for first in asyncio.as_completed(dishes):
        log.line(f"done {await first}")


async def main():
    print("a loop that begins to wait again in each turn")
    await loop_broken(Log())
    print("two sources, one queue")
    await merged(Log())
    print("as_completed")
    await as_done(Log())


if __name__ == "__main__":
    asyncio.run(main())
