"""Calling an `async def` runs nothing; there are three ways to run it.

python3 ch04-async/src/inert/twin.py
"""

import asyncio
import gc
import time
import warnings

CALL = 0.5


async def call(what):
    print(f"  {what} begins")
    await asyncio.sleep(CALL)
    return what


class Order:
    def __await__(self):
        return "tea, from an order"
        yield  # Never reached: it makes this function a generator.


def took(start):
    return f"  took as long as {(time.perf_counter() - start) / CALL:.0f}"


async def main():
    print("called, dropped")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call("coffee")
        gc.collect()
    print("  warning:", caught[0].message)

    print("called, then awaited in turn")
    start = time.perf_counter()
    tea, rice = call("tea"), call("rice")
    await tea
    await rice
    print(took(start))

    print("called, then gathered")
    start = time.perf_counter()
    await asyncio.gather(call("tea"), call("rice"))
    print(took(start))

    print("tasks made, then awaited in turn")
    start = time.perf_counter()
    tasks = [asyncio.create_task(call(what)) for what in ("tea", "rice")]
    print("  made")
    for task in tasks:
        await task
    print(took(start))

    print("task made, never awaited")
    task = asyncio.create_task(call("coffee"))
    await asyncio.sleep(0)
    print("  somebody else had a turn")
    task.cancel()

    print("not a coroutine, but awaited")
    print(" ", await Order())


if __name__ == "__main__":
    asyncio.run(main())
