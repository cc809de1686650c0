"""A server that fails on demand.

python3 ch05-servers/src/flags/twin.py
"""

import random
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from string import ascii_lowercase
from threading import Thread
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

FOUND = 200, "OK"
PART = 206, "Partial Content"
MISSING = 404, "Not Found"
NOTHING = 416, "Range Not Satisfiable"
TEAPOT = 418, "I'm a teapot"


class Flags:
    """All paths that there are: one is looked up, not taken apart."""

    def __init__(self, delay=(0, 0), error_rate=0, seed=7):
        self.delays, self.error_rate, self.seed = delay, error_rate, seed
        codes = map("".join, product(ascii_lowercase, repeat=2))
        self.paths = {f"/{code}/{code}.gif": code for code in codes}

    def chance(self, what, path):
        # Of its own for each path: with one for all, what a client gets would
        # depend on earlier requests.
        return random.Random(f"{self.seed} {what} {path}")

    def delay(self, path):
        return self.chance("delay", path).uniform(*self.delays)

    def answer(self, path, wanted=None):
        if path not in self.paths:
            return MISSING, b"", None
        if self.chance("error", path).random() < self.error_rate:
            return TEAPOT, b"", None
        return part(picture(self.paths[path]), wanted)


def picture(code):
    """Return a GIF of one pixel, in the code's colour."""
    colour = random.Random(code).randbytes(3)
    head = b"GIF89a\1\0\1\0\x80\0\0" + colour + b"\0\0\0"
    return head + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


def part(content, wanted):
    """Read `bytes=0-99`, `bytes=100-` or `bytes=-100`; ignore what is none."""
    unit, _, wanted = (wanted or "").partition("=")
    first, _, last = wanted.partition("-")
    digits = (first + last).isdecimal() and (first + last).isascii()
    if unit.lower() != "bytes" or not digits:
        return FOUND, content, None
    if first and last and int(first) > int(last):
        return FOUND, content, None
    if not first:
        start, stop = max(len(content) - int(last), 0), len(content)
    else:
        start, stop = int(first), int(last or len(content)) + 1
    if start >= len(content):
        return NOTHING, b"", f"bytes */{len(content)}"
    body = content[start:stop]
    return PART, body, f"bytes {start}-{start + len(body) - 1}/{len(content)}"


class Handler(BaseHTTPRequestHandler):
    flags = Flags()

    def do_GET(self):
        # A file without a tag is never the one that If-Range names.
        fresh = self.headers["If-Range"] is None
        wanted = self.headers["Range"] if fresh else None
        status, body, said = self.flags.answer(self.path, wanted)
        self.send_response(*status)
        if said:
            self.send_header("Content-Range", said)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


# Without proxies: on another machine they would look for our server there.
OPENER = build_opener(ProxyHandler({}))


def get(server, path, **headers):
    host, port = server.server_address
    request = Request(f"http://{host}:{port}{path}", headers=headers)
    try:
        with OPENER.open(request, timeout=20) as answer:
            return f"{answer.status} {answer.reason}"
    except HTTPError as err:
        with err:
            return f"{err.code} {err.reason}"


def main():
    flags = Flags(delay=(0.5, 5), error_rate=0.25)
    again = Flags(delay=(0.5, 5), error_rate=0.25)
    first = [flags.answer(path)[0] for path in flags.paths]
    print(f"{len(first)} flags, {first.count(TEAPOT)} of them teapots")
    second = [again.answer(path)[0] for path in again.paths]
    print(f"the same ones the second time: {str(first == second).lower()}")
    slowest = max(flags.paths, key=flags.delay)
    print(f"the slowest is {slowest}, {flags.delay(slowest):.2f} s")

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever).start()
        for path in [
            "/br/br.gif",
            "/BR/BR.GIF",
            "/br/../br/br.gif",
            "/br/",
            "/con",
        ]:
            print(f"{path}: {get(server, path)}")
        for wanted in ["bytes=0-5", "bytes=-1", "bytes=5-2", "bytes=99999999-"]:
            print(f"{wanted}: {get(server, '/br/br.gif', Range=wanted)}")
        server.shutdown()


if __name__ == "__main__":
    main()
