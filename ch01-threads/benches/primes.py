"""Times the twin's primes in one way, and prints the seconds.

python3 ch01-threads/benches/primes.py sequential|threads|processes WORKERS TIMES
"""

import pathlib
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

# This file has the section's name, and must not find itself.
sys.path[0] = str(pathlib.Path(__file__).parents[1] / "src")
from primes.twin import NUMBERS, is_prime


def main():
    mode, workers, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    numbers = NUMBERS * times
    start = time.perf_counter()
    if mode == "sequential":
        answers = list(map(is_prime, numbers))
    else:
        pools = {"threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}
        with pools[mode](workers) as executor:
            answers = list(executor.map(is_prime, numbers))
    assert sum(answers) == 9 * times, answers
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main()
