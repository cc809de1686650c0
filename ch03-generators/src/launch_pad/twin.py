"""An event loop is a sorted list of tasks, by when each is to wake.

python3 ch03-generators/src/launch_pad/twin.py
"""

import heapq
import sys
import time
from datetime import timedelta
from types import coroutine


class Wall:
    def __init__(self):
        self.started = time.monotonic()

    def now(self):
        return timedelta(seconds=time.monotonic() - self.started)

    def wait_until(self, moment):
        time.sleep(max(0, (moment - self.now()).total_seconds()))


class Paused:
    def __init__(self):
        self.time = timedelta()

    def now(self):
        return self.time

    def wait_until(self, moment):
        self.time = max(self.time, moment)


@coroutine
def sleep(seconds):
    return (yield timedelta(seconds=seconds))


class Loop:
    def __init__(self, clock):
        self.clock = clock
        self.waiting = []
        self.asked = 0

    def run(self, tasks):
        for task in tasks:
            self.resume(task, None)
        while self.waiting:
            moment, _, asked, task = heapq.heappop(self.waiting)
            self.clock.wait_until(moment)
            self.resume(task, self.clock.now() - asked)

    def resume(self, task, waited):
        try:
            duration = task.send(waited)
        except StopIteration:
            return
        now = self.clock.now()
        # The number decides between equal moments: coroutines have no order.
        entry = now + duration, self.asked, now, task
        self.asked += 1
        heapq.heappush(self.waiting, entry)


async def countdown(label, length, delay):
    print(f"{label} waiting {delay} seconds before starting countdown")
    waited = await sleep(delay)
    print(f"{label} starting after waiting {waited}")
    for left in range(length, 0, -1):
        print(f"{label} T-minus {left}")
        await sleep(1)
    print(f"{label} lift-off!")


def main():
    clock = Paused() if "--paused" in sys.argv else Wall()
    plan = ("A", 5, 0), ("B", 3, 2), ("C", 4, 1)
    Loop(clock).run([countdown(*rocket) for rocket in plan])
    print(f"Total elapsed time is {clock.now()}")


if __name__ == "__main__":
    main()
