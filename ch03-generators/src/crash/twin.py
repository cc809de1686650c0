"""A task that ends takes the scheduler with it.

python3 ch03-generators/src/crash/twin.py
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from scheduler.twin import Scheduler, say


def say_times(name, times):
    for _ in range(times):
        print(f"I'm {name}")
        yield


def main():
    scheduler = Scheduler()
    scheduler.spawn(say_times("foo", 3))
    scheduler.spawn(say("bar"))
    try:
        while scheduler.ready:
            scheduler.turn()
    except StopIteration:
        print("the scheduler has ended: StopIteration")
    print(f"tasks that would go on: {len(scheduler.ready)}")


if __name__ == "__main__":
    main()
