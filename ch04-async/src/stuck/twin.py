"""Which task hangs, and where: `all_tasks`, and the frame of each coroutine.

python3 ch04-async/src/stuck/twin.py
"""

import asyncio
import os


def report():
    lines = []
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        frame, inner = None, task.get_coro()
        # From coroutine to coroutine, down to the one of this file that waits.
        while getattr(inner, "cr_frame", None) is not None:
            if inner.cr_frame.f_code.co_filename == __file__:
                frame = inner.cr_frame
            inner = inner.cr_await
        place = f"{os.path.basename(__file__)}:{frame.f_lineno}"
        lines.append(f"{task.get_name()}: {frame.f_code.co_name}, {place}")
    return sorted(lines)


async def eat(first, second):
    async with first:
        await asyncio.sleep(0)
        async with second:
            pass


async def ada(eaten, first, second):
    await eat(first, second)
    eaten.set()


async def waits(eaten):
    await eaten.wait()


async def table(orders):
    forks, eaten = [asyncio.Lock(), asyncio.Lock()], asyncio.Event()
    a, b = [[forks[n] for n in order] for order in orders]
    tasks = [
        asyncio.create_task(ada(eaten, *a), name="ada"),
        asyncio.create_task(eat(*b), name="bob"),
        asyncio.create_task(waits(eaten), name="waiter"),
    ]
    _, pending = await asyncio.wait(tasks, timeout=0.2)
    return pending


async def main():
    print("each begins with another fork")
    pending = await table([(0, 1), (1, 0)])
    for line in report():
        print(" ", line)
    print("  all have eaten:", not pending)
    for task in pending:
        task.cancel()
    await asyncio.wait(pending)
    print("both begin with the same fork")
    print("  all have eaten:", not await table([(0, 1), (0, 1)]))


if __name__ == "__main__":
    asyncio.run(main())
