"""A ProcessPoolExecutor: what a job of it costs, and how fast it is.

python3 ch02-processes/benches/executor.py jobs 2 20000
python3 ch02-processes/benches/executor.py primes 2 24
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor


def add_one(n):
    return n + 1


def is_prime(n):
    return all(n % i for i in range(3, int(n**0.5) + 1, 2))


def main():
    kind, workers, jobs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with ProcessPoolExecutor(workers) as pool:
        if kind == "jobs":
            for _ in pool.map(add_one, range(jobs)):
                pass
        else:
            # The workers are all there before the time begins.
            list(pool.map(is_prime, [9] * 32))
            started = time.perf_counter()
            list(pool.map(is_prime, [1_000_036_000_099] * jobs))
            print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
