"""One thread asks the system which sockets are ready, and waits for none.

python3 ch05-servers/src/echo_ready/twin.py
"""

import selectors
import socket
import sys
import threading
from pathlib import Path
from selectors import EVENT_READ, EVENT_WRITE

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from echo_threads.twin import trial


class Echo:
    def __init__(self, stream):
        self.stream = stream
        # Read and not yet sent back. While there is any of it, nothing more
        # is read: that is the back-pressure.
        self.unsent = b""

    def wants(self):
        return EVENT_WRITE if self.unsent else EVENT_READ

    def pump(self):
        """Moves once; says whether there is more to come."""
        if not self.unsent:
            self.unsent = self.stream.recv(4096)
            if not self.unsent:
                return False
        try:
            sent = self.stream.send(self.unsent)
        except BlockingIOError:
            sent = 0
        self.unsent = self.unsent[sent:]
        return True


class Server:
    def __init__(self, connection=Echo):
        self.connection = connection
        self.selector = selectors.DefaultSelector()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.listener.setblocking(False)
        self.selector.register(self.listener, EVENT_READ)
        # Readable once the loop is to end.
        self.stopped, self.stopper = socket.socketpair()
        self.selector.register(self.stopped, EVENT_READ)
        self.accepted = 0
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.stopped:
                    return self.close()
                if key.fileobj is self.listener:
                    self.accept()
                else:
                    self.move(key.data)

    def accept(self):
        stream, _ = self.listener.accept()
        stream.setblocking(False)
        self.accepted += 1
        connection = self.connection(stream)
        self.selector.register(stream, connection.wants(), connection)

    def move(self, connection):
        try:
            goes_on = connection.pump()
        except OSError:
            goes_on = False
        if goes_on:
            wants = connection.wants()
            self.selector.modify(connection.stream, wants, connection)
        else:
            self.selector.unregister(connection.stream)
            connection.stream.close()

    def close(self):
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()

    def stop(self):
        self.stopper.send(b"!")
        self.thread.join()
        self.stopper.close()
        return self.accepted


if __name__ == "__main__":
    server = Server()
    trial(server.listener.getsockname(), server.stop)
