"""A page that works without its script, and an API for programs.

python3 ch05-servers/src/web/twin.py
"""

import asyncio
import json
import sys
from aiohttp import web
from html import escape
from pathlib import Path
from unicodedata import name
from urllib.parse import urlencode

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from finder.twin import Index, picture, words

PAGE = 100
MOST = 500
INDEX = web.AppKey("INDEX", Index)
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'"


def wanted(request):
    """Return the query, and which results of it."""
    for key in "q", "start", "stop":
        if len(request.query.getall(key, [])) > 1:
            raise ValueError("one q, one start, one stop")
    query = request.query.get("q", "")
    start = number(request, "start", 0)
    stop = number(request, "stop", start + PAGE)
    return query, start, min(max(start, stop), start + MOST)


def number(request, key, default):
    text = request.query.get(key, str(default))
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{key} is no number")
    return int(text)


async def search(request):
    try:
        query, start, stop = wanted(request)
        if not words(query):
            raise ValueError("no word in q")
    except ValueError as err:
        return as_json({"error": str(err)}, status=400)
    found = request.app[INDEX].find(query)
    page = found[start:stop]
    results = {
        "total": len(found),
        "start": start,
        "stop": start + len(page),
        "chars": [
            {"code": f"U+{ord(c):04X}", "char": picture(c), "name": name(c)}
            for c in page
        ],
    }
    return as_json(results)


def as_json(value, status=200):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    kind = "application/json"
    return web.Response(text=text, status=status, content_type=kind)


async def page(request):
    try:
        query, start, stop = wanted(request)
    except ValueError as err:
        return web.Response(text=f"{err}\n", status=400)
    found = request.app[INDEX].find(query)
    # Escaped by hand, wherever it goes: one forgotten `escape` is a hole.
    rows = "".join(
        f"<tr><td><bdi>{escape(picture(c))}</bdi></td>"
        f"<th scope=row>{name(c)}</th><td>U+{ord(c):04X}</td></tr>"
        for c in found[start:stop]
    )
    following = escape("/?" + urlencode({"q": query, "start": stop}))
    more = f'<a rel=next href="{following}">The next {PAGE}</a>'
    html = f"""<!DOCTYPE html>
<html lang=en><meta charset=utf-8><title>Character finder</title>
<form><label for="q">Words of a character’s name</label>
<input id="q" name="q" type="search" value="{escape(query)}">
<button>Find</button></form>
<p>{len(found)} found<table>{rows}</table>{more * (stop < len(found))}"""
    response = web.Response(text=html, content_type="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response


async def health(request):
    return web.Response(text="ok\n")


@web.middleware
async def plain_errors(request, handler):
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        text = "nothing here; try /\n"
        response = web.Response(status=404, text=text)
    except web.HTTPMethodNotAllowed as err:
        text, allowed = "GET or HEAD, please\n", "GET, HEAD"
        headers = {"Allow": allowed}
        response = web.Response(status=err.status, text=text, headers=headers)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def application(index):
    app = web.Application(middlewares=[plain_errors])
    app[INDEX] = index
    app.router.add_get("/", page)
    app.router.add_get("/search", search)
    app.router.add_get("/health", health)
    return app


REQUESTS = [
    "GET /health",
    "GET /search?q=cat+smiling&stop=2",
    "GET /search?q=registered",
    "GET /search?q=%20",
    "GET /?q=%22%3E%3Cscript%3E",
    "GET /nowhere",
    "POST /search?q=cat",
]


async def exchange(address, request):
    reader, writer = await asyncio.open_connection(*address)
    head = f"{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    answer = await reader.read()
    writer.close()
    return answer.decode()


async def main():
    index = await asyncio.to_thread(Index)
    runner = web.AppRunner(application(index), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    for request in REQUESTS:
        print(request)
        answer = await exchange(runner.addresses[0], request)
        head, _, body = answer.partition("\r\n\r\n")
        print("   ", head.splitlines()[0].removeprefix("HTTP/1.1 "))
        if (start := body.find("<input")) >= 0:
            print("   ", body[start : body.index(">", start) + 1])
        else:
            print("   ", body.rstrip())
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
