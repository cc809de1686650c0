"""`create_task` and `as_completed`: tasks that run side by side.

python3 ch04-async/src/spawn/twin.py
"""

import asyncio
import threading
import time

SHORT = 0.5
LONG = 1.0


async def cook(what, takes):
    print(f"  {what}: begins")
    await asyncio.sleep(takes)
    print(f"  {what}: done")
    return what


async def two():
    start = time.monotonic()
    tea = asyncio.create_task(cook("tea", SHORT))
    rice = asyncio.create_task(cook("rice", LONG))
    print("  main: both are created")
    await tea
    await rice
    # To half a second: the clock is real, and the machine may be busy.
    print(f"  main: after {round(2 * (time.monotonic() - start)) / 2:.1f} s")


async def as_they_come():
    tasks = [
        asyncio.create_task(cook("rice", LONG)),
        asyncio.create_task(cook("tea", SHORT)),
        asyncio.create_task(cook("soup", SHORT + LONG)),
    ]
    for done in asyncio.as_completed(tasks):
        print("  main: serves", await done)


async def fails():
    async def toast():
        raise RuntimeError("burnt")

    task = asyncio.create_task(toast())
    try:
        await task
        print("  main: toast")
    except RuntimeError as err:
        print("  main: no toast;", err)


async def whose_thread():
    here = threading.get_ident()

    async def where():
        return threading.get_ident()

    ran_on = await asyncio.create_task(where())
    print("  asyncio: on the caller's thread:", ran_on == here)


async def main():
    print("two tasks")
    await two()
    print("as_completed")
    await as_they_come()
    print("a task that raises")
    await fails()
    print("which thread runs a task")
    await whose_thread()


if __name__ == "__main__":
    asyncio.run(main())
