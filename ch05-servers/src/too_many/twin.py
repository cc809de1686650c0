"""A server that accepts every client accepts too many.

python3 ch05-servers/src/too_many/twin.py
"""

import asyncio

CLIENTS = 200


class Server:
    def __init__(self, slots):
        self.slots = asyncio.Semaphore(slots)
        self.inside = self.most = self.accepted = self.most_accepted = 0

    async def serve(self, reader, writer):
        # asyncio has accepted already: the limit is behind the door.
        self.accepted += 1
        self.most_accepted = max(self.most_accepted, self.accepted)
        async with self.slots:
            self.inside += 1
            self.most = max(self.most, self.inside)
            writer.write(await reader.readexactly(1))
            await reader.read(1)
            self.inside -= 1
        self.accepted -= 1
        writer.close()


async def visit(address, server, slots):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"x")
    echo = await reader.readexactly(1)
    while server.most < min(slots, CLIENTS):
        await asyncio.sleep(0.001)
    writer.close()
    return echo == b"x"


async def crowd(name, slots):
    server = Server(slots)
    listening = await asyncio.start_server(
        server.serve, "127.0.0.1", backlog=1024
    )
    address = listening.sockets[0].getsockname()
    visits = [visit(address, server, slots) for _ in range(CLIENTS)]
    answered = sum(await asyncio.gather(*visits))
    print(f"{name}: {server.most} inside at once, {answered} answered")
    full = server.most_accepted > slots
    print(f"  more accepted than there are slots: {full}")
    listening.close()
    while server.accepted:
        await asyncio.sleep(0.001)


async def main():
    await crowd("no limit", 100_000)
    await crowd("50 slots", 50)


if __name__ == "__main__":
    asyncio.run(main())
