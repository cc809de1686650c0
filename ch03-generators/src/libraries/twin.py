"""Most generators at work are an expression, or a few lines.

python3 ch03-generators/src/libraries/twin.py
"""

import queue
import sys
import threading
from itertools import accumulate, repeat, takewhile


def step(n):
    if n <= 1:
        return 0
    return n // 2 if n % 2 == 0 else 3 * n + 1


def by_accumulate(start):
    """Names what comes after what, as Rust's successors does."""
    return takewhile(bool, accumulate(repeat(start), lambda n, _: step(n)))


def by_closure(start):
    """Calls a function until it returns 0, as Rust's from_fn does for None."""
    n = 0

    def following():
        nonlocal n
        n = step(n) if n else start
        return n

    return iter(following, 0)


def by_body(n):
    while n:
        yield n
        n = step(n)


def by_thread(start):
    lines = queue.Queue(1)

    def run():
        for n in [*by_body(start), 0]:
            lines.put(n)

    thread = threading.Thread(target=run)
    thread.start()
    yield from iter(lines.get, 0)
    thread.join()


def show(name, items):
    print(f"{name:11} {sys.getsizeof(items)} bytes  {list(items)}")


def main():
    show("accumulate", by_accumulate(6))
    show("iter", by_closure(6))
    show("generator", by_body(6))
    show("thread", by_thread(6))


if __name__ == "__main__":
    main()
