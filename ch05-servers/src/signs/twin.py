"""A delay that blocks and one that waits are one flag apart.

python3 ch05-servers/src/signs/twin.py
"""

import asyncio
import threading
import time
from re import fullmatch
from unicodedata import name

DELAY = 0.04
AT_ONCE = 2  # So many names are asked for at once.
SIGNS = [chr(code) for code in range(0x2190, 0x27C0)]


class Signs:
    def __init__(self, delay, blocking, slots):
        self.delay, self.blocking = delay, blocking
        self.slots = asyncio.Semaphore(slots)
        self.under_way = self.peak = 0

    async def answer(self, path):
        async with self.slots:
            self.under_way += 1
            self.peak = max(self.peak, self.under_way)
            if self.blocking:  # The flag.
                time.sleep(self.delay)
            else:
                await asyncio.sleep(self.delay)
            self.under_way -= 1
        match path.split("/"):
            case ["", "index", word]:
                return 200, "\n".join(
                    f"{ord(c):04X}"
                    for c in SIGNS
                    if word.upper() in name(c, "").replace("-", " ").split()
                )
            case ["", "name", code]:
                if not fullmatch("[0-9A-Fa-f]{4,6}", code):
                    return 400, "a code is 4 to 6 hexadecimal digits"
                char = chr(min(int(code, 16), 0x10FFFF))
                try:
                    return 200, name(char)
                except ValueError:
                    return 404, "it has no name"
        return 404, "see /index/chess, /name/265C"

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                status, body = await self.answer(head.split()[1].decode())
                text = f"HTTP/1.1 {status} \r\nContent-Length: {len(body)}"
                writer.write(f"{text}\r\n\r\n{body}".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionResetError):
            pass  # The client has gone.
        finally:
            writer.close()


class Server:
    """A thread with a loop of its own, for as long as the block lasts."""

    def __init__(self, *args):
        self.args, self.ready = args, threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=asyncio.run, args=[self.run()])
        self.thread.start()
        self.ready.wait()
        return self

    async def run(self):
        self.loop, self.end = asyncio.get_running_loop(), asyncio.Event()
        self.signs = Signs(*self.args)
        server = await asyncio.start_server(self.signs.serve, "127.0.0.1")
        self.address = server.sockets[0].getsockname()
        self.ready.set()
        await self.end.wait()
        server.close()

    def __exit__(self, *exc):
        self.loop.call_soon_threadsafe(self.end.set)
        self.thread.join()


class Client:
    async def connect(address):
        client = Client()
        client.streams = await asyncio.open_connection(*address)
        return client

    async def get(self, path):
        reader, writer = self.streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.decode().lower().split("content-length: ")[1])
        return (await reader.readexactly(length)).decode()

    def close(self):
        self.streams[1].close()


async def answers_a_delay(address, clients):
    async def ask():
        client, answers = await Client.connect(address), 0
        while time.monotonic() < start + 10 * DELAY:
            await client.get("/name/265C")
            answers += 1
        client.close()
        return answers

    start = time.monotonic()
    answers = sum(await asyncio.gather(*[ask() for _ in range(clients)]))
    return answers / ((time.monotonic() - start) / DELAY)


async def find(address, words):
    async def get(path):
        client = await Client.connect(address)
        body = await client.get(path)
        client.close()
        return body

    async def name_of(code):
        async with slots:
            return code, await get(f"/name/{code}")

    asked = [get(f"/index/{word}") for word in words]
    found = [set(lines.split()) for lines in await asyncio.gather(*asked)]
    slots = asyncio.Semaphore(AT_ONCE)
    codes = sorted(set.intersection(*found))
    return await asyncio.gather(*map(name_of, codes))


def main():
    for label, blocking, slots in [
        ("blocking", True, 1000),
        ("waiting", False, 1000),
        ("waiting, 4 slots", False, 4),
    ]:
        with Server(DELAY, blocking, slots) as server:
            one = asyncio.run(answers_a_delay(server.address, 1))
            many = asyncio.run(answers_a_delay(server.address, 16))
            print(
                f"{label}: {one:.1f} answers a delay for 1 client, "
                f"{many:.1f} for 16"
            )
    with Server(DELAY / 4, False, 1000) as server:
        for code, sign in asyncio.run(find(server.address, ["black", "chess"])):
            print(f"U+{code} {sign}")
        print(f"at most {server.signs.peak} answers under way at once")


if __name__ == "__main__":
    main()
