"""Channels between tasks, and the deadlock that asyncio does not report.

Beazley's scheduler leaves this out. This is what asyncio does: a queue has no
end, so None is sent to say it; and it does not notice that no task can go on.

python3 ch03-generators/src/task_channels/twin.py
"""

import asyncio


async def producer(queue, count):
    for n in range(1, count + 1):
        await queue.put(n)
        print(f"[producer] sent {n}")
    await queue.put(None)


async def consumer(queue):
    while (n := await queue.get()) is not None:
        print(f"[consumer] got {n}")
    print("[consumer] no more")


async def after_you(theirs, ours):
    await theirs.get()
    await ours.put(None)


async def main():
    queue = asyncio.Queue(2)
    await asyncio.gather(producer(queue, 4), consumer(queue))
    a, b = asyncio.Queue(1), asyncio.Queue(1)
    both = asyncio.gather(after_you(a, b), after_you(b, a))
    try:
        await asyncio.wait_for(both, 0.1)
    except TimeoutError:
        print("stopped: by a time limit, for want of another sign")


if __name__ == "__main__":
    asyncio.run(main())
