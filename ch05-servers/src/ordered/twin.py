"""Two tasks for one client answer in each other's words.

python3 ch05-servers/src/ordered/twin.py
"""

import asyncio

PAUSE = 0.05


async def send(out, message):
    for letter in message:
        await asyncio.sleep(PAUSE)
        out.append(letter)


async def serve_broken(lines, out):
    tasks = [asyncio.create_task(send(out, line)) for line in lines]
    await asyncio.gather(*tasks)


async def serve(lines, out):
    queue = asyncio.Queue(16)

    async def write():
        while (line := await queue.get()) is not None:
            await send(out, line)

    writer = asyncio.create_task(write())
    for line in lines:
        await queue.put(line)
    await queue.put(None)
    await writer


async def main():
    for name, serving in ("a task each", serve_broken), ("a queue", serve):
        out = []
        await serving(["MAYDAY", "over"], out)
        print(f"{name}: {''.join(out)}")


if __name__ == "__main__":
    asyncio.run(main())
