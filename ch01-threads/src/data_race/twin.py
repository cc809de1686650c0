"""A data race runs, and loses updates when the interpreter switches inside.

python3 ch01-threads/src/data_race/twin.py
"""

import sys
import threading

THREADS = 4
TIMES = 200_000


def identity(n):
    return n


class Counter:
    value = 0

    def add(self):
        self.value += 1

    def add_with_call(self):
        # A call is a place where CPython may switch threads: here it stands
        # between the load and the store.
        self.value = identity(self.value) + 1


def count(name):
    counter = Counter()
    add = getattr(counter, name)

    def work():
        for _ in range(TIMES):
            add()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = THREADS * TIMES
    lost = everything - counter.value
    print(f"{name}: {counter.value} of {everything}, lost {lost}")


# The default of 5 ms would lose fewer updates, but still some.
sys.setswitchinterval(1e-6)
count("add")
count("add_with_call")
