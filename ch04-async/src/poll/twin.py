"""A coroutine does nothing until it is sent something.

`send` is Rust's `poll`, and carries a value besides.

python3 ch04-async/src/poll/twin.py
"""

import asyncio
import types


class Ready:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return self.value
        yield  # Never reached: it makes this function a generator.


@types.coroutine
def taken():
    return (yield)


async def times_ten():
    for _ in range(3):
        print("  inside:", 10 * await taken())
    return 10 * await taken()


def step(coro, value=None):
    try:
        return f"waits, gives out {coro.send(value)}"
    except StopIteration as end:
        return f"ready with {end.value}"


def main():
    async def awaiting():
        return await Ready(40) + await Ready(2)

    print("two that are ready, send 1:", step(awaiting()))

    coro = times_ten()
    print("made, not sent anything")
    print("send 1:", step(coro))
    for n, value in enumerate((5, 6, 7, 8), 2):
        print(f"send {n} of {value}:", step(coro, value))
    try:
        coro.send(None)
    except RuntimeError as err:
        print("send 6, past the end:", err)

    # What asyncio's loop gets to see is the future that is waited for.
    loop = asyncio.new_event_loop()
    future = loop.create_future()

    async def waits():
        return await future

    coro = waits()
    print("an asyncio future gives out itself:", coro.send(None) is future)
    future.set_result(42)
    print("it is set:", step(coro))

    coro, future = None, loop.create_future()
    coro = waits()
    coro.send(None)
    try:
        coro.send(None)
    except RuntimeError as err:
        print("another one, sent too early:", err)
    loop.close()


if __name__ == "__main__":
    main()
