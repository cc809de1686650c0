"""aiohttp: one URL, then ten at once, and errors by kind.

python3 ch04-async/src/http_get/twin.py
"""

import asyncio
import socket
import time

import aiohttp
from aiohttp import web

DELAY = 0.2
CODES = "cn in us id br pk ng bd ru jp".split()


async def get(client, url):
    async with client.get(url) as response:
        response.raise_for_status()
        return len(await response.read())


async def get_all(client, urls):
    return await asyncio.gather(*(get(client, url) for url in urls))


def kind(err):
    match err:
        case aiohttp.ClientResponseError():
            return f"the server answers {err.status} {err.message}"
        case TimeoutError():
            return "no answer in time"
        case aiohttp.ClientConnectorError():
            return "no connection"
        case aiohttp.InvalidURL():
            return "not a URL"
        case _:
            return repr(err)


async def flag(request):
    await asyncio.sleep(DELAY)
    code = request.match_info["code"]
    if code not in CODES:
        raise web.HTTPNotFound()
    return web.Response(body=f"the flag of {code}".encode())


async def serve():
    app = web.Application()
    app.router.add_get("/{folder}/{code}.gif", flag)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    return runner, f"http://127.0.0.1:{port}"


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        return f"http://127.0.0.1:{gone.getsockname()[1]}/"


async def main():
    runner, base = await serve()
    urls = [f"{base}/{code}/{code}.gif" for code in CODES]
    async with aiohttp.ClientSession() as client:
        start = time.monotonic()
        size = await get(client, urls[0])
        took = 1000 * (time.monotonic() - start)
        print(f"one: {size} bytes in {took:.0f} ms")

        start = time.monotonic()
        size = sum([await get(client, url) for url in urls])
        took = 1000 * (time.monotonic() - start)
        print(f"ten in turn: {size} bytes in {took:.0f} ms")

        start = time.monotonic()
        size = sum(await get_all(client, urls))
        took = 1000 * (time.monotonic() - start)
        print(f"ten at once: {size} bytes in {took:.0f} ms")

        start = time.monotonic()
        answers = len(await get_all(client, [urls[0]] * 10))
        took = 1000 * (time.monotonic() - start)
        print(f"the first, ten times at once: {answers} answers in {took:.0f} ms")

        limit = aiohttp.ClientTimeout(total=DELAY / 4)
        async with aiohttp.ClientSession(timeout=limit) as hasty:
            for case, session, url in [
                ("not there", client, f"{base}/zz/zz.gif"),
                ("too slow", hasty, urls[0]),
                ("no server", client, closed_port()),
                ("no scheme", client, "flags/br.gif"),
            ]:
                try:
                    print(f"{case}: {await get(session, url)} bytes")
                except (aiohttp.ClientError, TimeoutError) as err:
                    print(f"{case}: {kind(err)}")
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
