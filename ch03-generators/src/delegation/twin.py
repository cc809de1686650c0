"""Whoever delegates steps aside: caller and inner generator talk directly.

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


def main():
    print(f"loop      {watch(race_broken())}")
    print(f"delegate  {watch(race())}")
    print(f"forgotten {watch(race_forgotten_broken())}")
    print(f"primed    {watch(race_primed_broken())}")


if __name__ == "__main__":
    main()
