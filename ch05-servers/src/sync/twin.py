"""The same service without async, with the same answers.

python3 ch05-servers/src/sync/twin.py
"""

import asyncio
import json
import sys
from aiohttp import web
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from unicodedata import name
from urllib.parse import parse_qs, urlsplit

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from finder.twin import Index, picture, words
from web.twin import application

PATHS = [
    "/health",
    "/search?q=cat+smiling",
    "/search?q=%20",
    "/nowhere",
]


class Handler(BaseHTTPRequestHandler):
    """A thread for each client; the framework's and ours in one."""

    protocol_version = "HTTP/1.1"
    index = None

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/health":
            self.say(200, "text/plain", "ok\n")
        elif url.path == "/search":
            self.say(*search(self.index, parse_qs(url.query)))
        else:
            self.say(404, "text/plain", "nothing here; try /\n")

    def say(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def search(index, query):
    # Nothing here is async. It would be the same function if something were:
    # that is why `web.py` could not use it.
    query = query.get("q", [""])[0]
    if not words(query):
        return as_json(400, {"error": "no word in q"})
    found = index.find(query)
    chars = [
        {"code": f"U+{ord(c):04X}", "char": picture(c), "name": name(c)}
        for c in found[:100]
    ]
    results = {"total": len(found), "start": 0, "stop": len(chars)}
    return as_json(200, results | {"chars": chars})


def as_json(status, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return status, "application/json", text


async def ask(address, path):
    """Return what both have to agree on: status, kind and body."""
    reader, writer = await asyncio.open_connection(*address)
    head = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    status, *headers = head.splitlines()
    headers = dict(line.lower().split(": ", 1) for line in headers)
    kind = headers["content-type"].split(";")[0]
    return status.removeprefix("HTTP/1.1 "), kind, body


async def main():
    Handler.index = index = Index(range(0x1F600, 0x1F650))
    threads = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=threads.serve_forever).start()
    runner = web.AppRunner(application(index), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    for path in PATHS:
        one = await ask(threads.server_address, path)
        other = await ask(runner.addresses[0], path)
        same = str(one == other).lower()
        print(f"{path}: {one[0]}, the same from both: {same}")
    await runner.cleanup()
    await asyncio.to_thread(threads.shutdown)
    threads.server_close()


if __name__ == "__main__":
    asyncio.run(main())
