"""A coroutine does not know which loop drives it, unless it asks.

python3 ch04-async/src/runtimes/twin.py
"""

import asyncio
import types


@types.coroutine
def give_way():
    yield


async def steps(log, name):
    for n in range(1, 4):
        log.append(f"{name}{n}")
        await give_way()


@types.coroutine
def join(*coros):
    waiting = list(coros)
    while waiting:
        for coro in list(waiting):
            try:
                coro.send(None)
            except StopIteration:
                waiting.remove(coro)
        if waiting:
            yield


async def alternate():
    log = []
    await join(steps(log, "a"), steps(log, "b"))
    return " ".join(log)


def run(coro):
    """A loop for one coroutine, which only ever gives way."""
    while True:
        try:
            coro.send(None)
        except StopIteration as end:
            return end.value


def main():
    print("the same coroutine")
    print("  own loop:", run(alternate()))
    print("  asyncio:", asyncio.run(alternate()))
    print("a timer on our loop")
    try:
        run(asyncio.sleep(0.001))
    except RuntimeError as err:
        print("  asyncio's:", err)


if __name__ == "__main__":
    main()
