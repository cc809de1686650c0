"""A task sleeps, and a time limit is a task that sleeps and then kills.

Beazley's scheduler leaves this out. This is what asyncio does, in hundredths
of a second.

python3 ch03-generators/src/timers/twin.py
"""

import asyncio


async def sleeper(name, time):
    await asyncio.sleep(time / 100)
    print(name)


async def within(limit, body):
    task = asyncio.create_task(body)
    watchdog = asyncio.get_running_loop().call_later(limit / 100, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return False
    finally:
        watchdog.cancel()
    return True


async def main():
    times = {"third": 36, "first": 1, "second": 18}
    await asyncio.gather(*[sleeper(n, t) for n, t in times.items()])
    for time in [5, 500]:
        ended = await within(100, sleeper("in time", time))
        print(f"{time} within 100: {ended}")


if __name__ == "__main__":
    asyncio.run(main())
