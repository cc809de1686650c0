"""Twelve slow answers: in a row, on twelve threads, on one thread at once.

python3 ch05-servers/src/animals/twin.py
"""

import asyncio
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANIMALS = {
    "cow": "moo",
    "pig": "oink",
    "chicken": "cluck",
    "sheep": "baa",
    "horse": "neigh",
    "duck": "quack",
    "goat": "meh",
    "dog": "woof",
    "cat": "meow",
    "turkey": "gobble",
    "donkey": "hee-haw",
    "rooster": "cock-a-doodle-doo",
}
DELAY = 0.1


class Counter:
    """Counts how many are inside, and the most there were."""

    def __init__(self):
        self.lock = threading.Lock()
        self.inside = self.peak = 0

    def __enter__(self):
        with self.lock:
            self.inside += 1
            self.peak = max(self.peak, self.inside)

    def __exit__(self, *exc):
        with self.lock:
            self.inside -= 1


async def serve(reader, writer, blocking, counter):
    request = await reader.readuntil(b"\r\n\r\n")
    name = request.split(b" ")[1].decode().removeprefix("/animals/")
    with counter:
        if blocking:
            time.sleep(DELAY)
        else:
            await asyncio.sleep(DELAY)
    says = ANIMALS[name].encode()
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + says)
    await writer.drain()
    writer.close()


def start_loop(blocking, counter):
    ready = threading.Event()
    started = []

    async def run():
        ended = asyncio.Event()
        server = await asyncio.start_server(
            lambda reader, writer: serve(reader, writer, blocking, counter),
            "127.0.0.1",
        )
        loop = asyncio.get_running_loop()
        stop = lambda: loop.call_soon_threadsafe(ended.set)
        started.extend([server.sockets[0].getsockname(), stop])
        ready.set()
        await ended.wait()
        server.close()
        await asyncio.sleep(0.01)  # For the connections' last words.

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    ready.wait()
    return started


def start_threads(counter):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            with counter:
                time.sleep(DELAY)
            self.send_response(200)
            self.end_headers()
            name = self.path.removeprefix("/animals/")
            self.wfile.write(ANIMALS[name].encode())

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever).start()
    return server.server_address, server.shutdown


# Without proxies: on another machine they would look for our server there.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main():
    for how in "Blocking", "Threads", "Async":
        counter = Counter()
        if how == "Threads":
            address, stop = start_threads(counter)
        else:
            address, stop = start_loop(how == "Blocking", counter)
        answers = []

        def ask(animal):
            url = f"http://{address[0]}:{address[1]}/animals/{animal}"
            with OPENER.open(url, timeout=20) as answer:
                answers.append(answer.read())

        start = time.perf_counter()
        clients = [threading.Thread(target=ask, args=(a,)) for a in ANIMALS]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        seconds = time.perf_counter() - start
        print(
            f"{how}: {len(answers)} answers, "
            f"at most {counter.peak} under way at once"
        )
        print(f"    {seconds:.2f} s", file=sys.stderr)
        stop()


if __name__ == "__main__":
    main()
