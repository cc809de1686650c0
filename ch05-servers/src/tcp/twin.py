"""A session is a loop that knows how each of its waits may end.

python3 ch05-servers/src/tcp/twin.py
"""

import asyncio
import sys
import unicodedata
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from finder.twin import Index, row, words

IDLE = 10
WRITE = 10
FLOOD = 50_000
MAX_LINE = 64


class Lines:
    """The lines of a stream; None for each that is longer than its limit."""

    def __init__(self, reader):
        self.reader = reader
        self.skipping = False

    async def next(self):
        while True:
            try:
                line = await self.reader.readline()
            except ValueError:
                # `readline` forgets what it has read; the rest comes next.
                if not self.skipping:
                    self.skipping = True
                    return None
                continue
            if not self.skipping or not line:
                return line
            self.skipping = False


async def session(index, reader, writer):
    lines = Lines(reader)
    goodbye = ""
    try:
        while not goodbye:
            writer.write(b"?> ")
            await drain(writer)
            try:
                async with asyncio.timeout(IDLE):
                    line = await lines.next()
            except TimeoutError:
                goodbye = "nothing came for too long"
                continue
            if line is None:
                text = f"error: more than {MAX_LINE} bytes\r\n"
                writer.write(text.encode())
                continue
            await answer(index, writer, line)
            if not line.endswith(b"\n"):
                return
        writer.write(f"\r\ngoodbye: {goodbye}\r\n".encode())
        await drain(writer)
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()


async def drain(writer):
    # `write` keeps what the client does not take, all of it; `drain` waits
    # until that is little, and a limit ends the waiting.
    async with asyncio.timeout(WRITE):
        await writer.drain()


async def answer(index, writer, line):
    query = text(line)
    if query is None:
        writer.write(b"error: not text\r\n")
    elif words(query):
        found = index.find(query)
        for char in found:
            writer.write(f"{row(char)}\r\n".encode())
            await drain(writer)
        status = f"{'─' * 66}\r\n{len(found)} found\r\n"
        writer.write(status.encode())
    await drain(writer)


def text(line):
    """Return the line if it is UTF-8 and steers no terminal."""
    try:
        query = line.decode()
    except UnicodeDecodeError:
        return None
    control = (unicodedata.category(c) == "Cc" for c in query.strip("\r\n\t"))
    return None if any(control) else query


async def until_prompt(reader):
    answer = await reader.readuntil(b"?> ")
    return answer.decode().replace("\r\n", "\n")


def escaped(line):
    return repr(line)[2:-1]


async def main():
    index = await asyncio.to_thread(Index)
    clients = 0

    async def counted(reader, writer):
        nonlocal clients
        clients += 1
        await session(index, reader, writer)

    server = await asyncio.start_server(
        counted, "127.0.0.1", 0, limit=MAX_LINE
    )
    address = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(*address)
    print(await until_prompt(reader), end="")
    for line in (
        b"smiling CAT\n",
        b"cat elephant\r\n",
        b"\n",
        b"\x1b[31m\n",
        b"telnet: \xff\xfb\x06\n",
    ):
        print(escaped(line))
        writer.write(line)
        print(await until_prompt(reader), end="")
    print(f"{MAX_LINE} bytes, one more, and no end of line")
    writer.write(b"x" * (MAX_LINE + 1))
    print(await until_prompt(reader), end="")

    last = b"\nregistered sign"
    print(f"{escaped(last)}, and no more from this side")
    writer.write(last)
    writer.write_eof()
    print((await reader.read()).decode().replace("\r\n", "\n"), end="")
    writer.close()
    server.close()
    await server.wait_closed()
    print(f"clients: {clients}")


async def flood(tested):
    """Half-close a connection, and count what still comes."""
    ended = asyncio.get_running_loop().create_future()

    async def session(reader, writer):
        try:
            while True:
                writer.write(b"?> ")
                await writer.drain()
                line = await reader.readline()
                if tested and not line:
                    break
                if text := line.rstrip():
                    writer.write(b"%d\r\n" % len(text))
        except ConnectionError:
            pass
        ended.set_result("its end" if tested else "an error")
        writer.close()

    server = await asyncio.start_server(session, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"chess\n")
    await reader.readexactly(9)
    writer.write_eof()
    count = 0
    while count < FLOOD and (part := await reader.read(FLOOD - count)):
        count += len(part)
    writer.transport.abort()
    name = "tested" if tested else "no test for the end"
    print(f"{name}: {count} bytes after the client's end, {await ended}")
    server.close()


async def show_flood():
    await flood(tested=False)
    await flood(tested=True)


if __name__ == "__main__":
    asyncio.run(show_flood() if "--flood" in sys.argv else main())
