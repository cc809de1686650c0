"""Several processes on one port, and one of them is killed.

python3 ch05-servers/src/several/twin.py
"""

import asyncio
import os
import socket
import subprocess
import sys
import threading

PROCESSES = 3
CLIENTS = 8
REQUESTS = 50  # Of each client, each on a new connection.


async def answer(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n")
    await writer.drain()
    writer.close()


def end_with_stdin():
    """End this process when its standard input ends: its parent is gone."""
    sys.stdin.read()
    os._exit(0)


async def serve(port):
    """Serve at a port that others may share, until killed."""
    threading.Thread(target=end_with_stdin, daemon=True).start()
    server = await asyncio.start_server(
        answer, "127.0.0.1", port, reuse_port=True, backlog=1024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def start(port):
    """Start a process; return it, and the port that it has."""
    args = [sys.executable, __file__, str(port)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(args, stdin=pipe, stdout=pipe, text=True)
    return process, int(process.stdout.readline())


def kill(process):
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


async def one(port):
    """Say whether a request was answered."""
    try:
        async with asyncio.timeout(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                answer = await reader.read()
            finally:
                writer.close()
    except OSError:
        return False
    return answer.startswith(b"HTTP/1.1 200 OK\r\n")


async def ask(port, at_half=lambda: None):
    """Have all clients ask; call `at_half` when half of it is done."""
    done = answered = 0

    async def client():
        nonlocal done, answered
        for _ in range(REQUESTS):
            # On one line, `answered` would be read before the wait for it.
            fine = await one(port)
            answered += fine
            done += 1
            if done == CLIENTS * REQUESTS // 2:
                at_half()

    await asyncio.gather(*[client() for _ in range(CLIENTS)])
    return f"{answered} answered, {done - answered} lost"


def main():
    first, port = start(0)
    processes = [first] + [start(port)[0] for _ in range(1, PROCESSES)]
    try:
        print(f"{PROCESSES} processes:", asyncio.run(ask(port)))
        at_half = lambda: kill(processes.pop())
        print("one is killed:", asyncio.run(ask(port, at_half)))
        print(f"{len(processes)} processes:", asyncio.run(ask(port)))
    finally:
        for process in processes:
            kill(process)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(serve(int(sys.argv[1])))
    else:
        main()
