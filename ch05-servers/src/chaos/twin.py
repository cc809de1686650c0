"""A proxy that fails, before a server that does not.

python3 ch05-servers/src/chaos/twin.py
"""

import asyncio
import random
from collections import Counter

FATES = ["Late", "Error", "Cut"]
SHARES = [0.4, 0.2, 0.1]
DELAY = 0.1
SEED = 7


def fate(path):
    """Decide by the seed and the path: a path always meets the same fate."""
    chance = random.Random(f"{SEED} {path}").random()
    for share, name in zip(SHARES, FATES):
        if chance < share:
            return name
        chance -= share
    return "Fine"


async def ask(address, request):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


def proxy(upstream):
    async def serve(reader, writer):
        request = await reader.readuntil(b"\r\n\r\n")
        path = request.split()[1].decode()
        if fate(path) == "Error":
            answer = b"HTTP/1.1 503 Service Unavailable\r\n"
            answer += b"content-length: 0\r\n\r\n"
        else:
            answer = await ask(upstream, request)
        if fate(path) == "Late":
            await asyncio.sleep(DELAY)
        if fate(path) == "Cut":
            answer = answer[:-1]
        writer.write(answer)
        await writer.drain()
        writer.close()

    return serve


async def polite(reader, writer):
    request = await reader.readuntil(b"\r\n\r\n")
    code = request.split(b"/")[1].upper()
    body = b'{"iso_cc":"%s"}' % code
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body)
    writer.write(head + body)
    await writer.drain()
    writer.close()


def outcome(answer):
    """Compare an answer with the length that it says it has."""
    head, _, body = answer.decode().partition("\r\n\r\n")
    status, length = head.split("\r\n")
    missing = int(length.removeprefix("content-length: ")) - len(body)
    note = f", and {missing} byte missing" if missing else ""
    return status.removeprefix("HTTP/1.1 ") + note


async def downloads(address):
    """Ask for a hundred paths at once; return what came of each."""

    async def download(path):
        request = f"GET {path} HTTP/1.1\r\nHost: flags\r\n\r\n"
        return path, outcome(await ask(address, request.encode()))

    codes = [a + b for a in "abcdefghij" for b in "abcdefghij"]
    paths = [f"/{code}/metadata.json" for code in codes]
    return dict(await asyncio.gather(*map(download, paths)))


async def listen(serve):
    server = await asyncio.start_server(serve, "127.0.0.1", backlog=1024)
    return server, server.sockets[0].getsockname()


async def main():
    behind, upstream = await listen(polite)
    before, address = await listen(proxy(upstream))
    first = await downloads(address)
    seen = Counter((fate(path), seen) for path, seen in first.items())
    order = ["Fine"] + FATES
    for (name, seen), n in sorted(
        seen.items(), key=lambda item: order.index(item[0][0])
    ):
        print(f"{name}: {n} times {seen}")
    again = await downloads(address)
    print(f"the same the second time: {str(first == again).lower()}")
    before.close()
    behind.close()


if __name__ == "__main__":
    asyncio.run(main())
