"""What one more thread, task or coroutine weighs.

python3 ch04-async/src/memory/twin.py
python3 ch04-async/src/memory/twin.py --unit task --count 100000
"""

import argparse
import asyncio
import subprocess
import sys
import threading
import time

# Ten thousand that wake up together fight over the interpreter's lock for
# minutes, and leave no processor to other programs.
MOST_THREADS = 2_000


def this_process():
    """Returns the resident and the virtual bytes of this process."""

    def read(file, name):
        with open(f"/proc/self/{file}") as lines:
            for line in lines:
                if line.startswith(name):
                    return int(line.split()[1]) * 1024
        raise OSError(f"{file} has no {name}")

    return read("smaps_rollup", "Rss:"), read("status", "VmSize:")


class Scales:
    def __init__(self):
        self.before = this_process()
        self.start = time.perf_counter_ns()

    def each(self, count):
        took = time.perf_counter_ns() - self.start
        resident, all = (
            max(after - before, 0) // count
            for after, before in zip(this_process(), self.before)
        )
        return f"{resident} B resident, {all} B virtual, {took // count} ns"


async def tasks(count):
    gate = asyncio.Event()

    async def wait():
        await gate.wait()

    scales = Scales()
    tasks = [asyncio.create_task(wait()) for _ in range(count)]
    # The task that is created last is run last.
    await asyncio.create_task(asyncio.sleep(0))
    weight = scales.each(count)
    gate.set()
    await asyncio.wait(tasks)
    return weight


async def coroutines(count):
    gate = asyncio.Event()

    async def wait():
        await gate.wait()

    scales = Scales()
    all = [wait() for _ in range(count)]
    for coroutine in all:
        coroutine.send(None)
    weight = scales.each(count)
    for coroutine in all:
        coroutine.close()
    return weight


def threads(count):
    gate, arrived = threading.Event(), threading.Semaphore(0)

    def wait():
        arrived.release()
        gate.wait()

    scales = Scales()
    all = []
    try:
        for _ in range(count):
            thread = threading.Thread(target=wait)
            thread.start()
            all.append(thread)
        for _ in all:
            arrived.acquire()
        return scales.each(count)
    finally:
        gate.set()
        for thread in all:
            thread.join()


def weigh(unit, count):
    match unit:
        case "task":
            return asyncio.run(tasks(count))
        case "coroutine":
            return asyncio.run(coroutines(count))
        case "thread":
            return threads(count)


def weigh_apart(unit, count):
    command = [sys.executable, __file__, "--unit", unit, "--count", str(count)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return run.stdout.strip().partition(": ")[2]


def main():
    parser = argparse.ArgumentParser()
    units = ["task", "coroutine", "thread"]
    parser.add_argument("--unit", choices=units)
    parser.add_argument("--count", type=int, default=1000)
    args = parser.parse_args()
    if args.unit == "thread" and args.count > MOST_THREADS:
        parser.error(f"no more than {MOST_THREADS} threads")
    if args.unit:
        weight = weigh(args.unit, args.count)
        print(f"{args.count} of {args.unit}: {weight}")
        return
    for unit, count in (("task", 10_000), ("coroutine", 10_000), ("thread", 200)):
        print(f"a {unit}: {weigh_apart(unit, count)}", flush=True)


if __name__ == "__main__":
    main()
