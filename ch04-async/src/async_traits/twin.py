"""Async methods of any class, a closure that is awaited, and a forgotten async.

python3 ch04-async/src/async_traits/twin.py
"""

import asyncio
from typing import Protocol


class Cook(Protocol):
    async def cook(self, guests): ...


class Tea:
    async def cook(self, guests):
        return f"tea for {guests}"


class Rice:
    async def cook(self, guests):
        await asyncio.sleep(0)
        return f"rice for {guests}"


class Hasty:
    # Fits the protocol for a reader in a hurry; nothing checks it.
    def cook(self, guests):
        return f"bread for {guests}"


def in_a_task(cook: Cook, guests):
    return asyncio.create_task(cook.cook(guests))


async def retry(times, work):
    for attempt in range(1, times + 1):
        try:
            return await work(attempt)
        except ValueError as err:
            failure = err
    raise failure


async def patient(times):
    log = []

    async def work(attempt):
        log.append(f"attempt {attempt}")
        await asyncio.sleep(0)
        if attempt != 3:
            raise ValueError("burnt")
        return await Rice().cook(1)

    try:
        log.append(repr(await retry(times, work)))
    except ValueError as err:
        log.append(repr(err))
    return log


async def main():
    print("in a task")
    print(" ", await in_a_task(Rice(), 3))
    print("a list of different types")
    for cook in [Tea(), Rice(), Hasty()]:
        try:
            print(" ", await cook.cook(4))
        except TypeError as err:
            print(f"  {type(cook).__name__}: {type(err).__name__}")
    print("a closure that is awaited")
    for times in [2, 5]:
        print(f"  at most {times}:", ", ".join(await patient(times)))


if __name__ == "__main__":
    asyncio.run(main())
