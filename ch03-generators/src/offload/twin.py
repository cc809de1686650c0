"""Work that blocks goes to a thread, and its task waits.

Beazley's scheduler leaves this out. This is what asyncio does.

python3 ch03-generators/src/offload/twin.py
"""

import asyncio
import threading
import time
from concurrent.futures import ProcessPoolExecutor


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


LARGE = 27


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


async def ask(reader, writer, n):
    writer.write(bytes([n]))
    return int.from_bytes(await reader.readexactly(8))


async def beside_a_large_one(name, compute):
    serving = []

    async def serve(reader, writer):
        serving.append(asyncio.current_task())
        while request := await reader.read(1):
            writer.write((await compute(request[0])).to_bytes(8))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    small = await asyncio.open_connection(*address)
    await ask(*small, 1)
    large = await asyncio.open_connection(*address)
    start, answered = time.perf_counter(), 0
    task = asyncio.create_task(ask(*large, LARGE))
    while not task.done():
        await ask(*small, 1)
        answered += 1
    rate = answered / (time.perf_counter() - start)
    print(f"computed in {name}: {answered} small requests, {rate:.0f} a second")
    for _, writer in small, large:
        # The pool's processes have copies of the sockets: `close` is not enough.
        writer.write_eof()
        writer.close()
    await asyncio.gather(*serving)
    server.close()


async def fib_service():
    async def in_the_task(n):
        return fib(n)

    await beside_a_large_one("the task", in_the_task)
    with ProcessPoolExecutor() as pool:
        loop = asyncio.get_running_loop()

        async def in_a_process(n):
            return await loop.run_in_executor(pool, fib, n)

        await beside_a_large_one("a process", in_a_process)


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
    await fib_service()


if __name__ == "__main__":
    asyncio.run(main())
