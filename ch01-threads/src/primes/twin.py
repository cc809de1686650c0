"""CPU-bound threads gain nothing: one thread at a time has the GIL.

python3 ch01-threads/src/primes/twin.py
"""

import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor

NUMBERS = [
    0,
    1,
    2,
    4,
    9,
    100_003,
    1_000_000_007,
    10_000_600_009,
    100_000_000_003,
    1_000_000_000_039,
    1_000_006_000_009,
    2_000_009_000_009,
    3_000_000_000_013,
    3_000_000_000_117,
    3_000_018_500_021,
    4_000_012_000_009,
    6_000_000_000_023,
    8_000_000_000_009,
    9_999_999_999_999,
    10_000_000_000_037,
]


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    return all(n % i for i in range(3, math.isqrt(n) + 1, 2))


def timed(work):
    start = time.perf_counter()
    answers = list(work())
    return answers, time.perf_counter() - start


def main():
    first, alone = timed(lambda: map(is_prime, NUMBERS))
    for n, prime in zip(NUMBERS, first):
        print(f"{n:16}{'  P' if prime else ''}")
    with ThreadPoolExecutor(2) as executor:
        second, took = timed(lambda: executor.map(is_prime, NUMBERS))
    print(f"threads: the same answers: {first == second}")
    print(f"threads: {alone / took:.2f} times as fast", file=sys.stderr)


if __name__ == "__main__":
    main()
