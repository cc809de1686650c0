"""A cancelled task is asked, and may refuse; a blocking one is not stopped.

python3 ch04-async/src/cancel/twin.py
"""

import asyncio
import concurrent.futures
import threading


def ended(task):
    if task.cancelled():
        return "cancelled"
    return "raised" if task.exception() else "finished"


async def waiting():
    task = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    asked = task.cancel()
    at_once = task.cancelled()
    await asyncio.wait([task])
    print(f"waiting: {ended(task)}; cancel() said {asked};", end=" ")
    print(f"already when cancel() returned: {at_once}")


async def done():
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    print(f"done: {ended(task)}; cancel() said {task.cancel()}")


async def before_its_first_step():
    ran = []

    async def body():
        ran.append(True)

    task = asyncio.create_task(body())
    task.cancel()
    await asyncio.wait([task])
    print(f"before its first step: {ended(task)}; its body ran: {bool(ran)}")


async def refusing():
    async def body():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "no"

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    task.cancel()
    print(f"refusing: gives {await task!r}; {ended(task)}")


async def blocking():
    begun, release = threading.Event(), threading.Event()

    def work():
        begun.set()
        release.wait()

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running, queued = pool.submit(work), pool.submit(work)
        begun.wait()
        print("blocking, already running: cancel() said", running.cancel())
        print("blocking, in the queue: cancel() said", queued.cancel())
        release.set()


def at_shutdown():
    begun, release, done = (threading.Event() for _ in range(3))

    def work():
        begun.set()
        release.wait()
        done.set()

    async def leaves():
        future = asyncio.get_running_loop().run_in_executor(None, work)
        begun.wait()
        # Cancels the future; the function does not hear of it.
        future.cancel()
        release.set()

    asyncio.run(leaves())
    print("  cancelled, its loop closed: it was waited for:", done.is_set())


async def ten():
    async def body(n):
        if n == 3:
            raise ValueError("on purpose")

    tasks = [asyncio.create_task(body(n)) for n in range(10)]
    await asyncio.wait(tasks)
    ends = [ended(task) for task in tasks]
    finished, raised = ends.count("finished"), ends.count("raised")
    print(f"ten, one raises: {finished} finished, {raised} raised")


async def main():
    await waiting()
    await done()
    await before_its_first_step()
    await refusing()
    await blocking()
    # A loop cannot run in the thread of another one.
    await asyncio.to_thread(at_shutdown)
    await ten()


if __name__ == "__main__":
    asyncio.run(main())
