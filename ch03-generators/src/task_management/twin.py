"""A task starts another, and ends it.

python3 ch03-generators/src/task_management/twin.py
"""

import sys
from collections import deque
from itertools import count

PAUSE, GET_TID, NEW, KILL = range(4)


class Task:
    def __init__(self, tid, body):
        self.tid, self.body, self.answer = tid, body, None


class Scheduler:
    def __init__(self):
        self.tasks = {}
        self.ready = deque()
        self.tids = count(1)

    def spawn(self, body):
        task = Task(next(self.tids), body)
        self.tasks[task.tid] = task
        self.ready.append(task)
        return task.tid

    def run(self):
        while self.ready:
            task = self.ready.popleft()
            try:
                trap, *args = task.body.send(task.answer)
            except StopIteration:
                del self.tasks[task.tid]
                print(f"Task {task.tid} terminated")
                continue
            task.answer = self.serve(task, trap, *args)
            self.ready.append(task)

    def serve(self, task, trap, arg=None):
        if trap == GET_TID:
            return task.tid
        if trap == NEW:
            return self.spawn(arg)
        if trap == KILL:
            target = self.tasks.get(arg)
            if target:
                # A closed generator takes no answer but None.
                target.answer = None
                target.body.close()
            return target is not None
        return None


def foo():
    tid = yield (GET_TID,)
    while True:
        print(f"I'm foo {tid}")
        yield (PAUSE,)


def parent():
    child = yield NEW, foo()
    for _ in range(5):
        yield (PAUSE,)
    yield KILL, child
    print("main done")


def twice():
    child = yield NEW, foo()
    killed = yield KILL, child
    print(f"kill {child}: {killed}")
    killed = yield KILL, 99
    print(f"kill 99: {killed}")
    me = yield (GET_TID,)
    yield KILL, me
    print("never printed")


def again():
    yield (PAUSE,)
    killed = yield KILL, 3
    print(f"kill 3 again: {killed}")


def main():
    scheduler = Scheduler()
    if sys.argv[1:] == ["--hole", "late"]:
        scheduler.spawn(twice())
        scheduler.spawn(again())
    else:
        scheduler.spawn(parent())
    scheduler.run()


if __name__ == "__main__":
    main()
