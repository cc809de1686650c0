"""A hundred thousand tasks are alive at once, on one thread.

python3 ch04-async/src/crowd/twin.py
"""

import asyncio

MANY = 100_000


async def meet(n):
    # asyncio.Barrier does the same, in more than twice the time.
    arrived, all_here = 0, asyncio.Event()

    async def one(i):
        nonlocal arrived
        arrived += 1
        if arrived == n:
            all_here.set()
        await all_here.wait()
        return i

    tasks = [asyncio.create_task(one(i)) for i in range(n)]
    # This coroutine is run by a task, too.
    alive = len(asyncio.all_tasks()) - 1
    return alive, sum(await asyncio.gather(*tasks))


async def sleep(n):
    async def one(i):
        await asyncio.sleep(1)
        return i

    return sum(await asyncio.gather(*(one(i) for i in range(n))))


async def main():
    alive, total = await meet(MANY)
    print(f"{alive} tasks met at a barrier, their sum is {total}", flush=True)
    total = await sleep(MANY)
    print(f"{MANY} tasks slept for 1 s, their sum is {total}")


if __name__ == "__main__":
    asyncio.run(main())
