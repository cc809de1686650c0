"""The six safeguards in one asyncio server, and the failures they stand for.

python3 ch05-servers/src/checklist/twin.py
"""

import asyncio
import contextlib

CONNECTIONS, IDLE, WRITE, DRAIN, SLOW = 4, 2, 2, 6, 3
LONGEST_LINE = 1024
TIME_LIMIT, GLANCE = 8, 0.3


async def answer(line):
    words = line.split()
    if words == ["slow"]:
        await asyncio.sleep(SLOW)
    return max(words, key=len) + "\n"  # Fails if the line has no word.


class Server:
    async def start(self):
        self.slots = asyncio.Semaphore(CONNECTIONS)
        self.closing = asyncio.Event()
        self.sessions = set()
        self.server = await asyncio.start_server(
            self.connected, "127.0.0.1", 0, limit=LONGEST_LINE
        )
        self.address = self.server.sockets[0].getsockname()

    async def connected(self, reader, writer):
        session = asyncio.current_task()
        self.sessions.add(session)
        # Late, lost or cancelled, it ends quietly: 3.11 would report the last.
        ends = asyncio.CancelledError, TimeoutError, ValueError, OSError
        with contextlib.suppress(*ends):
            async with self.slots:
                await self.session(reader, writer)
        self.sessions.discard(session)
        writer.transport.abort()

    async def session(self, reader, writer):
        while line := await self.read_line(reader):
            try:
                text = await answer(line.decode(errors="replace"))
            except Exception:
                text = "internal error\n"
            writer.write(text.encode())
            async with asyncio.timeout(WRITE):
                await writer.drain()

    async def read_line(self, reader):
        reading = asyncio.create_task(reader.readline())
        closing = asyncio.create_task(self.closing.wait())
        either = {reading, closing}
        try:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait(either, timeout=IDLE, return_when=first)
            return reading.result() if reading.done() else b""
        finally:
            reading.cancel()
            closing.cancel()

    async def stop(self):
        self.server.close()
        self.closing.set()
        if self.sessions:
            await asyncio.wait(self.sessions, timeout=DRAIN)
        for session in self.sessions:
            session.cancel()


async def ask(client, line):
    reader, writer = client
    writer.write(line.encode())
    async with asyncio.timeout(TIME_LIMIT):
        with contextlib.suppress(ConnectionError):
            return (await reader.readline()).decode()
    return ""


async def silent(server, connect):
    reader, _ = await connect()
    async with asyncio.timeout(TIME_LIMIT):
        return await reader.read(1) == b""


async def long_line(server, connect):
    return await ask(await connect(), "x" * 65536 + "\n") == ""


async def slow_reader(server, connect):
    reader, writer = await connect()
    writer.transport.pause_reading()
    try:
        async with asyncio.timeout(TIME_LIMIT):
            while True:
                writer.write(b"x" * 1000 + b"\n")
                await writer.drain()
    except ConnectionError:
        return True


async def fifth(server, connect):
    clients = [await connect() for _ in range(CONNECTIONS)]
    for client in clients:
        await ask(client, "hello\n")
    asked = asyncio.create_task(ask(await connect(), "hello\n"))
    done, _ = await asyncio.wait({asked}, timeout=GLANCE)
    clients.pop()[1].close()
    return not done and await asked == "hello\n"


async def error(server, connect):
    client = await connect()
    first = await ask(client, "\n")
    return first == "internal error\n" and await ask(client, "hello\n")


async def end(server, connect):
    stalled, client = await connect(), await connect()
    stalled[1].write(b"half a l")
    await ask(client, "hello\n")
    client[1].write(b"slow\n")
    await ask(await connect(), "hello\n")
    stopped = asyncio.create_task(server.stop())
    answered = await ask(client, "") == "slow\n"
    async with asyncio.timeout(TIME_LIMIT):
        await stopped
    try:
        await connect()
    except ConnectionRefusedError:
        return answered


async def holds(failure):
    server, writers = Server(), []
    await server.start()

    async def connect():
        reader, writer = await asyncio.open_connection(*server.address)
        writers.append(writer)
        return reader, writer

    try:
        return await failure(server, connect)
    except TimeoutError:
        return False
    finally:
        for writer in writers:
            writer.transport.abort()
        await server.stop()


async def main():
    failures = {
        "a silent client is cut off": silent,
        "a long line is refused": long_line,
        "a client that reads nothing is cut off": slow_reader,
        "a fifth client waits for a slot": fifth,
        "an exception costs one answer only": error,
        "the answer under way is finished": end,
    }
    tries = await asyncio.gather(*map(holds, failures.values()))
    for name, held in zip(failures, tries):
        print(f"{name:39} {'+' if held else '.'}")


if __name__ == "__main__":
    asyncio.run(main())
