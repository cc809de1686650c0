"""A suspended function is a value: the place where it stopped, and its locals.

python3 ch03-generators/src/suspended_function/twin.py
"""


def countdown(n):
    while n > 0:
        yield n
        n -= 1


def shown(generator):
    frame = generator.gi_frame
    if frame is None:
        return "no frame"
    line = frame.f_lineno - frame.f_code.co_firstlineno
    return f"line {line}, {frame.f_locals}"


def by_hand():
    frame = countdown(2)
    print(f"called          {shown(frame)}")
    for _ in range(3):
        item = next(frame, None)
        print(f"next: {item!s:<9} {shown(frame)}")


def send(body):
    try:
        body.send(None)
        print("send: waits")
    except StopIteration as end:
        print(f"send: ended with {end.value}")


async def never_waits():
    print("  the body runs")
    return 42


def poll_once():
    body = never_waits()
    print("called: nothing has run")
    send(body)


class Pause:
    def __await__(self):
        yield


async def waits_once():
    print("  before the pause")
    await Pause()
    print("  after the pause")


def poll_twice():
    body = waits_once()
    send(body)
    send(body)


def iterate():
    for n in countdown(2):
        print(f"got {n}")


def main():
    print("1. by hand")
    by_hand()
    print("2. an async def")
    poll_once()
    print("3. one that waits")
    poll_twice()
    print("4. one that yields")
    iterate()


if __name__ == "__main__":
    main()
