"""A cache is not a lock: two threads that ask first compute twice.

python3 ch01-threads/src/once/twin.py
"""

import functools
import threading

calls = []
both_inside = threading.Barrier(2)


@functools.cache
def answer():
    calls.append(1)
    # The second thread begins here while the first computes.
    both_inside.wait()
    return 42


threads = [threading.Thread(target=answer) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"two threads, calls: {len(calls)}")
