"""The chapter's core once more: five small programs to predict.

python3 ch03-generators/src/generators_recap/twin.py
"""

import sys
from itertools import islice
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from scheduler.twin import UntilAllEnd, say_times


def double(n):
    print(f"doubling {n}")
    return 2 * n


def lazily():
    doubled = (double(n) for n in [1, 2, 3])
    print("made")
    print(list(islice(doubled, 2)))


def total():
    total = 0
    while True:
        sent = yield total
        total += 100 if sent is None else sent


def sent():
    totals = total()
    print(next(totals))
    print(totals.send(5))
    print(next(totals))
    print(totals.send(1))


def guarded():
    try:
        try:
            yield 1
        except GeneratorExit:
            print("asked to end")
        print("last line")
    finally:
        print("the bell rings")


def closed():
    generator = guarded()
    print(next(generator))
    print("closing")
    generator.close()
    print("closed: True")


def inner():
    yield "a"
    yield "b"
    return 2


def outer():
    count = yield from inner()
    print(f"inner returned {count}")
    yield "c"


def delegated():
    for letter in outer():
        print(letter)


def scheduled():
    scheduler = UntilAllEnd()
    for name, turns in ("foo", 1), ("bar", 3), ("baz", 2):
        scheduler.spawn(say_times(name, turns))
    scheduler.run()


def main():
    questions = lazily, sent, closed, delegated, scheduled
    for number, question in enumerate(questions, 1):
        print(f"question {number}")
        question()


if __name__ == "__main__":
    main()
