"""A pipeline that pushes: the source calls, and each stage calls the next.

python3 ch03-generators/src/push/twin.py
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


def coroutine(body):
    def start(*args):
        generator = body(*args)
        next(generator)
        return generator

    return start


def push(lines, target):
    for line in lines:
        target.send(line)
    target.close()


@coroutine
def grep(pattern, target):
    try:
        while True:
            line = yield
            if pattern in line:
                target.send(line)
    except GeneratorExit:
        target.close()
        raise


@coroutine
def broadcast(targets):
    try:
        while True:
            line = yield
            for target in targets:
                target.send(line)
    except GeneratorExit:
        for target in targets:
            target.close()
        raise


@coroutine
def printer(name):
    count = 0
    try:
        while True:
            line = yield
            print(f"  [{name}] {line}")
            count += 1
    except GeneratorExit:
        print(f"  [{name}] closed after {count}")


@coroutine
def back(start):
    while True:
        line = yield
        start().send(line)


def main():
    lines = [*islice(log_lines(17), 6), "ply and python"]
    patterns = "python", "ply"

    print("one filter")
    push(lines, grep("python", printer("python")))

    print("fan out")
    push(lines, broadcast([grep(p, printer(p)) for p in patterns]))

    print("fan in")
    sink = printer("shared")
    push(lines, broadcast([grep(p, sink) for p in patterns]))

    print("ring")
    first = grep("", back(lambda: first))
    try:
        first.send("round and round")
        print("  no error")
    except ValueError as error:
        print(f"  {error}")


if __name__ == "__main__":
    main()
