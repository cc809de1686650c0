"""A busy main thread does not stop the spinner, GIL or not.

python3 ch01-threads/src/busy/twin.py
python3 ch01-threads/src/busy/twin.py --prime
"""

import math
import sys
import threading
import time

PRIME = 1_000_000_000_039


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    return all(n % i for i in range(3, math.isqrt(n) + 1, 2))


def compute_until(frames):
    drawn, computing = 0, True

    def spin():
        nonlocal drawn
        while computing:
            time.sleep(0.02)
            drawn += 1

    threading.Thread(target=spin).start()
    tests = 0
    # The interpreter makes this loop give way every 5 ms.
    while drawn < frames:
        assert is_prime(PRIME)
        tests += 1
    computing = False
    return tests


def test_beside_spinner(n):
    frames, done = 0, threading.Event()

    def spin():
        nonlocal frames
        while not done.wait(0.1):
            frames += 1

    spinner = threading.Thread(target=spin)
    spinner.start()
    prime = is_prime(n)
    done.set()
    spinner.join()
    return prime, frames


def main_prime():
    n, start = 5_000_111_000_222_021, time.perf_counter()
    prime, frames = test_beside_spinner(n)
    seconds = time.perf_counter() - start
    print(f"{n} is prime: {prime}")
    print(f"{frames} frames in {seconds * 1e3:.0f} ms")
    print(f"frames per second: {frames / seconds:.1f}")


if "--prime" in sys.argv:
    main_prime()
else:
    print(f"{compute_until(5)} prime tests meanwhile", file=sys.stderr)
    print("frames drawn while main computed: 5")
