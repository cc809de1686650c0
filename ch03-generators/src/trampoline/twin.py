"""Before `yield from` there was a loop with a stack: the trampoline.

python3 ch03-generators/src/trampoline/twin.py
"""

import time
from types import GeneratorType

PAUSE = None


def add(x, y):
    print(f"  adding {x} and {y}")
    yield x + y
    print("  never printed under the first loop")
    return x + y


def fail():
    raise RuntimeError("no answer")
    yield


def pause():
    yield PAUSE
    print("  back from the pause")
    return 1


def fall_back(routine):
    try:
        answer = yield routine
        if answer is None:
            raise RuntimeError("the call returned nothing")
    except RuntimeError as error:
        print(f"  caught: {error}")
        answer = -1
    return answer


def trampoline_broken(main):
    stack, sent = [main], None
    while stack:
        try:
            said = stack[-1].send(sent)
        except StopIteration as stop:
            stack.pop()
            sent = stop.value
            continue
        if isinstance(said, GeneratorType):
            stack.append(said)
            sent = None
        else:
            # A yield is a return, whatever is yielded.
            stack.pop()
            sent = said
    return sent


def trampoline(main):
    stack, sent, error = [main], None, None
    while stack:
        top = stack[-1]
        try:
            said = top.throw(error) if error else top.send(sent)
            sent, error = None, None
        except StopIteration as stop:
            stack.pop()
            sent, error = stop.value, None
            continue
        except Exception as raised:
            stack.pop()
            sent, error = None, raised
            continue
        if isinstance(said, GeneratorType):
            stack.append(said)
    if error:
        raise error
    return sent


def nested(depth):
    if depth == 0:
        return 3
    return 10 * (yield nested(depth - 1))


def nested_directly(depth):
    return 10 * nested_directly(depth - 1) if depth else 3


def nanoseconds(call):
    times = 20_000
    start = time.perf_counter_ns()
    for _ in range(times):
        call()
    return (time.perf_counter_ns() - start) // (3 * times)


def three_deep():
    print(f"three deep: {trampoline(nested(2))}")
    looped = nanoseconds(lambda: trampoline(nested(2)))
    direct = nanoseconds(lambda: nested_directly(2))
    print(f"a call through the loop: {looped} ns, directly: {direct} ns")


def main():
    calls = {"add": lambda: add(2, 2), "fail": fail, "pause": pause}
    for name, routine in calls.items():
        print(f"{name}, first loop:")
        try:
            print(f"{name}: {trampoline_broken(fall_back(routine()))}")
        except RuntimeError as error:
            print(f"{name}: all ended: {error}")
        print(f"{name}, second loop:")
        print(f"{name}: {trampoline(fall_back(routine()))}")
    three_deep()


if __name__ == "__main__":
    main()
