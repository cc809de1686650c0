"""A task for each connection: the thread's loop, at a task's price.

python3 ch05-servers/src/echo_tokio/twin.py
"""

import asyncio
import sys
import threading
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from echo_threads.twin import trial

tasks = set()
accepted = 0


async def echo(reader, writer):
    global accepted
    accepted += 1
    tasks.add(asyncio.current_task())
    try:
        while chunk := await asyncio.wait_for(reader.read(4096), 10):
            writer.write(chunk)
            # Without this line the client that does not read fills our memory.
            await writer.drain()
    except asyncio.CancelledError:
        pass  # The server ends; everything that came was echoed.
    finally:
        tasks.discard(asyncio.current_task())
        writer.close()


async def serve(started):
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=1024)

    def stop():
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        return accepted

    started.append((server.sockets[0].getsockname(), stop))
    ready.set()
    await ended.wait()
    server.close()
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    started = []
    ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve(started)))
    thread.start()
    ready.wait()
    trial(*started[0])
