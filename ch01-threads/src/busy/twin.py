"""A busy main thread does not stop the spinner, GIL or not.

python3 ch01-threads/src/busy/twin.py
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


print(f"{compute_until(5)} prime tests meanwhile", file=sys.stderr)
print("frames drawn while main computed: 5")
