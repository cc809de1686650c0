"""A semaphore has a number of permits; one release too many can be an error.

python3 ch04-async/src/semaphore/twin.py
"""

import asyncio

REQUEST = 0.02


class Server:
    def __init__(self):
        self.active = self.peak = 0

    async def request(self):
        self.active += 1
        self.peak = max(self.peak, self.active)
        await asyncio.sleep(REQUEST)
        self.active -= 1


async def throttled(items, permits):
    server, semaphore = Server(), asyncio.Semaphore(permits)

    async def download():
        async with semaphore:
            await server.request()

    await asyncio.gather(*(download() for _ in range(items)))
    return server.peak


async def main():
    for permits in (12, 3, 1):
        print(f"{permits} permits: peak {await throttled(12, permits)}")
    plain, bounded = asyncio.Semaphore(2), asyncio.BoundedSemaphore(2)
    plain.release()
    print("Semaphore, released too often: no error")
    try:
        bounded.release()
    except ValueError as err:
        print("BoundedSemaphore:", err)


if __name__ == "__main__":
    asyncio.run(main())
