"""A result that is not there is an exception.

python3 ch04-async/src/unfinished/twin.py
"""

import asyncio
import concurrent.futures


def tried(call, *args):
    try:
        return call(*args)
    except (asyncio.InvalidStateError, TimeoutError) as err:
        return type(err).__name__


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    print("not set yet")
    print("  result():", tried(future.result))
    print("  exception():", tried(future.exception))
    # The other kind of future waits, on a thread that may.
    waits = concurrent.futures.Future()
    print("  concurrent.futures, 0 s:", tried(waits.result, 0))

    print("set twice")
    future.set_result(42)
    print("  set_result():", tried(future.set_result, 43))

    print("done when it is asked")
    steps = []
    future.add_done_callback(lambda _: steps.append("in the callback"))
    steps.append("after adding the callback")
    await future
    steps.append("after awaiting what is ready")
    await asyncio.sleep(0)
    for step in steps:
        print(" ", step)

    print("concurrent.futures does not wait for a turn")
    waits.set_result(42)
    waits.add_done_callback(lambda _: print("  in the callback"))
    print("  after adding the callback")

    async def task():
        return 42

    print("a task is a future:", isinstance(loop.create_task(task()),
                                            asyncio.Future))


if __name__ == "__main__":
    asyncio.run(main())
