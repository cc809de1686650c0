"""An executor: a queue, and threads that take one job after another from it.

python3 ch01-threads/src/thread_pool/twin.py
python3 ch01-threads/src/thread_pool/twin.py --map
"""

import queue
import sys
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor


def outcome(future):
    try:
        return future.result()
    except (ZeroDivisionError, CancelledError) as error:
        return type(error).__name__


def following(results):
    try:
        return next(results)
    except (ZeroDivisionError, StopIteration) as error:
        return type(error).__name__


def main_map():
    with ThreadPoolExecutor(3) as executor:
        results = executor.map(lambda n: 10 // n, (5, 0, 2))
        print([following(results) for _ in range(3)])


def main():
    told = queue.Queue()

    def other(n):
        print(f"[job {n}] runs\n", end="", flush=True)
        told.put(n)
        return n * 10

    with ThreadPoolExecutor(3) as executor:
        # Job 0 ends last, because it waits for the four others.
        first = executor.submit(lambda: len([told.get() for _ in range(4)]))
        others = executor.map(other, range(1, 5))
        print(f"job 0 has waited for {first.result()}", flush=True)
        print(f"in order: {list(others)}")

        futures = [executor.submit(lambda n=n: 10 // n) for n in (5, 0, 2)]
        print(f"one error of three: {[outcome(f) for f in futures]}")

    executor = ThreadPoolExecutor(1)
    running, gate = threading.Event(), threading.Event()

    def wait():
        running.set()
        return gate.wait()

    busy = executor.submit(wait)
    running.wait()
    queued = [executor.submit(print, "never") for _ in range(3)]
    queued[-1].add_done_callback(lambda _: gate.set())
    executor.shutdown(cancel_futures=True)
    print(f"shut down, job 0: {outcome(busy)}")
    print(f"shut down, jobs 1 to 3: {[outcome(f) for f in queued]}")


main_map() if "--map" in sys.argv else main()
