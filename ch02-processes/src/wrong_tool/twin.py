"""A job that waits needs no process of its own.

python3 ch02-processes/src/wrong_tool/twin.py
"""

import socket
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

DELAY, COUNT = 0.2, 20


def answer(client):
    time.sleep(DELAY)
    client.sendall(b"flag")
    client.close()


def serve(listener):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=answer, args=(client,), daemon=True).start()


def get(port):
    with socket.create_connection(("127.0.0.1", port)) as server:
        return server.recv(100)


def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=COUNT)
    port = listener.getsockname()[1]
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    # Only the executor's class differs.
    for name, executor in [
        ("threads", ThreadPoolExecutor),
        ("processes", ProcessPoolExecutor),
    ]:
        started = time.perf_counter()
        with executor(COUNT) as pool:
            came = list(pool.map(get, [port] * COUNT)).count(b"flag")
        ms = (time.perf_counter() - started) * 1000
        print(f"{COUNT} {name}: {came} answers in {ms:.0f} ms")


if __name__ == "__main__":
    main()
