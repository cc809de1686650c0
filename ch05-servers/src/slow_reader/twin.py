"""A server that answers faster than its client reads keeps the rest in memory.

python3 ch05-servers/src/slow_reader/twin.py
"""

import asyncio
import socket

CHUNK = 64 * 1024
CHUNKS = 2048


async def send_broken(writer, made):
    for _ in range(CHUNKS):
        # A plain function: it takes everything, and never waits.
        writer.write(b"x" * CHUNK)
        made.append(CHUNK)


async def send(writer, made, limit):
    for _ in range(CHUNKS):
        writer.write(b"x" * CHUNK)
        await asyncio.wait_for(writer.drain(), limit)
        made.append(CHUNK)


async def connect():
    """Returns a client that reads nothing, and the server's end of it."""
    client, theirs = socket.socketpair()
    _, writer = await asyncio.open_connection(sock=theirs)
    return client, writer


async def main():
    client, writer = await connect()
    made = []
    await send_broken(writer, made)
    print(f"a buffer: {sum(made) >> 20} MiB made for a client")
    # It has read nothing, and goes: then the buffer goes, too.
    client.close()
    try:
        await writer.drain()
        await writer.wait_closed()
    except ConnectionError:
        print("  ends only with its client")

    client, writer = await connect()
    made = []
    try:
        await send(writer, made, 0.3)
    except TimeoutError:
        print(f"awaited: {sum(made) >> 20} MiB made for a client")
        print("  ends after 0.3 s: the client does not read")
    writer.transport.abort()
    client.close()


if __name__ == "__main__":
    asyncio.run(main())
