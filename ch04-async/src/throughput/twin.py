"""Errors and throughput against concurrency: a sweep on one small server.

python3 ch04-async/src/throughput/twin.py
"""

import asyncio
import math
import time

CAPACITY = 30
DELAY = 0.05
FLAGS = 194


class Server:
    """Takes a number of requests at a time, and refuses the others."""

    def __init__(self):
        self.in_flight = 0

    async def answer(self, reader, writer):
        await reader.readline()
        self.in_flight += 1
        if self.in_flight > CAPACITY:
            writer.write(b"503\n")
        else:
            await asyncio.sleep(DELAY)
            writer.write(b"200\n")
        self.in_flight -= 1
        await writer.drain()
        writer.close()


async def download(port, permits):
    async with permits:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET\n")
        status = await reader.readline()
        writer.close()
        return status == b"200\n"


async def main():
    print(f"{FLAGS} flags, a server for {CAPACITY} requests at a time")
    # With the default backlog of 100, connections beyond it would wait.
    server = await asyncio.start_server(
        Server().answer, "127.0.0.1", 0, backlog=256
    )
    port = server.sockets[0].getsockname()[1]
    for at_once in 5, 10, 20, 40, 80, 160:
        permits = asyncio.Semaphore(at_once)
        start = time.perf_counter()
        found = await asyncio.gather(
            *(download(port, permits) for _ in range(FLAGS))
        )
        took = time.perf_counter() - start
        saved = sum(found)
        rate = saved / took
        print(
            f"{at_once} at once: {saved} saved, {FLAGS - saved} refused,"
            f" {rate:.0f} a second {'#' * math.ceil(rate / 10)}",
            flush=True,
        )
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
