"""The twin of the web finder, without a line of log for a request."""

import asyncio
import sys

sys.path.insert(0, "ch05-servers/src")
import web.twin as web
from aiohttp.web import AppRunner, TCPSite


async def main():
    runner = AppRunner(web.application(web.Index()), access_log=None)
    await runner.setup()
    await TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    host, port = runner.addresses[0]
    print(f"listening on {host}:{port}", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
