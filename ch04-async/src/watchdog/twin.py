"""asyncio's debug mode times each step, and names the one that was too slow.

python3 ch04-async/src/watchdog/twin.py
"""

import asyncio
import json
import logging
import threading
import time

LIMIT = 0.1


class Reports(logging.Handler):
    def __init__(self):
        super().__init__()
        self.slow = 0

    def emit(self, record):
        self.slow += "took" in record.getMessage()


async def blocks():
    await asyncio.sleep(0)
    time.sleep(LIMIT * 1.5)
    await asyncio.sleep(0)


async def sends_away():
    await asyncio.sleep(0)
    await asyncio.to_thread(time.sleep, LIMIT * 1.5)
    await asyncio.sleep(0)


async def parses():
    """Computes, although no call in it blocks."""
    await asyncio.sleep(0)
    text = json.dumps([1234567] * 500_000)
    start = time.perf_counter()
    numbers = len(json.loads(text))
    took = 1000 * (time.perf_counter() - start)
    print(f"parses {numbers} numbers: {took:.0f} ms in one step")
    await asyncio.sleep(0)


def slow_steps(coro):
    reports = Reports()
    logger = logging.getLogger("asyncio")
    logger.addHandler(reports)
    logger.propagate = False
    asyncio.run(coro, debug=True)
    logger.removeHandler(reports)
    return reports.slow


async def threads_of_lookups():
    loop = asyncio.get_running_loop()
    before = threading.active_count()
    await asyncio.gather(
        *(loop.getaddrinfo("localhost", 0) for _ in range(18))
    )
    return threading.active_count() - before


def main():
    print(f"blocks: {slow_steps(blocks())} slow steps")
    print(f"sends away: {slow_steps(sends_away())} slow steps")
    slow_steps(parses())
    threads = asyncio.run(threads_of_lookups())
    print(f"18 lookups: {threads} threads started")


if __name__ == "__main__":
    main()
