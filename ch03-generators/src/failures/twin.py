"""An error ends its task, and is raised again in each task that waits for it.

Beazley's scheduler leaves this out. This is what asyncio does.

python3 ch03-generators/src/failures/twin.py
"""

import asyncio
import gc


async def flaky(calls):
    await asyncio.sleep(0)
    calls.append(1)
    if len(calls) == 1:
        raise ConnectionResetError
    if len(calls) == 2:
        raise AssertionError("a bug")


async def supervisor():
    calls = []
    while True:
        child = asyncio.create_task(flaky(calls))
        try:
            await child
        except ConnectionError as error:
            print(f"raised {type(error).__name__}")
        except AssertionError as error:
            print(f"raised: {error}")
        else:
            print("returned")
            break


async def fails():
    raise RuntimeError("no server answers")


async def careless():
    asked = asyncio.create_task(fails())
    left_alone = asyncio.create_task(fails())
    await asyncio.sleep(0)
    try:
        await asked
    except RuntimeError as error:
        print(f"failed earlier: {error}")
    print("one is left alone")


async def chain():
    await asyncio.create_task(fails())
    print("never printed")


def unseen(loop, context):
    print(f"{context['message']}: {context['exception']}")


async def main():
    asyncio.get_running_loop().set_exception_handler(unseen)
    await supervisor()
    await careless()
    # It is found when the task is collected, whenever that is.
    gc.collect()
    try:
        await asyncio.create_task(chain())
    except RuntimeError as error:
        print(f"of its child: {error}")


if __name__ == "__main__":
    asyncio.run(main())
