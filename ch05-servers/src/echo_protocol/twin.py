"""A protocol is called when something has happened, and never waits.

python3 ch05-servers/src/echo_protocol/twin.py
"""

import asyncio
import sys
import threading
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from echo_threads.twin import trial


class Echo(asyncio.Protocol):
    open = set()
    accepted = 0

    def connection_made(self, transport):
        self.transport = transport
        Echo.open.add(transport)
        Echo.accepted += 1

    def data_received(self, chunk):
        self.transport.write(chunk)

    def connection_lost(self, err):
        Echo.open.discard(self.transport)

    def pause_writing(self):
        # The client does not read: read from it no more.
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


async def serve(started):
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    server = await loop.create_server(Echo, "127.0.0.1", 0, backlog=1024)

    def stop():
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        return Echo.accepted

    started.append((server.sockets[0].getsockname(), stop))
    ready.set()
    await ended.wait()
    server.close()
    for transport in list(Echo.open):
        transport.close()
    while Echo.open:
        await asyncio.sleep(0)


if __name__ == "__main__":
    started = []
    ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve(started)))
    thread.start()
    ready.wait()
    trial(*started[0])
