"""A heavy answer, made whole on the event loop, makes every client wait.

python3 ch05-servers/src/heavy_query/twin.py
"""

import asyncio
import functools
import json
import sys
from aiohttp import ClientSession, web
from pathlib import Path
from unicodedata import name

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from finder.twin import Index, picture

HEAVY = "cjk"
LIGHT = "registered"
PAGE = 500


class Tally:
    """How many light answers there were, and when the heavy ones were made."""

    def __init__(self):
        self.light = 0
        self.begun = None
        self.ended = 0

    def begin(self):
        if self.begun is None:
            self.begun = self.light

    def meanwhile(self):
        return self.ended - self.begun


def answer(find, query, start=0, stop=None):
    found = find(query)
    chars = [
        {"code": f"U+{ord(c):04X}", "char": picture(c), "name": name(c)}
        for c in found[start:stop]
    ]
    total, stop = len(found), start + len(chars)
    text = json.dumps({"total": total, "stop": stop, "chars": chars})
    return web.Response(text=text, content_type="application/json")


def application(index, tally):
    # Sorted once: Rust's index has its lists in order.
    find = functools.lru_cache(index.find)

    async def heavy(request):
        query = request.query["q"]
        tally.begin()
        match request.match_info["way"]:
            case "whole":
                # No await in there: no other task has a turn.
                response = answer(find, query)
            case "pages":
                start = int(request.query["start"])
                response = answer(find, query, start, start + PAGE)
            case "elsewhere":
                response = await asyncio.to_thread(answer, find, query)
        tally.ended = tally.light
        return response

    async def light(request):
        tally.light += 1
        return answer(find, request.query["q"])

    app = web.Application()
    app.router.add_get("/search", light)
    app.router.add_get("/{way}", heavy)
    return app


async def get_all(session, way):
    stop, total, answers = 0, None, 0
    while stop != total:
        parameters = {"q": HEAVY, "start": stop}
        async with session.get(f"/{way}", params=parameters) as response:
            results = json.loads(await response.read())
        stop, total, answers = results["stop"], results["total"], answers + 1
    return answers


async def ask_all_the_time(session, asked):
    while True:
        async with session.get("/search", params={"q": LIGHT}) as response:
            await response.read()
        asked.set()


async def main():
    index, tally = Index(), Tally()
    print(f"{len(index.find(HEAVY))} rows for {HEAVY}")
    app = application(index, tally)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    async with ClientSession(f"http://{host}:{port}") as session:
        asked = asyncio.Event()
        light = asyncio.create_task(ask_all_the_time(session, asked))
        await asked.wait()
        for way in "whole", "pages", "elsewhere":
            tally.begun = None
            answers = await get_all(session, way)
            n = tally.meanwhile()
            print(f"{way}: {answers} heavy, and {n} light meanwhile")
        light.cancel()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
