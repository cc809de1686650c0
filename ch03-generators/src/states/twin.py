"""A generator is created, running, suspended or closed.

python3 ch03-generators/src/states/twin.py
"""

from collections.abc import Generator
from inspect import getgeneratorstate

NAMES = {
    "GEN_CREATED": "Created",
    "GEN_RUNNING": "Running",
    "GEN_SUSPENDED": "Suspended",
    "GEN_CLOSED": "Finished",
}


def state(generator):
    return NAMES[getgeneratorstate(generator)]


def doubler() -> Generator[int, int | None, int]:
    count, item = 0, 0
    while (n := (yield item)) is not None:
        item = 2 * n
        count += 1
    return count


def doubler_in(name):
    generator = doubler()
    if name != "Created":
        next(generator)
    if name == "Finished":
        generator.close()
    return generator


def tell(name, where, how):
    generator = doubler_in(where)
    try:
        item = how(generator)
        came = "closed" if name == "close" else f"yielded {item}"
    except StopIteration as stop:
        came = f"returned {stop.value}"
    except Exception as error:
        came = f"raised {error}"
    print(f"{where} {name}: {came}; {state(generator)}")


def main():
    for where in "Created", "Suspended", "Finished":
        tell("next", where, next)
        tell("send", where, lambda g: g.send(21))
        tell("throw", where, lambda g: g.throw(Exception("oops")))
        tell("close", where, lambda g: g.close())

    def narcissus():
        print(f"seen from inside: {state(me)}")
        return
        yield

    me = narcissus()
    list(me)


if __name__ == "__main__":
    main()
