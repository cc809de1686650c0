"""`asyncio.wait(FIRST_COMPLETED)`: the first of several, and two sets.

python3 ch04-async/src/select/twin.py
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


async def first():
    tea = asyncio.create_task(cook("tea", SHORT))
    rice = asyncio.create_task(cook("rice", LONG))
    done, pending = await asyncio.wait(
        [tea, rice], return_when=asyncio.FIRST_COMPLETED
    )
    print("  main: drinks", done.pop().result())
    print("  main: pending:", len(pending))
    # Nothing has stopped the rice: it is there half a second later.
    print("  main: eats", await rice)


async def serve(lines, stop):
    stopped = asyncio.create_task(stop.wait())
    while True:
        line = asyncio.create_task(lines.get())
        await asyncio.wait(
            [stopped, line], return_when=asyncio.FIRST_COMPLETED
        )
        if stopped.done():
            line.cancel()
            print("  server: told to stop")
            return
        print("  server:", line.result())


async def main():
    print("the first of two")
    await first()

    print("a loop")
    lines, stop = asyncio.Queue(8), asyncio.Event()
    server = asyncio.create_task(serve(lines, stop))
    for line in ["GET /tea", "GET /rice"]:
        await lines.put(line)
        await asyncio.sleep(SHORT)
    stop.set()
    await server


if __name__ == "__main__":
    asyncio.run(main())
