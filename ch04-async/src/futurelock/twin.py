"""The same pipeline, in tasks: the loop runs them while we wait.

python3 ch04-async/src/futurelock/twin.py
"""

import asyncio

ITEMS = range(1, 5)


async def main():
    lock = asyncio.Lock()
    total = 0

    async def produce(n):
        async with lock:
            await asyncio.sleep(0.01)
        return n

    # as_completed makes tasks: there is no future here that is not driven.
    for first in asyncio.as_completed([produce(n) for n in ITEMS]):
        n = await first
        async with lock:
            total += n
    print(f"as_completed, and a lock: done, {total}")


if __name__ == "__main__":
    asyncio.run(main())
