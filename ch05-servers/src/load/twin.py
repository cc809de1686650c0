"""A client that asks only after the last answer overlooks the wait.

python3 ch05-servers/src/load/twin.py
"""

import asyncio
import selectors
from math import ceil

TIME = 10


class Jump(selectors.DefaultSelector):
    """Does not wait: the clock jumps to where the wait would have ended."""

    now = 0.0

    def select(self, timeout=None):
        self.now += max(timeout or 0, 0)
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        self.clock = Jump()
        super().__init__(self.clock)

    def time(self):
        return self.clock.now


async def sleep_until(due):
    await asyncio.sleep(due - asyncio.get_running_loop().time())


async def serve(questions, answers):
    """Answers after 1 ms; for the second second it does nothing."""
    now = asyncio.get_running_loop().time
    while question := await questions.get():
        if 1 <= now() < 2:
            await sleep_until(2)
        await asyncio.sleep(0.001)
        await answers.put(question)


async def measure(per_second=None):
    now = asyncio.get_running_loop().time
    questions, answers = asyncio.Queue(), asyncio.Queue()
    server = asyncio.create_task(serve(questions, answers))
    service, response = [], []
    i = 0
    while (due := i / per_second if per_second else now()) < TIME:
        if due > now():
            await sleep_until(due)
        sent = now()
        await questions.put("?")
        await answers.get()
        service.append(now() - sent)
        response.append(now() - due)
        i += 1
    await questions.put(None)
    await server
    return sorted(service), sorted(response)


def run(per_second=None):
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(measure(per_second))


def percentiles(name, latency):
    at = [ceil(p / 100 * len(latency)) - 1 for p in (50, 90, 99, 99.9, 100)]
    ms = [latency[i] * 1000 for i in at]
    text = "".join(f"{x:8.2f}" if x < 10 else f"{x:8.0f}" for x in ms)
    print(f"{name:24}{text}")


def main():
    print("A server that answers in 1 ms, and once stands still for 1 s.")
    names = "".join(f"{p:>8}" for p in ("p50", "p90", "p99", "p99.9", "max"))
    print(f"{'':24}{names}  ms")
    _, closed = run()
    percentiles("closed loop", closed)
    service, opened = run(500)
    percentiles("open, since it was sent", service)
    percentiles("open, since it was due", opened)
    for name, latency in ("closed", closed), ("open", opened):
        late = sum(x > 0.002 for x in latency)
        print(f"{name}: {late} of {len(latency)} had to wait")


if __name__ == "__main__":
    main()
