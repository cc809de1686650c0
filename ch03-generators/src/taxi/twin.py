"""A simulation of taxis: one thread, one queue, and time that jumps.

python3 ch03-generators/src/taxi/twin.py
"""

import argparse
import heapq
import time
from random import Random
from typing import NamedTuple

MEAN_MINUTES = {
    "leave garage": 5,
    "pick up passenger": 20,
    "drop off passenger": 5,
    "going home": 1,
}


class Event(NamedTuple):
    time: int
    proc: int
    action: str


def taxi(proc, trips, time):
    time = yield Event(time, proc, "leave garage")
    for _ in range(trips):
        time = yield Event(time, proc, "pick up passenger")
        time = yield Event(time, proc, "drop off passenger")
    yield Event(time, proc, "going home")


class Simulation:
    def __init__(self, taxis, seed):
        self.random = Random(seed)
        self.taxis = {
            i: taxi(i, 2 * i + 2, 5 * i) for i in range(taxis)
        }
        self.events = [next(taxi) for taxi in self.taxis.values()]
        heapq.heapify(self.events)

    def run(self, end, happen):
        now = 0
        while now < end:
            if not self.events:
                return "end of events"
            event = heapq.heappop(self.events)
            happen(event)
            now, proc, action = event
            try:
                planned = self.taxis[proc].send(
                    now + self.minutes_after(action)
                )
            except StopIteration:
                del self.taxis[proc]
            else:
                heapq.heappush(self.events, planned)
        return f"end of simulation time: {len(self.events)} events pending"

    def minutes_after(self, action):
        rate = 1 / MEAN_MINUTES[action]
        return int(self.random.expovariate(rate)) + 1


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--end", type=int, default=180)
    options.add_argument("--taxis", type=int, default=3)
    options.add_argument("--seed", type=int, default=3)
    options.add_argument("--minute", type=float, default=0)
    options = options.parse_args()

    now = 0

    def happen(event):
        nonlocal now
        time.sleep(options.minute * (event.time - now))
        now = event.time
        print("taxi:", event.proc, "   " * event.proc, event)

    simulation = Simulation(options.taxis, options.seed)
    start = time.perf_counter()
    print(f"*** {simulation.run(options.end, happen)} ***")
    if options.minute:
        took = int((time.perf_counter() - start) * 1000)
        print(f"*** {now} minutes took {took} ms ***")


if __name__ == "__main__":
    main()
