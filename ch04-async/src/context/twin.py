"""`contextvars`: which request a line of the log is for.

python3 ch04-async/src/context/twin.py
"""

import asyncio
import threading
from contextvars import ContextVar

REQUEST = ContextVar("REQUEST", default=None)
CURRENT = threading.local()


async def serve_broken(request):
    CURRENT.request = request
    print(f"  request {CURRENT.request}: looks up")
    await asyncio.sleep(0)
    print(f"  request {CURRENT.request}: found")


def say(step):
    print(f"  request {REQUEST.get()}: {step}")


async def look_up():
    say("looks up")
    await asyncio.sleep(0)
    say("found")


async def serve(request):
    REQUEST.set(request)
    await look_up()


async def child():
    # A task begins with a copy of its parent's context.
    await asyncio.create_task(look_up())


async def changes():
    await asyncio.create_task(serve(2))
    say("goes on")


async def main():
    print("a thread-local")
    await asyncio.gather(serve_broken(1), serve_broken(2))
    print("a context variable")
    await asyncio.gather(serve(1), serve(2))
    REQUEST.set(1)
    print("a context variable, and a new task")
    await child()
    print("a new task that changes it")
    await changes()
    print("a thread of to_thread")
    await asyncio.to_thread(say, "computes")
    print("a thread of run_in_executor")
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, say, "computes")


if __name__ == "__main__":
    asyncio.run(main())
