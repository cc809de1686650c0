"""Waiting for many: what happens to the others?

python3 ch04-async/src/combinators/twin.py
"""

import asyncio
import selectors

SECOND = 0.2
CALLS = (("a", 3), ("b", 1), ("c", 2))


async def call(name, seconds):
    done = False
    try:
        await asyncio.sleep(seconds * SECOND)
        done = True
        print(f"  {name} is done")
        if seconds == 1:
            raise ValueError(f"{name} failed")
        return name
    finally:
        if not done:
            print(f"  {name} is cancelled")


def calls():
    return [call(name, seconds) for name, seconds in CALLS]


class Jumping(selectors.DefaultSelector):
    """Moves a clock where asyncio would wait, as tokio's paused one does."""

    now = 0.0

    def select(self, timeout=None):
        self.now += timeout or 0
        return super().select(0)


def on_paused_clock():
    clock = Jumping()
    loop = asyncio.SelectorEventLoop(clock)
    loop.time = lambda: clock.now
    return loop


async def all_of_them():
    print("gather, return_exceptions: all, in the order given")
    print(" ", await asyncio.gather(*calls(), return_exceptions=True))

    print("gather: the first error, the others go on")
    try:
        await asyncio.gather(*calls())
    except ValueError as err:
        print(f"  {err}")
    await asyncio.sleep(3 * SECOND)


async def each():
    print("as_completed: what it yields is none of what it was given")
    tasks = [asyncio.create_task(coro) for coro in calls()]
    for first in asyncio.as_completed(tasks):
        try:
            print(f"  {await first}; one of ours: {first in tasks}")
        except ValueError as err:
            print(f"  {err}; one of ours: {first in tasks}")


async def first():
    print("wait, FIRST_COMPLETED: the others go on")
    tasks = [asyncio.create_task(call(*pair)) for pair in (("a", 3), ("c", 2))]
    done, pending = await asyncio.wait(
        tasks, return_when=asyncio.FIRST_COMPLETED
    )
    print(f"  done: {[task.result() for task in done]}")
    await asyncio.wait(pending)

    print("wait, FIRST_EXCEPTION: the others go on")
    tasks = [asyncio.create_task(coro) for coro in calls()]
    done, pending = await asyncio.wait(
        tasks, return_when=asyncio.FIRST_EXCEPTION
    )
    print(f"  done: {[str(task.exception()) for task in done]}", end=", ")
    print(f"pending {len(pending)}")
    await asyncio.wait(pending)


async def limited():
    print("wait with a timeout: no task is cancelled")
    task = asyncio.create_task(call("a", 3))
    done, pending = await asyncio.wait([task], timeout=1.5 * SECOND)
    print(f"  done {len(done)}, pending {len(pending)}")
    await task

    print("wait_for: cancelled")
    try:
        await asyncio.wait_for(call("a", 3), 1.5 * SECOND)
    except TimeoutError as err:
        print(f"  {type(err).__name__}")


async def main():
    await all_of_them()
    await each()
    await first()
    await limited()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=on_paused_clock) as runner:
        runner.run(main())
