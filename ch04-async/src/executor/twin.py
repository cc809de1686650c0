"""An executor is a loop that resumes the coroutine that is due next.

No asyncio: `async` and `await` belong to the language, the loop does not.

python3 ch04-async/src/executor/twin.py
"""

import heapq
import itertools
import types


@types.coroutine
def sleep(seconds):
    # What is yielded arrives at the loop, however deep the await.
    return (yield seconds)


class Loop:
    """Runs coroutines on a clock that jumps from one deadline to the next."""

    def __init__(self):
        self.now = 0
        self._ready = []
        self._order = itertools.count()

    def spawn(self, coro, delay=0):
        entry = (self.now + delay, next(self._order), coro)
        heapq.heappush(self._ready, entry)

    def run(self):
        done = 0
        while self._ready:
            self.now, _, coro = heapq.heappop(self._ready)
            try:
                self.spawn(coro, coro.send(None))
            except StopIteration:
                done += 1
        return done


async def launch(loop, name, delay, count):
    print(f"{name}: waits {delay} s before its countdown")
    await sleep(delay)
    print(f"{name}: countdown starts at {loop.now} s")
    for n in range(count, 0, -1):
        print(f"{name}: {n}")
        await sleep(1)
    print(f"{name}: lift-off at {loop.now} s")


def main():
    loop = Loop()
    for name, delay, count in (("A", 0, 5), ("B", 2, 3), ("C", 1, 4)):
        loop.spawn(launch(loop, name, delay, count))
    launched = loop.run()
    print(f"{launched} launched, in {loop.now} s")


if __name__ == "__main__":
    main()
