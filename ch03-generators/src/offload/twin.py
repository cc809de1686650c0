"""Work that blocks goes to a thread, and its task waits.

Beazley's scheduler leaves this out. This is what asyncio does.

python3 ch03-generators/src/offload/twin.py
"""

import asyncio
import threading


async def meet(barrier, done):
    await asyncio.to_thread(barrier.wait)
    done.append(True)


async def ticker(done):
    turns = 0
    while len(done) < 4:
        await asyncio.sleep(0)
        turns += 1
    print(f"the others had turns meanwhile: {turns > 1}")


def fail():
    raise RuntimeError("on purpose")


async def main():
    barrier, done = threading.Barrier(4), []
    jobs = [meet(barrier, done) for _ in range(4)]
    await asyncio.gather(*jobs, ticker(done))
    print("four jobs have met")
    answer = await asyncio.to_thread(lambda: 6 * 7)
    print(f"what a thread returns: {answer}")
    try:
        await asyncio.to_thread(fail)
    except RuntimeError as error:
        print(f"what a thread raises: {error}")


if __name__ == "__main__":
    asyncio.run(main())
