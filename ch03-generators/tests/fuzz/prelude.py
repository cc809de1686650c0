"""What the fuzz's programs call, and the deviations that are stated.

Below it stand the programs themselves, written by the test.
"""

import gc
import os
import sys
from inspect import GEN_CLOSED, GEN_CREATED, GEN_RUNNING, GEN_SUSPENDED
from inspect import getgeneratorstate
from types import GeneratorType

# Only what a program does ends its generators.
gc.disable()
KEPT = []
MOST = 300


class A(Exception):
    pass


class B(Exception):
    pass


class Program:
    """The program that runs."""


def say(text):
    if len(P.said) < MOST:
        P.said.append(str(text))


def name(error):
    text = str(error)
    if isinstance(error, (A, B)):
        return f"{type(error).__name__}{text}"
    if isinstance(error, GeneratorExit):
        return "exit"
    if isinstance(error, StopIteration):
        return "finished"
    for part, meaning in [
        ("raised StopIteration", "stop inside"),
        ("ignored GeneratorExit", "ignored exit"),
        ("already executing", "already executing"),
        ("just-started generator", "unprimed"),
        ("has no attribute 'send'", "cannot send"),
    ]:
        if part in text:
            return meaning
    return repr(error)


# Handles are counted by hand: an object that was dropped is closed, and what
# it raises then is lost, as in CPython; see `bury` for why CPython is not asked.


def made(generator, handles):
    KEPT.append(generator)
    P.handles[id(generator)] = handles
    return generator


def frame(generator):
    KEPT.append(generator)
    P.frames.add(id(generator))
    return generator


def owned(generator):
    return made(generator, 1)


def take(number):
    generator = P.table.get(number)
    if generator is None:
        say(f"{number} is gone")
    else:
        P.handles[id(generator)] += 1
    return generator


def release(generator):
    if id(generator) in P.frames:
        return
    if ended(generator):
        P.over.add(id(generator))
    P.handles[id(generator)] -= 1
    if P.handles[id(generator)] == 0:
        close_in_silence(generator)


def close_in_silence(generator):
    if ended(generator) or is_out_of_reach(generator, True):
        return
    try:
        generator.close()
    except BaseException:
        pass
    if not ended(generator) and generator.gi_frame is not None:
        bury(generator)


def ended(generator):
    closed = getgeneratorstate(generator) == GEN_CLOSED
    return closed or id(generator) in P.buried


def ignored(error, generator):
    """Buries a generator that answered its exit with a yield."""
    if name(error) != "ignored exit" or ended(generator):
        return
    if getgeneratorstate(generator) == GEN_SUSPENDED:
        bury(generator)


def bury(generator):
    """Deviation: who ignores an exit is finished, and is not told again.

    CPython leaves it suspended, and tells it again when it is deallocated. The
    frames above it are dropped with it; an object above it is closed.
    """
    P.buried.add(id(generator))
    # Until all that it holds is closed, it counts as running.
    P.unwinding.add(id(generator))
    inner = generator.gi_yieldfrom
    if isinstance(inner, GeneratorType):
        if id(inner) in P.frames:
            bury(inner)
        else:
            release(inner)
    # What its loops go over, which begin with h.
    for variable, value in reversed(generator.gi_frame.f_locals.items()):
        if variable[0] == "h" and isinstance(value, GeneratorType):
            release(value)
    P.unwinding.discard(id(generator))


def refuse_unwinding(generator):
    if id(generator) in P.unwinding:
        raise ValueError("generator already executing")


def live(generator):
    """Deviation: nothing can be delegated to once it has ended."""
    refuse_unwinding(generator)
    if ended(generator):
        raise StopIteration
    is_out_of_reach(generator)
    return generator


def ended_here(generator):
    """The same, of one that somebody else ended while it was delegated to."""
    if id(generator) in P.over:
        raise StopIteration


def items(generator):
    refuse_unwinding(generator)
    while not ended(generator):
        is_out_of_reach(generator)
        try:
            item = next(generator)
        except StopIteration:
            return
        yield item


def is_out_of_reach(generator, closes=False):
    """Skips programs whose CPython side cannot be told apart from here.

    One that delegates to a shared object which ignored an exit: in CPython it
    still reaches it. And one that throws into a running generator by way of
    another: CPython 3.11 unwinds the `yield from` of one that runs.
    """
    generator = generator.gi_yieldfrom
    while isinstance(generator, GeneratorType):
        if id(generator) in P.buried or closes and generator.gi_running:
            P.skipped = True
            return True
        generator = generator.gi_yieldfrom
    return False


def resume(number, how, argument, propagate):
    generator = take(number)
    if generator is None:
        return
    over, error = ended(generator), None
    try:
        refuse_unwinding(generator)
        if how in ("throw", "close"):
            if generator.gi_running:
                raise ValueError("generator already executing")
        if not over and is_out_of_reach(generator, how in ("throw", "close")):
            release(generator)
            return
        if how == "close":
            if not over:
                generator.close()
            say(f"{number} closed")
        elif how == "throw":
            if over:
                raise argument
            say(f"{number} yielded {generator.throw(argument)}")
        elif over:
            raise StopIteration
        elif how == "send":
            say(f"{number} yielded {generator.send(argument)}")
        else:
            say(f"{number} yielded {next(generator)}")
    except StopIteration as stop:
        say(f"{number} finished" if over else f"{number} returned {stop.value}")
        error = stop
    except BaseException as raised:
        ignored(raised, generator)
        say(f"{number} raised {name(raised)}")
        error = raised
    release(generator)
    if propagate and error is not None:
        raise error


def drop(number):
    generator = P.table.pop(number, None)
    if generator is None:
        say(f"{number} is gone")
        return
    say(f"{number} dropped")
    release(generator)


def state(number):
    generator = P.table.get(number)
    if generator is None:
        say(f"{number} is gone")
        return
    state = getgeneratorstate(generator)
    if ended(generator):
        state = GEN_CLOSED
    if id(generator) in P.unwinding:
        state = GEN_RUNNING
    say(
        {
            GEN_CREATED: "created",
            GEN_RUNNING: "running",
            GEN_SUSPENDED: "suspended",
            GEN_CLOSED: "finished",
        }[state]
    )


def run(number, script, bodies):
    global P
    P = Program()
    P.said, P.handles, P.frames, P.buried = [], {}, set(), set()
    P.over, P.unwinding, P.skipped = set(), set(), False
    P.table = {n: made(body(), 1) for n, body in enumerate(bodies)}
    script()
    print(f"[{number}]")
    print("skipped" if P.skipped else "\n".join(P.said))


def end():
    sys.stdout.flush()
    # Nothing is finalised: what ignored its exit would be told again.
    os._exit(0)
