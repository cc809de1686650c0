"""A scheduler is a queue: take the first, run it, put it last.

python3 ch03-generators/src/scheduler/twin.py
"""

from collections import deque
from itertools import count


class Scheduler:
    def __init__(self):
        self.ready = deque()
        self.tids = count(1)

    def spawn(self, body):
        tid = next(self.tids)
        self.ready.append((tid, body))
        return tid

    def turn(self):
        task = self.ready.popleft()
        next(task[1])
        self.ready.append(task)


def say(name):
    while True:
        print(f"I'm {name}")
        yield


def main():
    scheduler = Scheduler()
    scheduler.spawn(say("foo"))
    scheduler.spawn(say("bar"))
    for _ in range(6):
        scheduler.turn()


if __name__ == "__main__":
    main()
