"""A shell that awaits each line, while its tasks go on.

python3 ch04-async/src/shell/twin.py
python3 ch04-async/src/shell/twin.py --live
"""

import asyncio
import contextlib
import subprocess
import sys
import threading

SCRIPT = [
    "count tea 3 0.4 &",
    "sleep 0.6 Rise and shine!",
    "jobs",
    "count egg 2 0.12",
    "sleep 60 too late &",
    "cancel 2",
    "slep 1",
    "wait",
    "quit",
]


async def sleep(seconds, *text):
    await asyncio.sleep(float(seconds))
    print(*text, flush=True)


async def count(name, times, pause):
    for n in range(1, int(times) + 1):
        await asyncio.sleep(float(pause))
        print(name, n, flush=True)


JOBS = {"sleep": sleep, "count": count}


async def run(lines, on_line=lambda line: None):
    tasks = Tasks()
    while (line := await lines.get()) is not None:
        on_line(line)
        try:
            if not await obey(line.split(), tasks):
                break
        except (TypeError, ValueError, KeyError) as err:
            print(f"error: {err!r}", flush=True)


async def obey(words, tasks):
    match words:
        case [("sleep" | "count") as name, *args, "&"]:
            tasks.spawn(" ".join(words[:-1]), JOBS[name](*args))
        case [("sleep" | "count") as name, *args]:
            await JOBS[name](*args)
        case ["jobs"]:
            tasks.list()
        case ["cancel", id]:
            await tasks.cancel(int(id))
        case ["wait"]:
            await tasks.wait()
        case ["quit"]:
            return False
        case [_, *_]:
            print(f"error: {' '.join(words)!r} is no command", flush=True)
    return True


class Tasks:
    """The jobs that go on beside the shell, by number."""

    def __init__(self):
        self.running = {}
        self.last = 0

    def spawn(self, name, job):
        self.last += 1
        id = self.last
        print(f"[{id}] {name}", flush=True)

        async def task():
            await job
            print(f"[{id}] done", flush=True)

        self.running[id] = name, asyncio.create_task(task())

    def list(self):
        for id, (name, task) in self.running.items():
            if not task.done():
                print(f"[{id}] {name}", flush=True)

    async def cancel(self, id):
        _, task = self.running.pop(id)
        # Cancelled before its first step, it would not await its job.
        await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        print(f"[{id}] cancelled", flush=True)

    async def wait(self):
        await asyncio.gather(*(task for _, task in self.running.values()))


async def lines_broken(lines):
    """Reads stdin in the loop's executor, which `asyncio.run` waits for."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        await lines.put(line)
    await lines.put(None)


def read_lines(loop, lines):
    """Reads stdin in a daemon thread, which the interpreter does not wait for."""
    with contextlib.suppress(RuntimeError):  # The loop has gone.
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, None)


async def live(reader, limit):
    lines = asyncio.Queue()
    if reader == "executor":
        reading = asyncio.create_task(lines_broken(lines))
    else:
        loop = asyncio.get_running_loop()
        args = loop, lines
        threading.Thread(target=read_lines, args=args, daemon=True).start()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(run(lines), limit)
    if reader == "executor":
        reading.cancel()
    print("bye", flush=True)


def is_gone(reader):
    """Tells whether a shell ends when its time is over while it reads."""
    command = [sys.executable, __file__, "--live", reader, "0.1"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as shell:
        assert shell.stdout.readline() == "bye\n"
        try:
            shell.wait(2)
        except subprocess.TimeoutExpired:
            # Leaving the block closes its stdin.
            return False
    return True


async def session():
    lines = asyncio.Queue()
    for line in SCRIPT:
        lines.put_nowait(line)
    await run(lines, lambda line: print(">", line, flush=True))


def main():
    match sys.argv[1:]:
        case ["--live", reader, limit]:
            return asyncio.run(live(reader, float(limit)))
        case ["--live"]:
            return asyncio.run(live("thread", None))
    asyncio.run(session())
    print("\nended while it waits for a line")
    for reader, what in (
        ("executor", "run_in_executor"),
        ("thread", "a daemon thread"),
    ):
        gone = "gone" if is_gone(reader) else "hangs until its stdin is closed"
        print(f"  {what}: {gone}", flush=True)


if __name__ == "__main__":
    main()
