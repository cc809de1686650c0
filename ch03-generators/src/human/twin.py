"""An event loop made of a person: you pick which task runs, and when.

python3 ch03-generators/src/human/twin.py
"""

import argparse
import sys
from dataclasses import dataclass
from inspect import CORO_CREATED, getcoroutinestate
from types import CoroutineType, coroutine

SCRIPT = "tea,laundry,tea,wait,tea,wait,laundry,wait,tea,wait,laundry"


@coroutine
def sleep(minutes):
    waited = 0
    while True:
        waited += yield max(0, minutes - waited)
        if waited >= minutes:
            return waited


async def tea():
    print("  tea: the kettle is on")
    await sleep(2)
    print("  tea: it steeps")
    return "a good cup" if await sleep(3) == 3 else "a bitter cup"


async def laundry():
    print("  laundry: the machine runs")
    await sleep(4)
    print("  laundry: it hangs on the line")
    await sleep(3)
    return "a clean shirt"


@dataclass
class Entry:
    name: str
    task: CoroutineType
    asked: int = 0
    due: int = 0


class ToDo:
    def __init__(self, *tasks):
        self.minute = 0
        self.entries = [Entry(task.__name__, task) for task in tasks]

    def obey(self, word):
        if word == "wait":
            return self.wait()
        for entry in self.entries:
            if entry.name == word:
                return self.resume(entry)
        print(f"  `{word}`? Type the name of a task, or `wait`.")

    def resume(self, entry):
        fresh = getcoroutinestate(entry.task) == CORO_CREATED
        waited = None if fresh else self.minute - entry.asked
        try:
            minutes = entry.task.send(waited)
        except StopIteration as stop:
            print(f"  Strike {entry.name} off: {stop.value}.")
            self.entries.remove(entry)
        else:
            entry.asked, entry.due = self.minute, self.minute + minutes
            print(f"  Put {entry.name} back with delay {minutes}.")

    def wait(self):
        due = min(entry.due for entry in self.entries)
        self.minute = max(due, self.minute + 1)

    def print(self):
        entries = (
            f"{entry.name} now"
            if entry.due <= self.minute
            else f"{entry.name} at {entry.due}"
            for entry in self.entries
        )
        print(f"minute {self.minute}: {', '.join(entries)}")


def words(options):
    if options.play:
        words = map(str.strip, sys.stdin)
    else:
        words = options.script.split(",")
    for word in filter(None, words):
        if not (options.play and sys.stdin.isatty()):
            print(f"> {word}")
        yield word


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--play", action="store_true")
    options.add_argument("--script", default=SCRIPT)
    said = words(options.parse_args())

    to_do = ToDo(tea(), laundry())
    while to_do.entries:
        to_do.print()
        if (word := next(said, None)) is None:
            print(f"The loop has ended. Tasks dropped: {len(to_do.entries)}.")
            for entry in to_do.entries:
                entry.task.close()
            return
        to_do.obey(word)
    print(f"Nothing left to do at minute {to_do.minute}.")


if __name__ == "__main__":
    main()
