"""A generator with one yield is a `with` block.

python3 ch03-generators/src/context_manager/twin.py
"""

from contextlib import contextmanager


class Mirror:
    reversed = False

    def print(self, text):
        print(text[::-1] if self.reversed else text)


@contextmanager
def looking_glass_broken(mirror):
    mirror.reversed = True
    yield "JABBERWOCKY"
    mirror.reversed = False


@contextmanager
def looking_glass(mirror):
    mirror.reversed = True
    said = None
    try:
        yield "JABBERWOCKY"
    except ZeroDivisionError:
        said = "please mind: divided by zero"
    finally:
        mirror.reversed = False
        if said:
            mirror.print(said)


def main():
    mirror = Mirror()
    with looking_glass(mirror) as word:
        mirror.print("Alice, Kitty and Snowdrop")
        mirror.print(word)
    mirror.print("back to normal: done")

    with looking_glass(mirror):
        1 / 0
    mirror.print("swallowed: nothing raised")

    try:
        with looking_glass_broken(mirror):
            1 / 0
    except ZeroDivisionError:
        mirror.print("not back to normal: raised")


if __name__ == "__main__":
    main()
