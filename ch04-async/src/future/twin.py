"""`send(None)`, and a loop that resumes coroutines in circles.

python3 ch04-async/src/future/twin.py
"""

import time


class Until:
    def __init__(self, moment):
        self.moment = moment

    def __await__(self):
        while time.monotonic() < self.moment:
            yield


async def cook(what, takes):
    await Until(time.monotonic() + takes)
    print(f"{what}: done")


def run_in_circles(tasks):
    polls = 0
    while tasks:
        for task in list(tasks):
            polls += 1
            try:
                task.send(None)
            except StopIteration:
                tasks.remove(task)
    return polls


def main():
    rice = cook("rice", 0.2)
    tea = cook("tea", 0.1)
    print("made two coroutines")
    polls = run_in_circles([tea, rice])
    print(f"polled {polls} times")


if __name__ == "__main__":
    main()
