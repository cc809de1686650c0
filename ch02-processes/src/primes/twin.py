"""A pool of worker processes, with ordered results or as they come.

python3 ch02-processes/src/primes/twin.py
python3 ch02-processes/src/primes/twin.py --ordered
"""

import sys
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


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    return all(n % i for i in range(3, isqrt(n) + 1, 2))


def show(n, prime):
    print(f"{n:>16}  {'P' if prime else ''}")


def main():
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
