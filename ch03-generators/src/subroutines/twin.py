"""A task calls a subroutine that makes system calls, without `yield from`.

python3 ch03-generators/src/subroutines/twin.py
python3 ch03-generators/src/subroutines/twin.py --hole pause
"""

import sys
from collections import deque
from types import GeneratorType

PAUSE, KILL = "pause", "kill"


class Task:
    def __init__(self, body):
        self.stack, self.sent = [body], None

    def run(self):
        while self.stack:
            try:
                said = self.stack[-1].send(self.sent)
            except StopIteration:
                self.stack.pop()
                self.sent = None
                continue
            self.sent = None
            if isinstance(said, GeneratorType):
                self.stack.append(said)
            elif isinstance(said, tuple):
                return said
            elif len(self.stack) > 1:
                # Any other yield, from one that was called, is its return.
                self.stack.pop()
                self.sent = None if said == PAUSE else said
            else:
                return said
        return None


def run(*bodies):
    tasks = [Task(body) for body in bodies]
    ready = deque(range(len(tasks)))
    while ready:
        tid = ready.popleft()
        said = tasks[tid].run()
        if said is None:
            print(f"task {tid} terminated")
            continue
        if isinstance(said, tuple):
            # It closes the innermost routine; its callers get no exit.
            tasks[said[1]].stack[-1].close()
        ready.append(tid)


def three():
    yield 3
    print("never printed")


def giving_way():
    print("subroutine: after you")
    yield PAUSE
    print("never printed")


def failing():
    raise RuntimeError("in subroutine")
    yield


def holding():
    print("subroutine: kills its task")
    yield KILL, 0
    print("never printed")


def caller(routine):
    try:
        value = yield routine
        print(f"caller: {value}")
    except RuntimeError as error:
        print(f"caller: caught {error}")


def other():
    print("other: at last")
    return
    yield


def main():
    match sys.argv[1:]:
        case ["--hole", "pause"]:
            run(caller(giving_way()), other())
        case ["--hole", "raised"]:
            try:
                run(caller(failing()))
            except RuntimeError as error:
                sys.exit(f"the scheduler has ended: {error}")
        case ["--hole", "killed"]:
            run(caller(holding()))
        case _:
            run(caller(three()))


if __name__ == "__main__":
    main()
