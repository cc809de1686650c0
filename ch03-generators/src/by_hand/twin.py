"""To run a coroutine is to resume it until it ends. Everything else is policy.

python3 ch03-generators/src/by_hand/twin.py
"""

import sys
from pathlib import Path
from types import coroutine

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from taxi.twin import taxi


async def outer():
    await middle()
    return "outer"


async def middle():
    await inner()


@coroutine
def inner():
    yield 7


@coroutine
def give(item):
    return (yield item)


async def times_ten():
    print("  primed")
    product = 0
    for _ in range(3):
        product = 10 * await give(product)
    return 10 * await give(product)


def depth(task):
    """Follows the chain of awaits, down to the body that yielded."""
    waits_for = getattr(task, "cr_await", None)
    return 1 + (depth(waits_for) if waits_for else 0)


def tell(what, resume, *args):
    try:
        print(f"  {what}: yielded {resume(*args)!r}")
    except StopIteration as stop:
        print(f"  {what}: returned {stop.value!r}")
    except RuntimeError as error:
        print(f"  {what}: raised {error}")


def main():
    print("a taxi's two trips")
    cab = taxi(13, 2, 0)
    event = next(cab)
    for minutes in 7, 23, 5, 48, 1:
        print(f"  {event}")
        event = cab.send(event.time + minutes)
    print(f"  {event}")
    tell("last send", cab.send, event.time + 10)
    tell("once more", cab.send, event.time)

    print("a value from below")
    deep = outer()
    tell("next", deep.send, None)
    print(f"  bodies: {depth(deep)}")
    tell("next", deep.send, None)
    tell("once more", deep.send, None)

    print("ten times")
    tens = times_ten()
    tell("next", tens.send, None)
    for number in 5, 6, 7, 8:
        tell(f"send {number}", tens.send, number)
    tell("once more", tens.send, 9)


if __name__ == "__main__":
    main()
