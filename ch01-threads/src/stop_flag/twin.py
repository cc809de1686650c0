"""A flag is seen when its thread looks at it; an event wakes the thread.

python3 ch01-threads/src/stop_flag/twin.py
"""

import sys
import threading
import time

FRAME = 0.3
HOUR = 3600


class Signal:
    go = True


def until_flag(signal, asleep):
    start = time.monotonic()
    while signal.go:
        asleep.set()
        time.sleep(FRAME)
    signal.took = time.monotonic() - start


def until_event(done, signal):
    start = time.monotonic()
    done.wait(HOUR)
    signal.took = time.monotonic() - start


def main():
    signal, asleep = Signal(), threading.Event()
    worker = threading.Thread(target=until_flag, args=(signal, asleep))
    worker.start()
    asleep.wait()
    told = time.monotonic()
    signal.go = False
    worker.join()
    noticed = (time.monotonic() - told) * 1e3
    slept = signal.took >= FRAME
    print(f"flag: noticed after {noticed:.1f} ms,", end=" ")
    print(f"slept its frame to the end: {slept}")

    done = threading.Event()
    worker = threading.Thread(target=until_event, args=(done, signal))
    worker.start()
    told = time.monotonic()
    done.set()
    worker.join()
    noticed = (time.monotonic() - told) * 1e3
    slept = signal.took >= HOUR
    print(f"event: noticed after {noticed:.1f} ms,", end=" ")
    print(f"slept its hour to the end: {slept}")


if __name__ == "__main__":
    sys.exit(main())
