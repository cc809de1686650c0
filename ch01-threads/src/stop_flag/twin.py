"""A flag is seen when it is looked at; an event wakes who waits for it.

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
    signal.go = False
    worker.join()
    print(f"flag: slept its frame to the end: {signal.took >= FRAME}")

    done = threading.Event()
    worker = threading.Thread(target=until_event, args=(done, signal))
    worker.start()
    done.set()
    worker.join()
    print(f"event: slept its hour to the end: {signal.took >= HOUR}")


if __name__ == "__main__":
    sys.exit(main())
