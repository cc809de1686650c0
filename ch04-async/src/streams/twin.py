"""An async iterator may have to wait for its next item.

python3 ch04-async/src/streams/twin.py
"""

import asyncio
import time

MOMENT = 0.05
NAMES = ("async", "if", "await", "fn", "impl")


class Ticker:
    def __init__(self, left):
        self.left = left

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.left == 0:
            raise StopAsyncIteration
        await asyncio.sleep(MOMENT)
        self.left -= 1
        return self.left


async def probe(name):
    await asyncio.sleep(MOMENT * len(name))
    return name, len(name) % 2 == 0


async def multi_probe(names):
    try:
        for first in asyncio.as_completed([probe(name) for name in names]):
            yield await first
    finally:
        print("  its finally runs")


def in_a_plain_function():
    # An async generator expression may be made anywhere.
    return (name async for name, _ in multi_probe(("fn",)))


async def main():
    async for n in Ticker(3):
        print("tick", n)

    print(f"{'FOUND':<10}NOT FOUND")
    async for name, found in multi_probe(("impl", "if", "await")):
        print(name if found else f"{'':<10}{name}")

    found = [name async for name, found in multi_probe(("if", "async"))
             if found]
    print("found:", found)
    lengths = {len(name) async for name, _ in multi_probe(("if", "async"))}
    print("a set of lengths:", sorted(lengths))
    found = {name: found async for name, found in multi_probe(("if", "async"))}
    print("a dict:", found)
    print("made elsewhere:", [name async for name in in_a_plain_function()])

    print("left early")
    probes = multi_probe(("if", "impl"))
    async for name, _ in probes:
        print(" ", name)
        break
    # Without this the finally runs whenever the collector finds it.
    await probes.aclose()

    try:
        for _ in multi_probe(NAMES):
            pass
    except TypeError as err:
        print("a plain for:", err)

    start = time.perf_counter()
    [await probe(name) for name in NAMES]
    in_turn = time.perf_counter() - start
    start = time.perf_counter()
    await asyncio.gather(*(probe(name) for name in NAMES))
    together = time.perf_counter() - start
    print("together is faster than in a loop:", together < in_turn)


if __name__ == "__main__":
    asyncio.run(main())
