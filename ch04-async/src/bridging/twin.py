"""Sync code in async code, and back: to_thread, run_coroutine_threadsafe.

python3 ch04-async/src/bridging/twin.py
"""

import asyncio
import queue
import threading

DISHES = ["tea", "rice", "soup"]


async def price(dish):
    await asyncio.sleep(0)
    return len(dish)


def total(price_of):
    return sum(price_of(dish) for dish in DISHES)


def run(coroutine):
    try:
        return asyncio.run(coroutine)
    finally:
        coroutine.close()


async def total_broken():
    return total(lambda dish: run(price(dish)))


async def total_bridged():
    loop = asyncio.get_running_loop()

    def price_of(dish):
        return asyncio.run_coroutine_threadsafe(price(dish), loop).result()

    return await asyncio.to_thread(total, price_of)


async def circle_broken():
    loop = asyncio.get_running_loop()
    waits = asyncio.run_coroutine_threadsafe(price("tea"), loop)
    try:
        # With a limit; without one, the program would hang.
        waits.result(timeout=0.2)
        blocked = True
    except TimeoutError:
        blocked = False
    return blocked, await asyncio.wrap_future(waits) == 3


async def messages():
    loop = asyncio.get_running_loop()
    inbox, served = asyncio.Queue(), queue.Queue()
    eaten = []

    def guest():
        for dish in [*DISHES, None]:
            # An asyncio.Queue must not be touched by another thread.
            loop.call_soon_threadsafe(inbox.put_nowait, dish)
            if dish:
                eaten.append(served.get())

    thread = threading.Thread(target=guest)
    thread.start()
    while dish := await inbox.get():
        served.put(f"{dish} for {await price(dish)}")
    thread.join()
    return eaten


async def main():
    print("asyncio.run on the loop's thread")
    try:
        print(" ", await total_broken())
    except RuntimeError as err:
        print(f"  RuntimeError: {err}")
    print("run_coroutine_threadsafe in to_thread")
    print(" ", await total_bridged())
    print("the loop's thread waits for the loop")
    blocked, free = await circle_broken()
    print("  done while it waits:", blocked)
    print("  done when it is free:", free)
    print("queues between a thread and a task")
    print(" ", ", ".join(await messages()))


if __name__ == "__main__":
    asyncio.run(main())
