"""A pool of worker processes, with ordered results or as they arrive.

python3 ch02-processes/src/primes/twin.py
python3 ch02-processes/src/primes/twin.py --ordered
python3 ch02-processes/src/primes/twin.py --times
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from math import isqrt

# The Rust side has three larger ones: Python would take a minute.
NUMBERS = [
    1_000_036_000_099,
    999_999_999_989,
    1_000_000_007,
    75_000_027,
    1_000_003,
    9_409,
    2,
    1,
]


# The first is quick, the second takes longest.
WAITING = [9_999_999_999_999, 1_000_036_000_099, 1_000_000_007, 1_000_003, 2]


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    return all(n % i for i in range(3, isqrt(n) + 1, 2))


def show(n, prime):
    print(f"{n:>16}  {'P' if prime else ''}")


def times():
    with ProcessPoolExecutor(2) as pool:
        # The workers have started before the time begins.
        list(pool.map(is_prime, range(32)))
        print("in order")
        started = time.perf_counter()
        for n, _ in zip(WAITING, pool.map(is_prime, WAITING)):
            show_time(started, n)
        print("as they come")
        started = time.perf_counter()
        jobs = {pool.submit(is_prime, n): n for n in WAITING}
        for job in as_completed(jobs):
            show_time(started, jobs[job])


def show_time(started, n):
    ms = (time.perf_counter() - started) * 1000
    print(f"{n:>16}  after {ms:.0f} ms")


def main():
    if "--times" in sys.argv:
        return times()
    with ProcessPoolExecutor() as pool:
        if "--ordered" in sys.argv:
            for n, prime in zip(NUMBERS, pool.map(is_prime, NUMBERS)):
                show(n, prime)
        else:
            jobs = {pool.submit(is_prime, n): n for n in NUMBERS}
            for job in as_completed(jobs):
                show(jobs[job], job.result())


if __name__ == "__main__":
    main()
