"""The echo server, under the scheduler of `socket_objects`.

python3 ch03-generators/src/echo_server/twin.py
"""

import socket
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from socket_objects.twin import Scheduler, Socket, echo


def serve(scheduler, listener, clients):
    """Serves `clients` clients, each in a task of its own."""
    for _ in range(clients):
        client = yield from listener.accept()
        scheduler.spawn(echo_and_close(client))


def echo_and_close(client):
    yield from echo(client)
    client.sock.close()


def visit(address):
    names = ["first", "second", "third"]
    clients = [Socket(socket.create_connection(address)) for _ in names]
    for name, client in reversed(list(zip(names, clients))):
        yield from client.send(f"hello from the {name}".encode())
        data = yield from client.recv(64)
        print(data.decode())
    for client in clients:
        client.sock.close()


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheduler = Scheduler()
        scheduler.spawn(serve(scheduler, Socket(listener), 3))
        scheduler.spawn(visit(listener.getsockname()))
        scheduler.run()


if __name__ == "__main__":
    main()
