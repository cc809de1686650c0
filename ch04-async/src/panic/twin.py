"""An exception ends one task; what it does to the program is your decision.

python3 ch04-async/src/panic/twin.py
"""

import asyncio
import sys


async def square(n):
    if n == 3:
        raise ValueError("three is too many")
    return n * n


async def supervise():
    tasks = [asyncio.create_task(square(n)) for n in range(10)]
    await asyncio.wait(tasks)
    results = {n: t.result() for n, t in enumerate(tasks) if not t.exception()}
    errors = {n: t.exception() for n, t in enumerate(tasks) if t.exception()}
    return results, errors


async def main():
    results, errors = await supervise()
    print(f"{len(results)} results: {results}")
    for number, error in errors.items():
        print(f"task {number} raised: {error}")

    # A task that is forgotten complains when it is collected.
    complaints = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, said: complaints.append(said))
    forgotten = asyncio.create_task(square(3))
    await asyncio.sleep(0)
    del forgotten
    print(f"another one raised, and was dropped: {complaints[0]['message']}")
    return bool(errors)


if __name__ == "__main__":
    failed = asyncio.run(main())
    sys.exit(failed and "--strict" in sys.argv)
