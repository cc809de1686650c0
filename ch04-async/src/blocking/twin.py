"""A call that blocks stops every task of its thread.

python3 ch04-async/src/blocking/twin.py
"""

import asyncio
import itertools
import math
import os
import sys
import threading
import time

FRAME = 0.1
# CPython takes longer to divide: this prime is smaller than the Rust one.
PRIME = 400_000_000_000_063
ON_SCREEN = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    for i in range(3, math.isqrt(n) + 1, 2):
        if n % i == 0:
            return False
    return True


class Line:
    def __init__(self, message):
        self.message = message
        self.frames = 0

    def draw(self, glyph):
        self.frames += 1
        self._put(f"\r{glyph} {self.message}")

    def erase(self):
        self._put("\r" + " " * (len(self.message) + 2) + "\r")

    def _put(self, text):
        if ON_SCREEN:
            print(text, end="", file=sys.stderr, flush=True)


async def spin(line):
    try:
        for glyph in itertools.cycle(r"\|/-"):
            line.draw(glyph)
            await asyncio.sleep(FRAME)
    finally:
        line.erase()


async def frames_broken(work):
    line = Line("thinking!")
    # Creating a task queues it. It does not run it.
    spinner = asyncio.create_task(spin(line))
    work()
    spinner.cancel()
    # The spinner's first step raises CancelledError before its first line.
    await asyncio.wait([spinner])
    return line.frames


async def frames(work):
    line = Line("thinking!")
    spinner = asyncio.create_task(spin(line))
    await asyncio.to_thread(work)
    spinner.cancel()
    await asyncio.wait([spinner])
    return line.frames


def frames_of_a_thread(work):
    line = Line("thinking!")
    done = threading.Event()

    def turn():
        for glyph in itertools.cycle(r"\|/-"):
            line.draw(glyph)
            if done.wait(FRAME):
                break
        line.erase()

    spinner = threading.Thread(target=turn)
    spinner.start()
    work()
    done.set()
    spinner.join()
    return line.frames


def main():
    for name, work in (
        ("time.sleep", lambda: time.sleep(0.35)),
        ("is_prime", lambda: is_prime(PRIME)),
    ):
        print(name)
        print(f"  one thread: {asyncio.run(frames_broken(work))} frames")
        # No second worker takes over: an event loop is one thread for life.
        print(f"  spinner in a thread: {frames_of_a_thread(work)} frames")
        print(f"  one thread, to_thread: {asyncio.run(frames(work))} frames")


if __name__ == "__main__":
    main()
