"""A body cannot be resumed while it runs.

The two threads hold a lock around each send. Without one, a thread that is
interrupted inside the generator makes the other's send a ValueError.

python3 ch03-generators/src/reentry/twin.py
"""

import threading
from inspect import getgeneratorstate


def printer():
    while True:
        text = yield
        print(text)


def ouroboros():
    yield 1
    try:
        print(f"  bit itself and got {next(me)}")
    except ValueError as error:
        print(f"  could not bite: {error}")
    yield 2
    yield from me


me = ouroboros()


def print_from_two_threads(each):
    lines, lock = printer(), threading.Lock()
    next(lines)
    count = 0

    def send(text):
        nonlocal count
        for i in range(1, each + 1):
            with lock:
                lines.send(f"[{text}] {i}")
                count += 1

    texts = "foo is nice", "bar is bad"
    threads = [threading.Thread(target=send, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count


def greeter():
    greeting, count = "who is there?", 0
    while True:
        name = yield greeting
        if name is None:
            return count
        count += 1
        greeting = f"{name} is number {count}"


def half_here_half_there():
    greetings = greeter()
    print(f"here: {next(greetings)}")
    print(f"here: {greetings.send('foo')}")
    said = []
    there = threading.Thread(target=lambda: said.append(greetings.send("bar")))
    there.start()
    there.join()
    print(f"from there: {said[0]}")
    try:
        next(greetings)
    except StopIteration as end:
        print(f"here: Returned({end.value})")


def main():
    try:
        for item in me:
            print(f"yielded {item}")
    except ValueError as error:
        print(f"raised: {error}")
    print(f"state: {getgeneratorstate(me)}")

    print(f"{print_from_two_threads(3)} texts arrived")

    half_here_half_there()


if __name__ == "__main__":
    main()
