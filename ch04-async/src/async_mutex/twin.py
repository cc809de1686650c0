"""Between two awaits no other coroutine runs.

python3 ch04-async/src/async_mutex/twin.py
"""

import asyncio
import threading

TASKS, EACH = 10, 100


async def count():
    total = 0

    async def add():
        nonlocal total
        for _ in range(EACH):
            total += 1
            await asyncio.sleep(0)

    await asyncio.gather(*(add() for _ in range(TASKS)))
    return total


async def count_broken():
    total = 0

    async def add():
        nonlocal total
        for _ in range(EACH):
            seen = total
            # All have read the same number when the first one writes.
            await asyncio.sleep(0)
            total = seen + 1

    await asyncio.gather(*(add() for _ in range(TASKS)))
    return total


async def count_locked():
    total = 0
    lock = asyncio.Lock()

    async def add():
        nonlocal total
        for _ in range(EACH):
            async with lock:
                seen = total
                await asyncio.sleep(0)
                total = seen + 1

    await asyncio.gather(*(add() for _ in range(TASKS)))
    return total


def count_on_threads_broken():
    total = 0
    barrier = threading.Barrier(2)

    def add():
        nonlocal total
        seen = total
        barrier.wait()
        total = seen + 1

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total


async def transferred(pause_inside):
    accounts, lock = [50, 50], asyncio.Lock()

    async def transfer():
        async with lock:
            if not pause_inside:
                await asyncio.sleep(0)
            accounts[0] -= 10
            if pause_inside:
                await asyncio.sleep(0)
            accounts[1] += 10

    task = asyncio.create_task(transfer())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    return sum(accounts)


def main():
    for what, total, of in (
        ("no await in between", asyncio.run(count()), TASKS * EACH),
        ("an await in between", asyncio.run(count_broken()), TASKS * EACH),
        ("the same, locked", asyncio.run(count_locked()), TASKS * EACH),
        ("two threads, no await", count_on_threads_broken(), 2),
    ):
        print(f"{what}: {total} of {of}, {of - total} lost")
    total = asyncio.run(transferred(False))
    print(f"a transfer, cancelled: {total} of 100")
    total = asyncio.run(transferred(True))
    print(f"one with a pause inside, cancelled: {total} of 100")


if __name__ == "__main__":
    main()
