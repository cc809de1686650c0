"""A generator that delegates steps aside: caller and inner generator talk.

python3 ch03-generators/src/delegation/twin.py
"""

from itertools import count


def footrace():
    calls = "On your marks.", "Set.", "Go!"
    at = faults = 0
    while at < len(calls):
        if (yield calls[at]):
            at, faults = 0, faults + 1
        else:
            at += 1
    return faults


def race_broken():
    yield from ("2", "1")
    for call in footrace():
        yield call


def race():
    yield from ("2", "1")
    faults = yield from footrace()
    yield f"Race started after {faults} faults."


def race_forgotten_broken():
    yield from ("2", "1")
    footrace()


def race_primed_broken():
    yield from ("2", "1")
    started = footrace()
    next(started)
    yield from started


def watch(race):
    heard = []
    for turn in count(1):
        try:
            heard.append(race.send("fault" if turn == 4 else None))
        except StopIteration:
            return heard


def listener():
    while True:
        try:
            sent = yield "listening"
            print(f"  inner: was sent {sent}")
        except GeneratorExit:
            print("  inner: closed")
            raise
        except RuntimeError as error:
            print(f"  inner: caught {error}")


def by_delegate():
    try:
        yield from listener()
    finally:
        print("  outer: leaves")


def by_loop_broken():
    for item in listener():
        sent = yield item
        print(f"  outer: was sent {sent}, and drops it")


def drive(outer):
    print(f"next: {next(outer)}")
    print(f"send 42: {outer.send(42)}")
    try:
        print(f"throw: {outer.throw(RuntimeError('Bu!'))}")
    except RuntimeError as error:
        print(f"throw: raised {error}")
    print(f"close: {outer.close()}")


LIMIT = 1_000_000


def step(n):
    yield n


def count_up():
    for n in count(1):
        yield from step(n)


def count_forgotten_broken():
    for n in count(1):
        step(n)
        if n == LIMIT:
            raise RuntimeError(f"no item in {LIMIT} rounds")
    yield  # never reached; it makes this function a generator


def helpers(body):
    try:
        for _ in range(3):
            print(f"  {next(body)}")
    except RuntimeError as error:
        print(f"  {error}")


def main():
    print(f"loop      {watch(race_broken())}")
    print(f"delegate  {watch(race())}")
    print(f"forgotten {watch(race_forgotten_broken())}")
    print(f"primed    {watch(race_primed_broken())}")
    print("through delegate")
    drive(by_delegate())
    print("through a loop")
    drive(by_loop_broken())
    print("helper awaited")
    helpers(count_up())
    print("helper forgotten")
    helpers(count_forgotten_broken())


if __name__ == "__main__":
    main()
