"""An iterator is an object with a method that gives the next item.

python3 ch03-generators/src/countdown/twin.py
"""


class Countdown:
    def __init__(self, start):
        self.current = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.current == 0:
            raise StopIteration
        item = self.current
        self.current -= 1
        return item


def main():
    for n in Countdown(3):
        print(f"for: {n}")

    by_hand = Countdown(1)
    print(f"next: {next(by_hand)}")
    for label in "next", "next, past the end":
        try:
            next(by_hand)
        except StopIteration:
            print(f"{label}: StopIteration")


if __name__ == "__main__":
    main()
