"""A graceful shutdown without a deadline may wait for ever.

python3 ch05-servers/src/stuck_drain/twin.py
"""

import asyncio


class Server:
    def __init__(self):
        self.tasks = set()
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1")
        return self.server.sockets[0].getsockname()

    async def serve(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.asked.set()
            await self.go.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        except asyncio.CancelledError:
            pass
        finally:
            self.tasks.discard(asyncio.current_task())
            writer.close()

    async def drain(self, limit):
        """Stops accepting, waits; returns how many have not ended."""
        self.server.close()
        late = set()
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=limit)
        for task in late:
            task.cancel()
        await asyncio.gather(*late)
        return len(late)


async def show(limit):
    server = Server()
    address = await server.start()
    _, stalled = await asyncio.open_connection(*address)
    stalled.write(b"GET / HTTP/1.1\r\nHo")
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    await server.asked.wait()

    draining = asyncio.create_task(server.drain(limit))
    await asyncio.sleep(0)
    try:
        await asyncio.open_connection(*address)
    except ConnectionRefusedError:
        print("  a new client is refused")
    server.go.set()
    line = (await reader.readline()).decode().rstrip()
    status = line.removeprefix("HTTP/1.1 ")
    print(f"  the request under way gets {status}")
    try:
        cut = await asyncio.wait_for(draining, 10 if limit else 1)
    except TimeoutError:
        print("  the server is there after a second")
        for task in list(server.tasks):
            task.cancel()
    else:
        print(f"  the server has ended, {cut} cut off")
    stalled.close()
    writer.close()


async def main():
    print("waits until all have ended")
    await show(None)
    print("waits for 0.3 s at most")
    await show(0.3)


if __name__ == "__main__":
    asyncio.run(main())
