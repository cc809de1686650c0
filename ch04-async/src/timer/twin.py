"""A timer is a sorted list of deadlines and callbacks.

python3 ch04-async/src/timer/twin.py
"""

import heapq
import itertools


class Clock:
    """Stands still until `fire` moves it to the next deadline."""

    def __init__(self):
        self.now = 0
        self._waiting = []
        self._asked = itertools.count()

    def call_later(self, delay, callback):
        timer = [self.now + delay, next(self._asked), callback]
        heapq.heappush(self._waiting, timer)
        return timer

    def cancel(self, timer):
        # A heap cannot lose an element in its middle: mark it and go on.
        timer[2] = None

    def fire(self):
        while self._waiting and self._waiting[0][2] is None:
            heapq.heappop(self._waiting)
        if not self._waiting:
            return None
        left = max(0, self._waiting[0][0] - self.now)
        self.now += left
        while self._waiting and self._waiting[0][0] <= self.now:
            _, _, callback = heapq.heappop(self._waiting)
            if callback is not None:
                callback()
        return left


def main():
    clock = Clock()
    print("made: until the next,", clock.fire())
    timers = {}
    for name, delay in (
        ("third", 9),
        ("first", 2),
        ("never", 5),
        ("second", 7),
        ("with the second", 7),
    ):
        timers[name] = clock.call_later(
            delay, lambda name=name: print("  wakes", name)
        )
        print(f"{name}: set")
    print("set; one is cancelled")
    clock.cancel(timers["never"])
    fired = 0
    while clock.fire() is not None:
        print(f"  at {clock.now}s")
        fired += 1
    print("times fired:", fired)


if __name__ == "__main__":
    main()
