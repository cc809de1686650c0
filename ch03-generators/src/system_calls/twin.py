"""A yield is a trap: it stops the task, and asks the scheduler for something.

python3 ch03-generators/src/system_calls/twin.py
"""

from collections import deque
from itertools import count

PAUSE, GET_TID = range(2)


class Scheduler:
    def __init__(self):
        self.ready = deque()
        self.tids = count(1)

    def spawn(self, body):
        tid = next(self.tids)
        self.ready.append((tid, body, None))
        return tid

    def run(self):
        while self.ready:
            tid, body, answer = self.ready.popleft()
            try:
                trap = body.send(answer)
            except StopIteration:
                print(f"Task {tid} terminated")
                continue
            answer = tid if trap == GET_TID else None
            # Whatever it asked for, the others come first.
            self.ready.append((tid, body, answer))


def say(name, times):
    tid = yield GET_TID
    for _ in range(times):
        print(f"I'm {name} {tid}")
        yield PAUSE


def main():
    scheduler = Scheduler()
    scheduler.spawn(say("foo", 5))
    scheduler.spawn(say("bar", 10))
    scheduler.run()


if __name__ == "__main__":
    main()
