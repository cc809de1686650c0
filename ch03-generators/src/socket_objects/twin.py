"""Sockets as objects: the code reads as if it blocked.

python3 ch03-generators/src/socket_objects/twin.py
"""

import selectors
import socket
from collections import deque

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Scheduler:
    def __init__(self):
        self.ready = deque()
        self.selector = selectors.DefaultSelector()
        self.waiting = {}

    def spawn(self, body):
        self.ready.append(body)

    def run(self):
        while self.ready or self.waiting:
            while self.ready:
                task = self.ready.popleft()
                try:
                    sock, event = next(task)
                except StopIteration:
                    continue
                self.wait(sock, event, task)
            self.poll()

    def wait(self, sock, event, task):
        """One task reads, one writes; a second of either would be lost."""
        self.waiting[sock, event] = task
        self.register(sock)

    def poll(self):
        if not self.waiting:
            return
        for key, events in self.selector.select():
            for event in (READ, WRITE):
                task = self.waiting.pop((key.fileobj, event & events), None)
                if task:
                    self.ready.append(task)
            self.register(key.fileobj)

    def register(self, sock):
        events = sum(e for s, e in self.waiting if s is sock)
        known = sock in self.selector.get_map()
        if events and known:
            self.selector.modify(sock, events)
        elif events:
            self.selector.register(sock, events)
        elif known:
            self.selector.unregister(sock)


class Socket:
    def __init__(self, sock):
        self.sock = sock
        sock.setblocking(False)

    def accept(self):
        yield self.sock, READ
        client, _ = self.sock.accept()
        return Socket(client)

    def recv(self, size):
        yield self.sock, READ
        return self.sock.recv(size)

    def send(self, data):
        data = memoryview(data)
        while data:
            yield self.sock, WRITE
            sent = self.sock.send(data)
            data = data[sent:]

    def finish(self):
        self.sock.shutdown(socket.SHUT_WR)


def echo(client):
    echoed = 0
    while data := (yield from client.recv(4096)):
        yield from client.send(data)
        echoed += len(data)
    return echoed


def server(listener):
    client = yield from listener.accept()
    print("[server] accepted")
    echoed = yield from echo(client)
    client.sock.close()
    print(f"[server] echoed {echoed} bytes")


def writer(stream, size):
    yield from stream.send(b"x" * size)
    stream.finish()


def reader(stream):
    received = 0
    while data := (yield from stream.recv(4096)):
        received += len(data)
    stream.sock.close()
    print(f"[client] received {received} bytes")


def main():
    for size in [100, 10_000_000]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            scheduler = Scheduler()
            scheduler.spawn(server(Socket(listener)))
            address = listener.getsockname()
            stream = Socket(socket.create_connection(address))
            scheduler.spawn(writer(stream, size))
            scheduler.spawn(reader(stream))
            scheduler.run()


if __name__ == "__main__":
    main()
