"""Without file descriptors accept fails, and fails, and fails.

python3 ch05-servers/src/descriptors/twin.py
"""

import os
import resource
import socket
import threading
import time

CLIENTS = 40


def serve(listener, policy, failures, done):
    inside = []
    while True:
        try:
            client, _ = listener.accept()
        except OSError as err:
            if policy == "gives up":
                failures.append(os.strerror(err.errno))
                return
            failures.append(err.errno)
            # The clients that have left make room.
            inside = [client for client in inside if not has_left(client)]
            if policy == "rests":
                time.sleep(0.1)
            continue
        if done:
            return
        client.sendall(b"hello")
        inside.append(client)


def has_left(client):
    try:
        left = client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        left = True
    if left:
        client.close()
    return left


def crowd(policy):
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        address = listener.getsockname()
        # They wait in the system's queue: there is no server yet.
        clients = [socket.create_connection(address) for _ in range(CLIENTS)]
        failures, done = [], []
        args = (listener, policy, failures, done)
        server = threading.Thread(target=serve, args=args)
        server.start()
        time.sleep(0.5)
        if not server.is_alive():
            for client in clients:
                client.close()
            return f"gone, {failures[0]}"
        n = len(failures)
        for client in clients:
            client.close()
        with socket.create_connection(address, 10) as late:
            hello = late.recv(5).decode()
        done.append(True)
        socket.create_connection(address).close()
        server.join()
        return f'{n} failures in half a second, then "{hello}"'


if __name__ == "__main__":
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    for policy in "gives up", "asks again", "rests":
        print(f"{policy}: {crowd(policy)}")
