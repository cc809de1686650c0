"""Four waits on one thread take as long as the longest.

asyncio's clock is the real one: a tie is settled by whose timer fires first.

python3 ch04-async/src/countdowns/twin.py
"""

import asyncio
import sys

TICKS = 3
LANES = {"A": 0.7, "B": 2.0, "C": 0.3, "D": 1.0}


async def countdown(name, pause, tick):
    for n in range(TICKS, 0, -1):
        await asyncio.sleep(pause)
        tick(name, n)


async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()

    def tick(name, n):
        tabs = "\t" * list(LANES).index(name)
        print(f"{tabs}{name} {n}", flush=True)
        # A real clock is never exact, so the times go to stderr.
        print(f"{loop.time() - start:.3f}", file=sys.stderr)

    await asyncio.gather(
        *(countdown(name, pause, tick) for name, pause in LANES.items())
    )
    waited = loop.time() - start
    total = TICKS * sum(LANES.values())
    print(f"in all {waited:.0f} s, one after the other {total:.0f} s")


if __name__ == "__main__":
    asyncio.run(main())
