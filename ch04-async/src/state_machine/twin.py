"""A coroutine keeps its variables in a frame, which can be looked at.

python3 ch04-async/src/state_machine/twin.py
"""

import inspect
import types


@types.coroutine
def promise(slot):
    while not slot:
        yield
    return slot[0]


async def total(first, second):
    first = await promise(first)
    second = await promise(second)
    return first + second


def main():
    first, second = [], []
    coro = total(first, second)
    print("made:", inspect.getcoroutinestate(coro))

    def step(what):
        try:
            coro.send(None)
            seen = coro.cr_frame.f_locals["first"]
            waits = "for the first" if seen is first else "for the second"
            print(f"{what}: {inspect.getcoroutinestate(coro)}, waits {waits}")
        except StopIteration as end:
            state = inspect.getcoroutinestate(coro)
            print(f"{what}: {state}, result {end.value}")

    step("send 1")
    second.append(2)
    step("second set, send 2")
    first.append(40)
    step("first set, send 3")


if __name__ == "__main__":
    main()
