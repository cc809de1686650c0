"""A lost update, made certain by a barrier between load and store.

python3 ch01-threads/src/lost_update/twin.py
"""

import threading

THREADS = 8


def run(work):
    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def count_broken():
    counter = 0
    all_loaded = threading.Barrier(THREADS)

    def work():
        nonlocal counter
        seen = counter
        all_loaded.wait()
        counter = seen + 1

    run(work)
    return counter


def count(times):
    counter = 0
    lock = threading.Lock()

    def work():
        nonlocal counter
        for _ in range(times):
            # Python has no atomic integer: a lock makes it one step.
            with lock:
                counter += 1

    run(work)
    return counter


counted = count_broken()
print(f"load, store: {counted} of {THREADS}, lost {THREADS - counted}")
everything, counted = THREADS * 10_000, count(10_000)
print(f"lock: {counted} of {everything}, lost {everything - counted}")
