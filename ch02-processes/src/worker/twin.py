"""A worker has its parent's memory, or not: that is the start method.

python3 ch02-processes/src/worker/twin.py
"""

import multiprocessing

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


def main():
    global limit
    limit = 42
    print(f"parent: limit {limit}")
    # A copy of the parent as it is.
    print(f"a forked worker: limit {ask('fork')}")
    # A new interpreter that imports this file, and not as `__main__`.
    print(f"a spawned worker: limit {ask('spawn')}")


if __name__ == "__main__":
    main()
