"""The downloader: one program, three ways to wait for many things.

python3 ch04-async/src/flags/twin.py --help
"""

import argparse
import asyncio
import collections
import concurrent.futures
import contextlib
import http.server
import json
import os
import pathlib
import random
import string
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from http import HTTPStatus

POPULOUS = "BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN"
COUNTRIES = pathlib.Path(__file__).with_name("countries.tsv")
LABELS = {  # delay in seconds, share of errors
    "LOCAL": (0, 0),
    "REMOTE": (0.2, 0),
    "DELAY": (0.5, 0),
    "ERROR": (0.5, 0.25),
}
DEFAULT_CONNECTIONS = {"sequential": 1, "threads": 30, "async": 5}
MOST_CONNECTIONS = 1000
SAVED, NOT_FOUND, ERROR = "saved", "not found", "error"


# ---- Shared: what does not care how one waits.

class BadAnswer(Exception):
    """The server answered, but not with a flag."""


def say(code, what):
    # One write for the line and its end: threads may not come in between.
    sys.stdout.write(f"[{code}] {what}\n")


def flag_url(args, code):
    return f"{args.base_url}/{code.lower()}/{code.lower()}.gif"


def metadata_url(args, code):
    return f"{args.base_url}/{code.lower()}/metadata.json"


def file_name(code, metadata):
    """Name the file of a flag: BR.gif, or Brazil-BR.gif."""
    if not metadata:
        return f"{code}.gif"
    country = str(json.loads(metadata)["country"])
    safe = "".join(c if c.isalnum() or c == "-" else "_" for c in country)
    return f"{safe[:60]}-{code}.gif"


def save(args, code, image, metadata):
    """Write under another name, then rename: never half a flag."""
    with tempfile.TemporaryDirectory(prefix=".flags-", dir=args.dest) as folder:
        part = pathlib.Path(folder, code)
        part.write_bytes(image)
        os.replace(part, pathlib.Path(args.dest, file_name(code, metadata)))


def judge(status):
    """Tell whether there is such a flag; raise if there is no telling."""
    if status in (HTTPStatus.OK, HTTPStatus.NOT_FOUND):
        return status == HTTPStatus.OK
    known = status in HTTPStatus.__members__.values()
    raise BadAnswer(f"{status} {HTTPStatus(status).phrase if known else ''}")


def finish(args, code, outcome, detail):
    if args.verbose:
        match outcome:
            case "saved": say(code, f"{detail} bytes")
            case "not found": say(code, "not found")
            case "error": say(code, f"error: {detail}")
    return code, outcome, detail


def start(args, code):
    if args.verbose:
        say(code, "started")


# ---- For a thread that waits.

def get(args, url):
    # Without proxies: on another machine they would look for our server there.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=args.timeout) as answer:
            return judge(answer.status) and answer.read()
    except urllib.error.HTTPError as err:
        return judge(err.code)


def download_one(args, code):
    start(args, code)
    try:
        # Two requests, one after the other: plain local variables.
        metadata = args.country_names and get(args, metadata_url(args, code))
        image = get(args, flag_url(args, code))
        if not image:
            return finish(args, code, NOT_FOUND, None)
        save(args, code, image, metadata)
    # What urllib raises besides OSError, `http.client` raises.
    except (OSError, http.client.HTTPException, BadAnswer) as err:
        return finish(args, code, ERROR, str(err))
    return finish(args, code, SAVED, len(image))


def sequential(args, codes):
    for code in codes:
        yield download_one(args, code)


def threads(args, codes):
    pool = concurrent.futures.ThreadPoolExecutor(args.max_req)
    try:
        todo = [pool.submit(download_one, args, code) for code in codes]
        for future in concurrent.futures.as_completed(todo):
            yield future.result()
    finally:
        # After Ctrl-C, not the whole queue first.
        pool.shutdown(cancel_futures=True)


# ---- For a task that waits: the same functions again, in another colour.

async def get_async(permits, session, url):
    # A permit for each request, not one for both.
    async with permits, session.get(url) as answer:
        return judge(answer.status) and await answer.read()


async def download_one_async(args, session, permits, code):
    metadata = None
    start(args, code)
    try:
        if args.country_names:
            url = metadata_url(args, code)
            metadata = await get_async(permits, session, url)
        image = await get_async(permits, session, flag_url(args, code))
        if not image:
            return finish(args, code, NOT_FOUND, None)
        # A slow disk would hold up every other download.
        await asyncio.to_thread(save, args, code, image, metadata)
    except (OSError, aiohttp.ClientError, TimeoutError, BadAnswer) as err:
        return finish(args, code, ERROR, str(err) or type(err).__name__)
    return finish(args, code, SAVED, len(image))


async def tasks(args, codes, results):
    permits = asyncio.Semaphore(args.max_req)
    limits = aiohttp.ClientTimeout(total=args.timeout)
    async with aiohttp.ClientSession(timeout=limits) as session:
        todo = [download_one_async(args, session, permits, code)
                for code in codes]
        # In the order in which they end; the result knows its code.
        for done in asyncio.as_completed(todo):
            results.append(await done)


def concurrently(args, codes):
    results = []
    try:
        asyncio.run(tasks(args, codes, results))
    finally:
        yield from results


# ---- The other side of the line.

class FlagHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        args = self.server.args
        time.sleep(args.delay)
        lucky = random.Random(f"{args.seed}{self.path}")
        if lucky.random() < args.error_rate:
            self.answer(HTTPStatus.IM_A_TEAPOT, b"")
        elif self.path in self.server.metadata:
            country = {"country": self.server.metadata[self.path]}
            self.answer(HTTPStatus.OK, json.dumps(country).encode())
        elif self.path in self.server.paths:
            size = lucky.randrange(2_700, 21_500)
            self.answer(HTTPStatus.OK, b"GIF89a" + lucky.randbytes(size) + b";")
        else:
            self.answer(HTTPStatus.NOT_FOUND, b"")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # The client may have given up: its affair.
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class FlagServer(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, args):
        super().__init__(("127.0.0.1", 0), FlagHandler)
        self.args = args
        self.paths = {f"/{code}/{code}.gif" for code in
                      map(str.lower, countries())}
        self.metadata = {f"/{code.lower()}/metadata.json": country
                         for code, country in countries().items()}
        threading.Thread(target=self.serve_forever, daemon=True).start()


# ---- The command line and the report.

def countries():
    text = COUNTRIES.read_text(encoding="utf-8")
    return dict(line.split("\t") for line in text.splitlines())


def wanted(word):
    if not 1 <= len(word) <= 2 or not set(word) <= set(string.ascii_letters):
        raise argparse.ArgumentTypeError("a country code has two letters, A-Z")
    first = word.upper()
    return [first] if len(first) == 2 else [
        first + second for second in string.ascii_uppercase]


def positive(text):
    if int(text) < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return int(text)


def parse(argv):
    parser = argparse.ArgumentParser(prog="flags.py")
    parser.add_argument("codes", nargs="*", type=wanted, metavar="CODE")
    parser.add_argument("-a", "--all", action="store_true")
    parser.add_argument("-e", "--every", action="store_true")
    parser.add_argument("-l", "--limit", type=positive, metavar="N")
    parser.add_argument("-m", "--max-req", type=positive, metavar="N")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-s", "--server", type=str.upper, choices=LABELS,
                        default="REMOTE")
    parser.add_argument("--mode", choices=DEFAULT_CONNECTIONS, default="async")
    parser.add_argument("--delay", type=float, metavar="S")
    parser.add_argument("--country-names", action="store_true")
    parser.add_argument("--listing", action="store_true")
    parser.add_argument("--error-rate", type=float, metavar="P")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--base-url", metavar="URL")
    parser.add_argument("--dest", default="target/flags.py", metavar="DIR")
    parser.add_argument("--timeout", type=float, default=30, metavar="S")
    return parser.parse_args(argv)


def choose(args):
    letters = string.ascii_uppercase
    if args.every:
        codes = [a + b for a in letters for b in letters]
    elif args.all:
        codes = list(countries())
    else:
        codes = [code for group in args.codes for code in group]
    return sorted(codes or POPULOUS.split())[:args.limit]


def counted(n, noun):
    return f"{n} {noun}{'' if n == 1 else 's'}"


def main(argv=None):
    args = parse(argv)
    if args.mode == "async":
        global aiohttp  # pylint: disable=global-statement
        import aiohttp  # The other two modes do without it.
    codes = choose(args)
    most = 1 if args.mode == "sequential" else args.max_req
    args.max_req = min(most or DEFAULT_CONNECTIONS[args.mode],
                       MOST_CONNECTIONS, len(codes))
    delay, error_rate = LABELS[args.server]
    args.delay = delay if args.delay is None else args.delay
    args.error_rate = error_rate if args.error_rate is None else args.error_rate
    shown = " ".join(codes) if len(codes) <= 10 else (
        f"from {codes[0]} to {codes[-1]}")
    print(f"Searching for {counted(len(codes), 'flag')}: {shown}")
    print("1 connection will be used." if args.max_req == 1 else
          f"{args.max_req} concurrent connections will be used.")
    print("-" * 20)

    if not args.base_url:
        host, port = FlagServer(args).server_address
        args.base_url = f"http://{host}:{port}"
    os.makedirs(args.dest, exist_ok=True)
    engine = {"sequential": sequential, "threads": threads,
              "async": concurrently}[args.mode]
    if args.verbose:
        for code in codes:
            say(code, "queued")
    begun, results, interrupted = time.perf_counter(), [], False
    try:
        for result in engine(args, codes):
            results.append(result)
    except KeyboardInterrupt:
        interrupted = True

    tally = collections.Counter(outcome for _, outcome, _ in results)
    print(f"{counted(tally[SAVED], 'flag')} downloaded")
    print(f"{tally[NOT_FOUND]} not found")
    print(counted(tally[ERROR], "error"))
    details = collections.Counter(
        detail for _, outcome, detail in results if outcome == ERROR)
    for detail, n in details.items():
        print(f"error: {detail} ({counted(n, 'flag')})", file=sys.stderr)
    took = time.perf_counter() - begun
    if args.listing:
        for code in codes:
            end = f"-{code}.gif" if args.country_names else f"{code}.gif"
            for path in sorted(pathlib.Path(args.dest).iterdir()):
                if path.name.endswith(end) and args.country_names or (
                        path.name == end):
                    print(path.name)
        print(f"took as long as {took / args.delay:.1f} answers")
    print(f"{took:.2f} s", file=sys.stderr)
    if interrupted:
        return 130
    assert tally.total() == len(codes), "some flags are unaccounted for"
    return 1 if tally[ERROR] else 0


if __name__ == "__main__":
    sys.exit(main())
