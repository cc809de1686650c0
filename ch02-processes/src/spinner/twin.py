"""Stopping a process: the parent sets an event that both processes share.

python3 ch02-processes/src/spinner/twin.py
python3 ch02-processes/src/spinner/twin.py --fail    (hangs)
python3 ch02-processes/src/spinner/twin.py --prime
"""

import itertools
import math
import multiprocessing
import os
import sys
import time


def spin(message, done):
    for glyph in itertools.cycle("\\|/-"):
        draw(f" {glyph} {message}\r")
        if done.wait(0.1):
            break
    draw(" " * (len(message) + 3) + "\r")


def supervise(call):
    done = multiprocessing.Event()
    spinner = multiprocessing.Process(target=spin, args=("thinking!", done))
    print(f"spinner process: created, alive: {spinner.is_alive()}", flush=True)
    spinner.start()
    print(f"spinner process: id {spinner.pid}", file=sys.stderr)
    print(f"spinner process: started, alive: {spinner.is_alive()}", flush=True)

    # An exception leaves the function here, and the event stays unset.
    answer = call()

    done.set()
    spinner.join()
    print(f"spinner process: stopped, exit code: {spinner.exitcode}")
    return answer


def slow():
    time.sleep(3)
    return 42


def fail():
    time.sleep(1)
    raise RuntimeError("the slow call failed")


def draw(text):
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        sys.stderr.write(text)
        sys.stderr.flush()


def count(frames, done):
    while not done.wait(0.1):
        frames.value += 1


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    return all(n % i for i in range(3, math.isqrt(n) + 1, 2))


def main_prime():
    frames, done = multiprocessing.Value("i"), multiprocessing.Event()
    spinner = multiprocessing.Process(target=count, args=(frames, done))
    spinner.start()
    n, start = 5_000_111_000_222_021, time.perf_counter()
    print(f"{n} is prime: {is_prime(n)}")
    done.set()
    spinner.join()
    seconds = time.perf_counter() - start
    print(f"{frames.value} frames in {seconds * 1e3:.0f} ms")
    print(f"frames per second: {frames.value / seconds:.1f}")


def main():
    try:
        print(f"Answer: {supervise(fail if '--fail' in sys.argv else slow)}")
    except RuntimeError as err:
        # The last line of the program, and not its end: multiprocessing
        # joins the child at exit.
        sys.exit(f"error: {err}")


# A child that is spawned imports this file again: without the guard it would
# start a child of its own.
if __name__ == "__main__":
    main_prime() if "--prime" in sys.argv else main()
