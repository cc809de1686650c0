"""An object can do what a coroutine does.

python3 ch03-generators/src/object/twin.py
"""

from itertools import islice

TOPICS = "index", "python", "ply", "swig", "café", "news"


def dice(seed):
    """Throws the same numbers as the Rust program does."""

    def below(n):
        nonlocal seed
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        return (seed >> 33) % n

    return below


def log_lines(seed):
    below = dice(seed)
    while True:
        host, topic = below(256), TOPICS[below(len(TOPICS))]
        yield f'10.0.0.{host} "GET /{topic}.html" 200 {below(10_000)}'


def grep(pattern, found):
    while True:
        line = yield
        while pattern in line:
            found(line)
            found((yield))
            line = yield


class Grep:
    def __init__(self, pattern, found):
        self.pattern = pattern
        self.found = found
        self.after_a_match = False

    def send(self, line):
        if self.after_a_match:
            self.found(line)
            self.after_a_match = False
        elif self.pattern in line:
            self.found(line)
            self.after_a_match = True


def show(line):
    print(f"  {line}")


def main():
    lines = list(islice(log_lines(5), 12))

    print("coroutine")
    filter = grep("python", show)
    next(filter)
    for line in lines:
        filter.send(line)
    filter.close()

    print("object")
    filter = Grep("python", show)
    for line in lines:
        filter.send(line)


if __name__ == "__main__":
    main()
