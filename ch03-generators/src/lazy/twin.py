"""Calling runs nothing; asking for an item runs what it takes to make it.

python3 ch03-generators/src/lazy/twin.py
"""

from itertools import count, islice


class Text:
    def __init__(self, text):
        self.text = text

    def __iter__(self):
        yield from self.text.split()


def below(numbers, limit):
    for n in numbers:
        print(f"  {n} < {limit}?")
        if n < limit:
            yield n


def hundred_over(numbers):
    return (100 // n for n in numbers)


def progression(start, step):
    return (start + step * i for i in count())


def main():
    text = Text("one text two loops")
    for a, b in zip(text, islice(text, 2, None)):
        print(f"words: {a}, {b}")

    print("calling")
    small = below(below([25, 1, 30], 30), 20)
    print("asking")
    for n in small:
        print(f"got {n}")

    print("dividing")
    try:
        quotients = hundred_over([5, 0, 4])
    except ZeroDivisionError:
        print("never printed: the division is yet to come")
    print("no error yet")
    try:
        for quotient in quotients:
            print(f"quotient {quotient}")
    except ZeroDivisionError:
        print("division by zero, and that was the end of it")

    summed = 0.0
    for i, exact in enumerate(progression(0.0, 0.1)):
        if abs(summed - exact) > 1e-10:
            print(f"drift above 1e-10 at {i}")
            break
        summed += 0.1


if __name__ == "__main__":
    main()
