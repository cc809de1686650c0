"""A task that has ended is taken off the list, and the others go on.

python3 ch03-generators/src/exit/twin.py
"""

import sys
from collections import deque
from itertools import count
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from crash.twin import say_times


class Scheduler:
    def __init__(self):
        self.ready = deque()
        self.tids = count(1)

    def spawn(self, body):
        tid = next(self.tids)
        self.ready.append((tid, body))
        return tid

    def run(self):
        while self.ready:
            tid, body = self.ready.popleft()
            try:
                next(body)
            except StopIteration:
                print(f"Task {tid} terminated")
            else:
                self.ready.append((tid, body))


def main():
    scheduler = Scheduler()
    scheduler.spawn(say_times("foo", 10))
    scheduler.spawn(say_times("bar", 5))
    scheduler.run()


if __name__ == "__main__":
    main()
