"""Without a time limit, who says nothing stays for ever.

python3 ch05-servers/src/no_timeouts/twin.py
"""

import asyncio

STALLS = [
    ("says nothing", b""),
    ("half a head", b"POST / HTTP/1.1\r\nHost: a\r\nContent-"),
    (
        "half a body",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhal",
    ),
    ("no next request", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
]


async def connection(reader, writer, limit):
    """Answers requests; `limit` is for each head, and for each body."""
    try:
        while True:
            async with asyncio.timeout(limit):
                head = await reader.readuntil(b"\r\n\r\n")
            try:
                async with asyncio.timeout(limit):
                    await reader.readexactly(length(head))
            except TimeoutError:
                await send(writer, "408 Request Timeout")
                break
            await send(writer, "200 OK")
    except (TimeoutError, asyncio.IncompleteReadError):
        pass
    writer.close()


def length(head):
    for line in head.decode().split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def send(writer, status):
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
    await writer.drain()


async def send_raw(address, sent, read_timeout):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(sent)
    answer = b""
    try:
        async with asyncio.timeout(read_timeout):
            while chunk := await reader.read(1000):
                answer += chunk
        end = "closed"
    except TimeoutError:
        end = "still connected"
    writer.close()
    line = answer.decode().split("\r\n")[0]
    return f"{line.removeprefix('HTTP/1.1 ') or 'no answer'}, {end}"


async def show(limit):
    server = await asyncio.start_server(
        lambda reader, writer: connection(reader, writer, limit), "127.0.0.1"
    )
    address = server.sockets[0].getsockname()
    read_timeout = 10 if limit else 1
    clients = [send_raw(address, sent, read_timeout) for _, sent in STALLS]
    for (name, _), seen in zip(STALLS, await asyncio.gather(*clients)):
        print(f"  {name:16} {seen}")
    server.close()
    await asyncio.sleep(0.05)  # Lets the connections see that all is over.


async def main():
    print("no limits, after a second")
    await show(None)
    print("limits of 0.2 s")
    await show(0.2)


if __name__ == "__main__":
    asyncio.run(main())
