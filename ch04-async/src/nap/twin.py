"""Giving way by hand, and what it costs.

python3 ch04-async/src/nap/twin.py
"""

import asyncio
import math
import sys
import time

FRAME = 0.1
# CPython takes longer to divide: this prime is smaller than the Rust one.
PRIME = 400_000_000_000_063


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    for i in range(3, math.isqrt(n) + 1, 2):
        if n % i == 0:
            return False
    return True


async def is_prime_napping(n, turns):
    if n < 2 or n % 2 == 0:
        return n == 2
    turn = 0
    for i in range(3, math.isqrt(n) + 1, 2):
        if n % i == 0:
            return False
        turn += 1
        if turn == turns:
            turn = 0
            await asyncio.sleep(0)
    return True


async def nap(turns):
    frames = 0

    async def spin():
        nonlocal frames
        while True:
            frames += 1
            await asyncio.sleep(FRAME)

    spinner = asyncio.create_task(spin())
    start = time.perf_counter()
    assert await is_prime_napping(PRIME, turns)
    elapsed = time.perf_counter() - start
    spinner.cancel()
    await asyncio.wait([spinner])
    return frames, elapsed


def main():
    start = time.perf_counter()
    assert is_prime(PRIME)
    plain = time.perf_counter() - start
    print(f"plain is_prime: {plain:.2f} s", file=sys.stderr)

    for turns, label in (
        (None, "never"),
        (1_000_000, "every 1000000 turns"),
        (50_000, "every 50000 turns"),
        (1_000, "every 1000 turns"),
    ):
        frames, elapsed = asyncio.run(nap(turns))
        ratio = elapsed / plain
        print(f"{label}: {frames} frames", flush=True)
        print(f"  {elapsed:.2f} s, {ratio:.2f} times plain", file=sys.stderr)


if __name__ == "__main__":
    main()
