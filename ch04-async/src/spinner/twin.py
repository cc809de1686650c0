"""A task is stopped by an exception that is raised inside it.

It may answer it: tidy up with more awaits, return a value, or refuse.

python3 ch04-async/src/spinner/twin.py
python3 ch04-async/src/spinner/twin.py --more
"""

import asyncio
import gc
import itertools
import os
import sys
import weakref

FRAME = 0.1
# Work ends between two frames, never with one.
LONG = 3.05
SHORT = 0.43
ON_SCREEN = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Line:
    """The line on which a spinner turns, and what was done on it."""

    def __init__(self, message):
        self.message = message
        self.frames = 0
        self.events = []

    def draw(self, glyph):
        self.frames += 1
        self._put(f"\r{glyph} {self.message}")

    def erase(self):
        self.events.append("line erased")
        self._put("\r" + " " * (len(self.message) + 2) + "\r")

    def _put(self, text):
        if ON_SCREEN:
            print(text, end="", file=sys.stderr, flush=True)

    def __str__(self):
        return ", ".join([f"{self.frames} frames", *self.events])


async def spin(line):
    for glyph in itertools.cycle(r"\|/-"):
        line.draw(glyph)
        try:
            await asyncio.sleep(FRAME)
        except asyncio.CancelledError:
            break
    line.events.append("code after the loop")
    line.erase()
    return line.frames


async def slow(work):
    await asyncio.sleep(work)
    return 42


async def supervisor(work):
    """Python's request: the task ends as it likes, here with a value."""
    line = Line("thinking!")
    spinner = asyncio.create_task(spin(line))
    answer = await slow(work)
    spinner.cancel()
    # The task caught the exception: for its awaiter it was never cancelled.
    await spinner
    report(answer, line, spinner)


async def guarded(line):
    """What an aborted Rust task does: nothing but its guards."""
    try:
        for glyph in itertools.cycle(r"\|/-"):
            line.draw(glyph)
            await asyncio.sleep(FRAME)
        line.events.append("code after the loop")
    finally:
        line.erase()


async def uncaught(work):
    line = Line("thinking!")
    spinner = asyncio.create_task(guarded(line))
    answer = await slow(work)
    spinner.cancel()
    await asyncio.wait([spinner])
    report(answer, line, spinner)


async def callback(work):
    line = Line("thinking!")
    spinner = asyncio.create_task(spin(line))
    task = asyncio.create_task(slow(work))
    task.add_done_callback(lambda _: spinner.cancel())
    await spinner
    report(await task, line, spinner)


async def stubborn(line):
    """Swallows every cancellation, which no Rust task can."""
    for glyph in itertools.cycle(r"\|/-"):
        line.draw(glyph)
        try:
            await asyncio.sleep(FRAME)
        except asyncio.CancelledError:
            line.events.append("refused")
            if line.events.count("refused") == 2:
                line.erase()
                raise


async def refuse(work):
    line = Line("thinking!")
    spinner = asyncio.create_task(stubborn(line))
    await asyncio.sleep(work)
    before = line.frames
    spinner.cancel()
    await asyncio.sleep(work)
    turned_on = line.frames > before
    spinner.cancel()
    await asyncio.wait([spinner])
    print(f"  turned on after cancel(): {turned_on}")
    print(f"  its task: cancelled() is {spinner.cancelled()}")


async def vanish():
    """The loop keeps only weak references to its tasks."""

    async def wait_for_nothing():
        await asyncio.get_running_loop().create_future()

    task = asyncio.create_task(wait_for_nothing())
    await asyncio.sleep(0)
    seen = weakref.ref(task)
    # asyncio complains on stderr: "Task was destroyed but it is pending!"
    del task
    gc.collect()
    print(f"  still there: {seen() is not None}")


def report(answer, line, task):
    result = "" if task.cancelled() else f", result() is {task.result()}"
    print(f"  answer: {answer}")
    print(f"  spinner: {line}")
    print(f"  its task: cancelled() is {task.cancelled()}{result}")


async def main():
    print("cancel: the task catches CancelledError")
    await supervisor(LONG)
    print("cancel: it does not; only its `finally` runs")
    await uncaught(SHORT)


async def more():
    print("callback: the slow task's done-callback cancels")
    await callback(SHORT)
    print("cancel: the task refuses once")
    await refuse(SHORT)
    print("drop: no reference to the task is left")
    await vanish()


if __name__ == "__main__":
    asyncio.run(more() if "--more" in sys.argv else main())
