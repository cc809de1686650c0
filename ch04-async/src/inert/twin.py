"""Calling an `async def` runs nothing; there are three ways to run it.

python3 ch04-async/src/inert/twin.py
"""

import asyncio
import gc
import time
import types
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


def dropped():
    print("called, dropped")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call("coffee")
        gc.collect()
    print("  warning:", caught[0].message)


async def awaited():
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


async def tasks():
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
    print("  the coffee's task had a turn")
    task.cancel()


async def plain_generator():
    print("a generator, awaited")
    try:
        await (n for n in range(3))
    except TypeError as err:
        print(f"  {type(err).__name__}")

    @types.coroutine
    def marked():
        yield from call("tea").__await__()
        return "tea, from a generator"

    print("the same, marked by types.coroutine")
    print(" ", await marked())


async def main():
    dropped()
    await awaited()
    await tasks()
    print("not a coroutine, but awaited")
    print(" ", await Order())
    await plain_generator()


if __name__ == "__main__":
    asyncio.run(main())
