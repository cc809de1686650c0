"""A task waits for another one's end: it leaves the queue until then.

python3 ch03-generators/src/wait_task/twin.py
python3 ch03-generators/src/wait_task/twin.py --hole killed-waiter
"""

import sys
import threading
from collections import deque
from itertools import count

PAUSE, GET_TID, NEW, KILL, WAIT = range(5)


class Task:
    def __init__(self, tid, body):
        self.tid, self.body, self.answer = tid, body, None


class Scheduler:
    def __init__(self):
        self.tasks = {}
        self.ready = deque()
        self.waiting = {}
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
                self.exit(task.tid)
            else:
                self.serve(task, trap, *args)
        return len(self.tasks)

    def serve(self, task, trap, arg=None):
        task.answer = None
        if trap == GET_TID:
            task.answer = task.tid
        elif trap == NEW:
            task.answer = self.spawn(arg)
        elif trap == KILL:
            target = self.tasks.get(arg)
            if target:
                target.answer = None
                target.body.close()
            task.answer = target is not None
        elif trap == WAIT:
            task.answer = arg in self.tasks
            if task.answer:
                self.waiting.setdefault(arg, []).append(task)
                return
        self.ready.append(task)

    def exit(self, tid):
        del self.tasks[tid]
        print(f"Task {tid} terminated")
        self.ready.extend(self.waiting.pop(tid, []))


def foo(times):
    for _ in range(times):
        print("I'm foo")
        yield (PAUSE,)


def wait_for(tid):
    yield WAIT, tid


def parent():
    child = yield NEW, foo(5)
    print("Waiting for child")
    yield WAIT, child
    print("Child done")


def killed():
    child = yield NEW, foo(3)
    killed = yield KILL, child
    print(f"kill {child}: {killed}")
    waited = yield WAIT, child
    print(f"wait {child}: {waited}")


def killed_waiter():
    long = yield NEW, foo(6)
    waiter = yield NEW, wait_for(long)
    yield (PAUSE,)
    killed = yield KILL, waiter
    print(f"kill {waiter}: {killed}")
    waited = yield WAIT, waiter
    print(f"wait {waiter}: {waited}")


def raised():
    yield NEW, foo(3)
    print("main fails")
    raise ConnectionError("client reset")


def itself():
    me = yield (GET_TID,)
    print(f"{me} waits for {me}")
    yield WAIT, me
    print("never printed")


def main():
    holes = {"killed": killed, "killed-waiter": killed_waiter}
    holes["raised"] = raised
    holes["itself"] = itself
    match sys.argv[1:]:
        case ["--hole", name]:
            body = holes[name]
        case _:
            body = parent
    scheduler = Scheduler()
    scheduler.spawn(body())
    try:
        left = scheduler.run()
    except ConnectionError as error:
        sys.exit(f"the scheduler has ended: {error}")
    if left:
        print(f"no task is ready, {left} is left", flush=True)
        # What a queue of the standard library does when it is asked for more.
        threading.Event().wait()


if __name__ == "__main__":
    main()
