"""`gather`: wait for all of several coroutines.

python3 ch04-async/src/join/twin.py
"""

import asyncio
import time

SHORT = 0.5
LONG = 1.0


async def cook(what, takes):
    print(f"  {what}: begins")
    await asyncio.sleep(takes)
    print(f"  {what}: done")
    return what


def since(start):
    # To half a second: the clock is real, and the machine may be busy.
    return round(2 * (time.monotonic() - start)) / 2


async def both():
    start = time.monotonic()
    tea, rice = await asyncio.gather(cook("tea", SHORT), cook("rice", LONG))
    print(f"  main: {tea} and {rice} after {since(start):.1f} s")


async def every():
    start = time.monotonic()
    menu = [("soup", SHORT + LONG), ("tea", SHORT), ("rice", LONG)]
    served = await asyncio.gather(*(cook(what, takes) for what, takes in menu))
    print(f"  main: {', '.join(served)} after {since(start):.1f} s")


async def borrowed():
    orders = ["tea", "rice"]

    async def count(letter):
        await asyncio.sleep(SHORT)
        return sum(letter in what for what in orders)

    e, a = await asyncio.gather(count("e"), count("a"))
    print(f"  main: {e} with e, {a} with a, of {orders}")


async def order_of(what):
    await asyncio.sleep(SHORT)
    raise LookupError(f"{what} is out")


async def first_error():
    start = time.monotonic()
    rice = asyncio.create_task(cook("rice", LONG))
    try:
        await asyncio.gather(rice, order_of("tea"))
    except LookupError as err:
        print(f"  main: {err!r} after {since(start):.1f} s")
    # gather has raised, and has left the other task alone.
    await rice


async def main():
    print("gather")
    await both()
    print("gather of a list")
    await every()
    print("what the coroutines refer to")
    await borrowed()
    print("gather, and an error")
    await first_error()


if __name__ == "__main__":
    asyncio.run(main())
