"""The questions that Python can answer: four of the five.

The fifth is about a future that never calls its waker. A coroutine has none.
"""

import asyncio
import time

SECOND = 0.2  # Short, because this clock cannot jump.


async def cook(dish, seconds):
    print(f"{dish} begins")
    await asyncio.sleep(seconds * SECOND)
    print(f"{dish} is done")


async def overlapping():
    start = time.monotonic()
    tea = cook("tea", 2)
    rice = asyncio.create_task(cook("rice", 3))
    print("called")
    await tea
    await rice
    print(f"{int((time.monotonic() - start) / SECOND)} s")


async def first():
    names = "soup", "tea", "rice"
    tasks = {
        asyncio.create_task(cook(name, seconds), name=name)
        for name, seconds in zip(names, (3, 2, 4))
    }
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print(f"first: {done.pop().get_name()}")
    await asyncio.sleep(5 * SECOND)


class Count:
    value = 0


async def add(count):
    read = count.value
    await asyncio.sleep(0)
    count.value = read + 1


async def counted():
    count = Count()
    for _ in range(3):
        await add(count)
    print(f"in turn: {count.value}")
    await asyncio.gather(add(count), add(count), add(count))
    print(f"and at once: {count.value}")


async def drained():
    orders = asyncio.Queue(1)

    async def take():
        dishes = 0
        while await orders.get() is not None:
            dishes += 1
        return dishes

    kitchen = asyncio.create_task(take())
    for dish in "tea", "soup", "rice":
        await orders.put(dish)
    done, _ = await asyncio.wait({kitchen}, timeout=SECOND)
    print(f"closed within a second: {bool(done)}")
    await orders.put(None)
    print(f"dishes: {await kitchen}")


async def main():
    questions = overlapping, first, counted, drained
    for number, question in enumerate(questions, 1):
        print(f"question {number}")
        await question()


if __name__ == "__main__":
    asyncio.run(main())
