"""Start methods: does a worker get a copy of its parent's memory?

python3 ch02-processes/src/worker/twin.py
python3 ch02-processes/src/worker/twin.py --times
"""

import multiprocessing
import statistics
import sys
import time

limit = 1


def child(results):
    results.put(limit)


def ask(method):
    context = multiprocessing.get_context(method)
    results = context.SimpleQueue()
    worker = context.Process(target=child, args=(results,))
    worker.start()
    answer = results.get()
    worker.join()
    return answer


def times():
    for method in ["fork", "forkserver", "spawn"]:
        # The first start also starts the server of `forkserver`.
        ask(method)
        took = []
        for _ in range(5):
            started = time.perf_counter()
            ask(method)
            took.append(time.perf_counter() - started)
        print(f"{method}: {statistics.median(took) * 1e6:.0f} us")


def main():
    if "--times" in sys.argv:
        return times()
    global limit
    limit = 42
    print(f"parent: limit {limit}")
    # A copy of the parent as it is.
    print(f"a forked worker: limit {ask('fork')}")
    # A copy of a server, which was started before the assignment counted.
    print(f"a worker of the fork server: limit {ask('forkserver')}")
    # A new interpreter that imports this file, and not as `__main__`.
    print(f"a spawned worker: limit {ask('spawn')}")


if __name__ == "__main__":
    main()
