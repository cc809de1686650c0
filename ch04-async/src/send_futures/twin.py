"""asyncio refuses none of the three; one of them stops the loop.

python3 ch04-async/src/send_futures/twin.py
"""

import asyncio
import threading


async def count_broken(lock, counts):
    # With a limit; without one, the second task would block the loop, and the
    # first could never give the lock back.
    if not lock.acquire(timeout=0.1):
        counts["blocked"] += 1
        return
    counts["counted"] += 1
    await asyncio.sleep(0)
    lock.release()


async def count_locally(tasks):
    count = 0

    async def task():
        nonlocal count
        await asyncio.sleep(0)
        count += 1

    await asyncio.gather(*(task() for _ in range(tasks)))
    return count


class Tea:
    async def cook(self):
        return "tea"


class Rice:
    def __init__(self, guests):
        self.guests = guests

    async def cook(self):
        await asyncio.sleep(0)
        return f"rice for {self.guests}"


async def main():
    lock, counts = threading.Lock(), {"counted": 0, "blocked": 0}
    await asyncio.gather(*(count_broken(lock, counts) for _ in range(2)))
    print("a lock held over an await:", counts)
    print("a variable of ten tasks:", await count_locally(10))
    print("any cook:", ", ".join([await c.cook() for c in (Tea(), Rice(3))]))


if __name__ == "__main__":
    asyncio.run(main())
