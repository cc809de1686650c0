"""`asyncio.timeout`: a time limit, and what becomes of the work.

python3 ch04-async/src/timeout/twin.py
"""

import asyncio
import time

SHORT = 0.5
LONG = 1.0


async def cook(what, takes):
    start = time.monotonic()
    try:
        await asyncio.sleep(takes)
        print(f"  {what}: done")
        return what
    finally:
        # To half a second: the clock is real, and the machine may be busy.
        at = round(2 * (time.monotonic() - start)) / 2
        print(f"  {what}: plate put down at {at:.1f} s")


async def rice_within(limit):
    try:
        async with asyncio.timeout(limit):
            return await cook("rice", LONG)
    except TimeoutError as err:
        return repr(err)


async def task_within(limit):
    task = asyncio.create_task(cook("rice", LONG))
    try:
        # Without shield, wait_for would cancel the task.
        await asyncio.wait_for(asyncio.shield(task), limit)
        print("  main: in time")
    except TimeoutError:
        print("  main: does something else")
    print("  main: eats", await task)


async def course(deadline):
    async with asyncio.timeout_at(deadline):
        for what, takes in [("tea", SHORT), ("soup", SHORT), ("rice", LONG)]:
            await cook(what, takes)


async def main():
    print("a limit that is long enough")
    print("  main:", await rice_within(2 * LONG))
    print("a limit that is too short")
    print("  main:", await rice_within(SHORT))
    print("a limit around a task")
    await task_within(SHORT)
    print("a deadline for three steps")
    try:
        await course(asyncio.get_running_loop().time() + SHORT + LONG)
    except TimeoutError as err:
        print("  main:", repr(err))


if __name__ == "__main__":
    asyncio.run(main())
