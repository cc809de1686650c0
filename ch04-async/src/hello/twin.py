"""`asyncio.run`, `async def` and `await`: a whole program with two waits.

python3 ch04-async/src/hello/twin.py
"""

import asyncio
import time


async def order(what, takes):
    await asyncio.sleep(takes)
    return f"a cup of {what}"


async def main():
    start = time.monotonic()
    tea = await order("tea", 0.5)
    print(f"{1000 * (time.monotonic() - start):.0f} ms: {tea}")
    soup = await order("soup", 1.0)
    print(f"{1000 * (time.monotonic() - start):.0f} ms: {soup}")


def main_by_hand():
    async def coffee():
        print("by hand:", await order("coffee", 0.1))

    with asyncio.Runner() as runner:
        runner.run(coffee())


if __name__ == "__main__":
    asyncio.run(main())
    main_by_hand()
