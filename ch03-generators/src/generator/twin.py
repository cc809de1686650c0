"""A generator function is a function that waits in the middle.

python3 ch03-generators/src/generator/twin.py
"""

import sys
from itertools import islice, takewhile


def countdown(start):
    print(f"  counting down from {start}")
    for n in range(start, 0, -1):
        yield n
    print("  done counting down")


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


class FibonacciByHand:
    def __init__(self):
        self.a, self.b = 0, 1

    def __iter__(self):
        return self

    def __next__(self):
        item = self.a
        self.a, self.b = self.b, self.a + self.b
        return item


def main():
    numbers = countdown(2)
    print("called: nothing has run")
    for _ in range(4):
        try:
            print(f"next: {next(numbers)}")
        except StopIteration:
            print("next: StopIteration")

    print(list(islice(fibonacci(), 15)))

    both = zip(fibonacci(), FibonacciByHand())
    equal = takewhile(lambda pair: pair[0] == pair[1], both)
    same = list(takewhile(lambda n: n < 10**11, (n for n, _ in equal)))
    print(f"{len(same)} equal by hand, the last {same[-1]}")

    print(f"{sys.getsizeof(countdown(2))} bytes by the interpreter")


if __name__ == "__main__":
    main()
