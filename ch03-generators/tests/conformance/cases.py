"""CPython's generators under the scripts of the conformance test.

Prints what each case says, in the format of traces.txt. Cases and helpers have
the names that they have in main.rs.

python3 ch03-generators/tests/conformance/cases.py
"""

from inspect import GEN_CLOSED, getgeneratorstate
from types import GeneratorType


class Oops(Exception):
    """What a caller throws, or a body raises, as an ordinary error."""


class Base(BaseException):
    """An error that `except Exception` does not catch."""


CASES = []
said = []


def case(function):
    CASES.append(function)
    return function


def say(text):
    said.append(text)


def told(error):
    """Names an error as both languages can."""
    text = str(error)
    if isinstance(error, GeneratorExit):
        return "exit"
    if "raised StopIteration" in text:
        return "stop inside"
    if "already executing" in text:
        return "already executing"
    if "ignored GeneratorExit" in text:
        return "ignored exit"
    if "object has no attribute 'send'" in text:
        return "cannot send"
    return text


def describe(value):
    if value is None:
        return "nothing"
    return "an error object" if isinstance(value, Oops) else str(value)


def resume(g, how, *args):
    over = isinstance(g, GeneratorType) and getgeneratorstate(g) == GEN_CLOSED
    try:
        say(f"yielded {describe(how(*args))}")
    except StopIteration as stop:
        say("finished" if over else f"returned {describe(stop.value)}")
    except BaseException as error:
        say(f"raised {told(error)}")


def step(g):
    resume(g, next, g)


def send(g, value):
    resume(g, g.send, value)


def throw(g, error):
    resume(g, g.throw, error)


def close(g):
    try:
        g.close()
        say("closed")
    except BaseException as error:
        say(f"close raised {told(error)}")


def exhaust(g):
    """Goes on with nothing sent until it ends."""
    while getgeneratorstate(g) != GEN_CLOSED:
        step(g)


# ---- Delegation.


@case
def delegation_of_initial_next_to_subgenerator():
    def g1():
        say("start g1")
        yield from g2()
        say("finish g1")

    def g2():
        say("start g2")
        yield 42
        say("finish g2")

    exhaust(g1())


def around(body, name="g1"):
    """Runs a body, and says when it is left, however it is left."""
    try:
        say(f"start {name}")
        return (yield from body())
    finally:
        say(f"finish {name}")


@case
def raising_exception_in_initial_next_call():
    def g2():
        say("start g2")
        try:
            raise Oops("g2 failed")
            yield
        finally:
            say("finish g2")

    exhaust(around(g2))


@case
def delegation_of_next_call_to_subgenerator():
    def g2():
        say("start g2")
        yield 1
        yield 2
        say("finish g2")

    def g1():
        yield 0
        yield from g2()
        yield 3

    exhaust(around(g1))


@case
def raising_exception_in_delegated_next_call():
    def g2():
        try:
            yield 1
            raise Oops("g2 failed")
        finally:
            say("finish g2")

    def g1():
        yield 0
        yield from g2()
        say("unreachable")

    exhaust(around(g1))


@case
def delegation_of_send():
    def g2():
        for item in 1, 2:
            value = yield item
            say(f"g2 got {describe(value)}")

    def g1():
        value = yield 0
        say(f"g1 got {describe(value)}")
        yield from g2()
        value = yield 3
        say(f"g1 got {describe(value)}")

    g = g1()
    step(g)
    for value in 10, 11, 12, 13:
        send(g, value)


@case
def handling_exception_while_delegating_send():
    def g2():
        value = yield 1
        say(f"g2 got {describe(value)}")
        raise Oops("g2 failed")

    def g1():
        yield from g2()
        say("unreachable")

    g = around(g1)
    step(g)
    send(g, 10)
    send(g, 11)


@case
def delegating_close():
    def g2():
        try:
            yield 1
            say("unreachable")
        finally:
            say("finish g2")

    g = around(g2)
    step(g)
    close(g)
    step(g)


@case
def handing_exception_while_delegating_close():
    def g2():
        try:
            yield 1
        finally:
            say("finish g2")
            raise Oops("g2 failed")

    g = around(g2)
    step(g)
    close(g)
    step(g)


@case
def delegating_throw():
    def g2():
        try:
            yield 1
            say("unreachable")
        finally:
            say("finish g2")

    g = around(g2)
    step(g)
    throw(g, Oops("thrown"))
    step(g)


@case
def delegation_of_next_to_non_generator():
    def g1():
        yield from range(3)

    exhaust(g1())


@case
def conversion_of_sendNone_to_next():
    def g1():
        yield from range(3)

    g = g1()
    for _ in range(4):
        send(g, None)


@case
def delegation_of_close_to_non_generator():
    g = around(lambda: iter(range(3)))
    step(g)
    close(g)


@case
def delegating_throw_to_non_generator():
    g = around(lambda: iter(range(3)))
    step(g)
    throw(g, Oops("thrown"))
    step(g)


@case
def attempting_to_send_to_non_generator():
    g = around(lambda: iter(range(3)))
    step(g)
    send(g, 42)
    step(g)


class Failing:
    """Fails in its first step."""

    def __iter__(self):
        return self

    def __next__(self):
        raise Oops("first step failed")


@case
def exception_in_initial_next_call():
    def g1():
        yield from Failing()
        say("unreachable")

    exhaust(around(g1))


@case
def yield_from_empty():
    def g1():
        yield from ()

    exhaust(g1())


@case
def custom_iterator_return():
    class Custom:
        def __iter__(self):
            return self

        def __next__(self):
            raise StopIteration(42)

    def g1():
        value = yield from Custom()
        say(f"g1 got {value}")

    exhaust(g1())


@case
def send_tuple_with_custom_generator():
    class Custom:
        def __iter__(self):
            return self

        def __next__(self):
            return 1

        def send(self, value):
            say(f"custom got {value}")
            return 2

    def g1():
        yield from Custom()

    g = g1()
    step(g)
    send(g, (1, 2, 3))


@case
def throws_in_iter():
    class Unopenable:
        def __iter__(self):
            raise Oops("cannot open")

    def g1():
        yield from Unopenable()
        say("unreachable")

    exhaust(around(g1))


# ---- Return values.


@case
def value_attribute_of_StopIteration_exception():
    def g1(value):
        return value
        yield

    for value in None, 5:
        g = g1(value)
        step(g)
        step(g)


@case
def exception_value_crash():
    class Owned:
        def __del__(self):
            say("dropped")

    def g2():
        yield 1
        return [Owned()]

    def g1():
        yield from g2()
        say("after g2")

    exhaust(g1())


FOUR = None, 1, (1, 2), Oops("returned")


@case
def generator_return_value():
    def g2(value):
        yield 1
        return value

    def g1(value):
        value = yield from g2(value)
        say(f"g1 got {describe(value)}")

    for value in FOUR:
        exhaust(g1(value))


@case
def next_and_return_with_value():
    def g1(value):
        yield 1
        return value

    for value in FOUR:
        g = g1(value)
        for _ in range(3):
            step(g)


@case
def send_and_return_with_value():
    def g1(value):
        got = yield 1
        say(f"g1 got {got}")
        return value

    for value in FOUR:
        g = g1(value)
        step(g)
        send(g, 2)


# ---- Throwing.


@case
def returning_value_from_delegated_throw():
    def g2():
        try:
            yield 1
        except Oops:
            say("g2 caught")
            yield 2
        yield 3

    g = around(g2)
    step(g)
    throw(g, Oops("thrown"))
    exhaust(g)


@case
def catching_exception_from_subgen_and_returning():
    def g2():
        try:
            yield 1
        except Oops:
            return 2

    def g1():
        value = yield from g2()
        yield value * 10

    g = g1()
    step(g)
    throw(g, Oops("thrown"))


def throw_exit_into(g2):
    def g1():
        yield from g2()
        say("unreachable")

    g = around(g1)
    step(g)
    throw(g, GeneratorExit())
    step(g)


@case
def throwing_GeneratorExit_into_subgen_that_returns():
    def g2():
        try:
            yield 1
        except GeneratorExit:
            say("g2 returns")
            return 2

    throw_exit_into(g2)


@case
def throwing_GeneratorExit_into_subgenerator_that_yields():
    def g2():
        try:
            yield 1
        except GeneratorExit:
            say("g2 yields")
            yield 2

    throw_exit_into(g2)


@case
def throwing_GeneratorExit_into_subgen_that_raises():
    def g2():
        try:
            yield 1
        except GeneratorExit:
            say("g2 raises")
            raise Oops("g2 failed")

    throw_exit_into(g2)


# ---- Running.


@case
def attempted_yield_from_loop():
    def g1():
        yield 1
        yield from g2()
        say("unreachable")

    def g2():
        yield 2
        yield from g
        say("unreachable")

    g = around(g1)
    exhaust(g)


def re_entering(drive):
    def g2():
        try:
            yield 1
        except Oops:
            say("g2 caught")
        try:
            yield from g
        except ValueError as error:
            say(f"g2 was told {told(error)}")
        try:
            yield 2
        except Oops:
            say("g2 caught")

    def g1():
        try:
            yield 0
        except Oops:
            say("g1 caught")
        yield from g2()
        try:
            yield 3
        except Oops:
            say("g1 caught")

    g = g1()
    step(g)
    for _ in range(4):
        drive(g)


@case
def delegating_generators_claim_to_be_running():
    re_entering(step)
    re_entering(lambda g: send(g, 7))


@case
def delegating_generators_claim_to_be_running_with_throw():
    re_entering(lambda g: throw(g, Oops("thrown")))


@case
def delegating_generators_claim_to_be_running_with_close():
    class Custom:
        def __iter__(self):
            return self

        def __next__(self):
            return 42

        def close(self):
            step(g)

    def g1():
        yield from Custom()

    g = g1()
    step(g)
    close(g)


@case
def close_with_cleared_frame():
    def g3():
        try:
            yield 1
        finally:
            say("finish g3")

    # Whichever handle goes first, the bodies end from the inside out.
    inner = around(g3, "g2")
    outer = around(lambda: inner, "g1")
    step(outer)
    del inner
    say("inner handle gone")
    del outer
    say("outer handle gone")


# ---- What the inner one does while it is unwound, times what unwinds it.


def inner_and_outer(cleanup):
    def inner():
        try:
            yield 1
        finally:
            if cleanup == "yields":
                yield 2
            elif cleanup == "returns":
                return 3
            elif cleanup is not None:
                raise cleanup()

    def outer():
        return (yield from inner())

    return outer()


def close_and_throw(cleanup):
    thrown = [
        ("exit", GeneratorExit),
        ("stop", StopIteration),
        ("base", lambda: Base("thrown base")),
        ("error", lambda: Oops("thrown error")),
    ]
    say("close:")
    g = inner_and_outer(cleanup)
    step(g)
    close(g)
    step(g)
    for name, error in thrown:
        say(f"throw {name}:")
        g = inner_and_outer(cleanup)
        step(g)
        throw(g, error())
        exhaust(g)
        step(g)


@case
def close_and_throw_work():
    close_and_throw(None)


@case
def close_and_throw_raise_generator_exit():
    close_and_throw(GeneratorExit)


@case
def close_and_throw_raise_stop_iteration():
    close_and_throw(StopIteration)


@case
def close_and_throw_raise_base_exception():
    close_and_throw(lambda: Base("raised base"))


@case
def close_and_throw_raise_exception():
    close_and_throw(lambda: Oops("raised error"))


@case
def close_and_throw_yield():
    close_and_throw("yields")


@case
def close_and_throw_return():
    close_and_throw("returns")


def main():
    for number, function in enumerate(CASES):
        said.clear()
        function()
        print(f"{chr(10) if number else ''}[{function.__name__}]")
        print("\n".join(said))


if __name__ == "__main__":
    main()
