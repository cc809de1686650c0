"""A read that is cancelled half-way leaves its half line where it was.

python3 ch04-async/src/cancel_safety/twin.py
"""

import asyncio

TICK = 0.01


def pieces(cut):
    reader = asyncio.StreamReader()

    async def feed():
        for piece in cut:
            reader.feed_data(piece)
            await asyncio.sleep(3 * TICK)
        reader.feed_eof()

    # The loop keeps weak references only: the reader holds the task.
    return reader, asyncio.create_task(feed())


async def lines(reader):
    found = []
    while True:
        try:
            # Cancels the read after a tick, and starts another.
            line = await asyncio.wait_for(reader.readline(), TICK)
        except TimeoutError:
            continue
        if not line:
            return found
        found.append(line.decode().rstrip())


async def main():
    reader, feeder = pieces([b"hel", b"lo\nwor", b"ld\n", b"whole\n"])
    print("readline, anew after a tick:", await lines(reader))
    await feeder


if __name__ == "__main__":
    asyncio.run(main())
