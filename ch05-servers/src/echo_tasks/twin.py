"""A task is a connection that goes on where it waited.

python3 ch05-servers/src/echo_tasks/twin.py
"""

import sys
from pathlib import Path
from selectors import EVENT_READ, EVENT_WRITE

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from echo_ready.twin import Server
from echo_threads.twin import trial


def echo(client):
    while chunk := (yield from read(client)):
        yield from write_all(client, chunk)


def read(stream):
    yield EVENT_READ
    return stream.recv(4096)


def write_all(stream, chunk):
    while chunk:
        yield EVENT_WRITE
        chunk = chunk[stream.send(chunk) :]


class Task:
    """Runs its generator from one wait to the next."""

    def __init__(self, stream):
        self.stream = stream
        self.steps = echo(stream)
        self.waits_for = next(self.steps)

    def wants(self):
        return self.waits_for

    def pump(self):
        try:
            self.waits_for = next(self.steps)
        except StopIteration:
            return False
        return True


if __name__ == "__main__":
    server = Server(Task)
    trial(server.listener.getsockname(), server.stop)
