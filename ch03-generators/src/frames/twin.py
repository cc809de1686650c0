"""CPython passes each resume through every generator that delegates.

How deep, its recursion limit says: every level is a frame of the interpreter.

python3 ch03-generators/src/frames/twin.py
"""

import sys


def dive(depth):
    if depth == 0:
        while True:
            yield depth
    else:
        yield from dive(depth - 1)


def resumed(generator):
    """Counts the generators that the interpreter enters for one `next`."""
    entered = 0

    def profile(frame, event, arg):
        nonlocal entered
        entered += event == "call" and frame.f_code is dive.__code__

    sys.setprofile(profile)
    next(generator)
    sys.setprofile(None)
    return entered


def main():
    print("generators entered for one resume:")
    for depth in 0, 1, 10, 100:
        numbers = dive(depth)
        next(numbers)
        print(f"depth {depth}: yield from {resumed(numbers)}")

    sys.setrecursionlimit(1000)
    try:
        print(f"depth 10000: {next(dive(10_000))}")
    except RecursionError as error:
        print(f"depth 10000: {str(error).split(' while')[0]}")


if __name__ == "__main__":
    main()
