"""A server that computes on its event loop answers no other client.

python3 ch05-servers/src/fib/twin.py
"""

import asyncio
from concurrent.futures import ProcessPoolExecutor

QUICK = 10


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


async def answer(n, pool):
    if pool is None:
        return fib(n)
    # A thread would not do: it would compute, and take turns with the loop.
    return await asyncio.get_running_loop().run_in_executor(pool, fib, n)


async def quick_before_long(pool):
    async def serve(reader, writer):
        n = int(await reader.readline())
        # A short computation may run here.
        result = await answer(n, pool if n > 10 else None)
        writer.write(b"%d\n" % result)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1")
    address = server.sockets[0].getsockname()

    async def get(n):
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"%d\n" % n)
        await reader.read()
        writer.close()

    answered = []

    async def get_quick():
        await get(1)
        answered.append(1)

    async def get_long():
        await get(25)
        return len(answered)

    # On the same loop as the server: it is asked first.
    asking = [get_long()] + [get_quick() for _ in range(QUICK)]
    before, *_ = await asyncio.gather(*asking)
    server.close()
    return before


def main():
    with ProcessPoolExecutor(1) as pool:
        pool.submit(fib, 1).result()
        for name, where in ("Inline", None), ("Offloaded", pool):
            before = asyncio.run(quick_before_long(where))
            print(f"{name}: {before} of {QUICK} short answers came first")


if __name__ == "__main__":
    main()
