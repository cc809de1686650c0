"""A scheduler is a queue: take the first, run it, put it last.

python3 ch03-generators/src/scheduler/twin.py
python3 ch03-generators/src/scheduler/twin.py --stage crash
"""

from argparse import ArgumentParser
from collections import deque
from itertools import count


class Task:
    def __init__(self, tid, body):
        self.tid = tid
        self.body = body

    def run(self):
        return next(self.body)


def foo():
    print("part 1")
    yield
    print("part 2")
    yield


def task():
    task = Task(1, foo())
    print(f"task {task.tid} has a number, and has not begun")
    for _ in range(3):
        try:
            print(f"yielded {task.run()}")
        except StopIteration:
            print("StopIteration")


class Scheduler:
    def __init__(self):
        self.ready = deque()
        self.tids = count(1)

    def spawn(self, body):
        task = Task(next(self.tids), body)
        self.ready.append(task)
        return task.tid

    def turn(self):
        task = self.ready.popleft()
        task.run()
        self.ready.append(task)


def say(name):
    while True:
        print(f"I'm {name}")
        yield


def queue():
    scheduler = Scheduler()
    scheduler.spawn(say("foo"))
    scheduler.spawn(say("bar"))
    for _ in range(6):
        scheduler.turn()


def say_times(name, times):
    for _ in range(times):
        print(f"I'm {name}")
        yield


def crash():
    scheduler = Scheduler()
    scheduler.spawn(say_times("foo", 3))
    scheduler.spawn(say("bar"))
    try:
        while scheduler.ready:
            scheduler.turn()
    except StopIteration:
        print("the scheduler has ended: StopIteration")
    print(f"tasks that would go on: {len(scheduler.ready)}")


class UntilAllEnd(Scheduler):
    def run(self):
        while self.ready:
            task = self.ready.popleft()
            try:
                task.run()
            except StopIteration:
                print(f"Task {task.tid} terminated")
            else:
                self.ready.append(task)


def exit():
    scheduler = UntilAllEnd()
    scheduler.spawn(say_times("foo", 10))
    scheduler.spawn(say_times("bar", 5))
    scheduler.run()


def main():
    stages = {"task": task, "queue": queue, "crash": crash, "exit": exit}
    parser = ArgumentParser()
    parser.add_argument("--stage", choices=stages, default="exit")
    stages[parser.parse_args().stage]()


if __name__ == "__main__":
    main()
