"""A generator returns a value once, inside of StopIteration.

python3 ch03-generators/src/returns/twin.py
"""

from typing import NamedTuple, Optional


class Summary(NamedTuple):
    count: int
    average: Optional[float]


def averager():
    total, count = 0.0, 0
    while (text := (yield)) is not None:
        total += float(text)
        count += 1
    return Summary(count, total / count if count else None)


def pairs(source):
    while True:
        try:
            one = next(source)
        except StopIteration:
            return
        # Before PEP 479, a StopIteration from here ended `pairs` as well.
        yield one + next(source)


def average(texts):
    coroutine = averager()
    next(coroutine)
    for text in texts:
        coroutine.send(text)
    try:
        next(coroutine)
    except StopIteration as stop:
        return stop.value


def main():
    for texts in ["10", "30", "6.5"], [], ["10", "spam"]:
        try:
            print(f"returned {average(texts)}")
        except ValueError as error:
            print(f"raised: {error}")

    closed = averager()
    next(closed)
    print(f"closed: {closed.close()}")

    for n in 4, 3:
        try:
            for total in pairs(iter(range(1, n + 1))):
                print(f"pair: {total}")
        except RuntimeError as error:
            print(f"raised: {error}")
        print(f"pairs up to {n}: done")


if __name__ == "__main__":
    main()
