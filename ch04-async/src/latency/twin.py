"""What each step costs, from a function call to a process.

python3 ch04-async/src/latency/twin.py
python3 ch04-async/src/latency/twin.py task-spawn thread-spawn
"""

import asyncio
import os
import queue
import socket
import statistics
import subprocess
import sys
import threading
import time

ROUNDS = 5


def call(times):
    def increment(n):
        return n + 1

    n = 0
    while n < times:
        n = increment(n)


def lock(times):
    free = threading.Lock()
    for _ in range(times):
        with free:
            pass


def syscall(times):
    for _ in range(times):
        os.getppid()


async def coroutine(times):
    async def ready():
        pass

    for _ in range(times):
        await ready()


async def switch(times):
    async def gives_way():
        for _ in range(times // 2):
            await asyncio.sleep(0)

    await asyncio.gather(gives_way(), gives_way())


async def task_hand_off(times):
    there, back = asyncio.Queue(1), asyncio.Queue(1)

    async def answer():
        for _ in range(times // 2):
            await back.put(await there.get())

    other = asyncio.create_task(answer())
    for n in range(times // 2):
        await there.put(n)
        assert await back.get() == n
    await other


async def task_spawn(times):
    async def answer(n):
        return n

    for n in range(times):
        assert await asyncio.create_task(answer(n)) == n


def thread_hand_off(times):
    there, back = queue.SimpleQueue(), queue.SimpleQueue()

    def answer():
        for _ in range(times // 2):
            back.put(there.get())

    other = threading.Thread(target=answer)
    other.start()
    for n in range(times // 2):
        there.put(n)
        assert back.get() == n
    other.join()


async def to_thread(times):
    for n in range(times):
        assert await asyncio.to_thread(abs, n) == n


def loopback(times):
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = socket.create_connection(server.getsockname())
        there, _ = server.accept()
    for end in here, there:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def answer():
        while byte := there.recv(1):
            there.sendall(byte)

    other = threading.Thread(target=answer)
    other.start()
    for _ in range(times):
        here.sendall(b"x")
        here.recv(1)
    here.close()
    other.join()
    there.close()


def thread_spawn(times):
    for _ in range(times):
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()


def process(times):
    for _ in range(times):
        subprocess.run([sys.executable, "-c", ""], check=True)


async def sleep(times):
    for _ in range(times):
        await asyncio.sleep(0.001)


RUNGS = {
    "call": (20_000, "a function call", call),
    "await": (20_000, "awaiting a coroutine that is ready", coroutine),
    "lock": (20_000, "a free lock, taken and released", lock),
    "syscall": (20_000, "a system call", syscall),
    "switch": (5_000, "from one task to another", switch),
    "task-hand-off": (2_000, "a message to a task that waits", task_hand_off),
    "task-spawn": (2_000, "a task, from spawn to answer", task_spawn),
    "thread-hand-off": (500, "a message to a thread that waits", thread_hand_off),
    "to-thread": (200, "to_thread, to its answer", to_thread),
    "loopback": (200, "a byte to this machine and back", loopback),
    "thread-spawn": (100, "a thread, from spawn to join", thread_spawn),
    "process": (3, "a process of Python's, from start to end", process),
    "sleep": (5, "a sleep of one millisecond", sleep),
}


def measure(times, climb):
    took = []
    for _ in range(ROUNDS):
        if asyncio.iscoroutinefunction(climb):
            with asyncio.Runner() as runner:
                runner.get_loop()
                start = time.perf_counter_ns()
                runner.run(climb(times))
                took.append(time.perf_counter_ns() - start)
        else:
            start = time.perf_counter_ns()
            climb(times)
            took.append(time.perf_counter_ns() - start)
    return statistics.median(took) / times


def main():
    for key in sys.argv[1:] or RUNGS:
        times, label, climb = RUNGS[key]
        print(f"{label}: {measure(times, climb):.0f} ns", flush=True)


if __name__ == "__main__":
    main()
