"""A nursery: no child outlives the block, no error is lost.

python3 ch04-async/src/join_set/twin.py
"""

import asyncio

SECOND = 0.1


async def child(name, seconds, fails):
    try:
        await asyncio.sleep(seconds * SECOND)
        if fails:
            raise ValueError(f"{name} failed")
        return name
    finally:
        print(f"  {name} is gone")


async def family(*children):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(child(*args)) for args in children]
    return [task.result() for task in tasks]


async def ended(tasks):
    running = set()
    for _ in range(tasks):
        task = asyncio.create_task(asyncio.sleep(0))
        # Without the set, the loop alone would know the task, and only weakly.
        running.add(task)
        task.add_done_callback(running.discard)
    while running:
        await asyncio.wait(running)
    return len(running)


async def main():
    print("all well")
    print(" ", await family(("slow", 4, False), ("quick", 1, False)))

    print("two fail, one after the other")
    try:
        await family(
            ("first", 1, True), ("slow", 600, False), ("second", 4, True)
        )
    except* ValueError as group:
        print(f"  {[str(err) for err in group.exceptions]}")

    print("a deadline around it")
    try:
        async with asyncio.timeout(4 * SECOND):
            await family(("quick", 1, False), ("slow", 600, False))
    except TimeoutError as err:
        print(f"  {type(err).__name__}")

    print("a thousand tasks that have ended")
    print("  in a set with a callback:", await ended(1000))


if __name__ == "__main__":
    asyncio.run(main())
