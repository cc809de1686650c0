"""Joining is waiting for all; the loser of a race goes on.

python3 ch04-async/src/join_by_hand/twin.py
"""

import asyncio

SECOND = 0.1


async def cook(what, seconds):
    finished = False
    try:
        await asyncio.sleep(seconds * SECOND)
        print(f"  {what}: done")
        finished = True
        return what
    finally:
        if not finished:
            print(f"  {what}: cancelled half-way")


async def main():
    print("join")
    both = await asyncio.gather(cook("rice", 6), cook("tea", 2))
    print(f"  {both}")

    print("select")
    tasks = [asyncio.create_task(cook(*p)) for p in (("rice", 6), ("tea", 2))]
    done, pending = await asyncio.wait(
        tasks, return_when=asyncio.FIRST_COMPLETED
    )
    print(f"  first: {[task.result() for task in done]}")
    # `wait` cancels no task: the rice goes on, and would be done in a moment.
    print(f"  still cooking: {len(pending)}")
    await asyncio.wait(pending)

    print("timeout")
    try:
        await asyncio.wait_for(cook("rice", 6), 2 * SECOND)
    except TimeoutError as err:
        print(f"  {type(err).__name__}")


if __name__ == "__main__":
    asyncio.run(main())
