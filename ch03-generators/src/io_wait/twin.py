"""A task waits for a socket, and the others run meanwhile.

python3 ch03-generators/src/io_wait/twin.py
python3 ch03-generators/src/io_wait/twin.py --hole overwritten
"""

import os
import resource
import select
import socket
import sys
import time
from collections import deque
from itertools import count

PAUSE, KILL, READ_WAIT, WRITE_WAIT, POLL = range(5)
IN_THE_LOOP, AS_A_TASK = range(2)


class Scheduler:
    def __init__(self, asks):
        self.tasks = {}
        self.ready = deque()
        self.reading = {}
        self.writing = {}
        self.tids = count(1)
        self.asks, self.polls = asks, 0
        if asks == AS_A_TASK:
            self.spawn(self.ask())

    def ask(self):
        while True:
            yield (POLL,)

    def spawn(self, body):
        tid = next(self.tids)
        self.tasks[tid] = body
        self.ready.append((tid, body))
        return tid

    def run(self, turns):
        for _ in range(turns):
            if self.asks == IN_THE_LOOP and self.tasks:
                self.poll()
            if not self.ready:
                break
            task = self.ready.popleft()
            try:
                trap, *args = next(task[1])
            except StopIteration:
                del self.tasks[task[0]]
            else:
                self.serve(task, trap, *args)
        return len(self.tasks)

    def serve(self, task, trap, arg=None):
        if trap == POLL:
            self.poll()
        elif trap == KILL:
            self.tasks[arg].close()
        elif trap == READ_WAIT:
            # A task that waited here before is overwritten.
            self.reading[arg] = task
            return
        elif trap == WRITE_WAIT:
            self.writing[arg] = task
            return
        self.ready.append(task)

    def poll(self):
        if not self.reading and not self.writing:
            return
        self.polls += 1
        limit = 0 if self.ready else None
        readable, writable, _ = select.select(
            self.reading, self.writing, [], limit
        )
        self.ready.extend(map(self.reading.pop, readable))
        self.ready.extend(map(self.writing.pop, writable))


def server(listener):
    yield READ_WAIT, listener
    client, _ = listener.accept()
    with client:
        while True:
            yield READ_WAIT, client
            data = client.recv(64)
            if not data:
                return
            client.sendall(data)


def client(address, done):
    with socket.create_connection(address) as stream:
        for i in range(1, 4):
            stream.sendall(b"hello")
            yield READ_WAIT, stream
            print(f"request {i}: {stream.recv(64).decode()}")
    done.append(True)


def busy(done):
    while not done:
        yield (PAUSE,)


def echo_beside_work(asks):
    done = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheduler = Scheduler(asks)
        scheduler.spawn(server(listener))
        scheduler.spawn(client(listener.getsockname(), done))
        scheduler.spawn(busy(done))
        # The server ends after its client. One that asks never ends.
        while len(scheduler.tasks) > (asks == AS_A_TASK):
            scheduler.run(1)
    return scheduler.polls


def compare():
    polls = echo_beside_work(IN_THE_LOOP)
    print(f"asked after every turn: {polls} times")
    polls = echo_beside_work(AS_A_TASK)
    print(f"asked by a task: {polls} times")


def send_all(stream, length):
    data, sent, waits = memoryview(b"x" * length), 0, 0
    while sent < length:
        try:
            sent += stream.send(data[sent:])
        except BlockingIOError:
            waits += 1
            yield WRITE_WAIT, stream
    return waits


def write():
    length = 10_000_000

    def sender(near):
        waits = yield from send_all(near, length)
        print(f"sent {length} bytes, waited for room {waits} times")

    def receiver(listener):
        yield READ_WAIT, listener
        far, _ = listener.accept()
        received = 0
        with far:
            while received < length:
                yield READ_WAIT, far
                received += len(far.recv(65536))
        print(f"received {received} bytes")

    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as near,
    ):
        near.setblocking(False)
        scheduler = Scheduler(IN_THE_LOOP)
        scheduler.spawn(sender(near))
        scheduler.spawn(receiver(listener))
        while scheduler.run(1):
            pass


def reader(name, sock):
    yield READ_WAIT, sock
    print(f"{name}: readable")


def never_ends():
    def only():
        print("the only task has ended")
        return
        yield

    scheduler = Scheduler(AS_A_TASK)
    scheduler.spawn(only())
    start, start_cpu = time.perf_counter(), time.process_time()
    left = scheduler.run(100_000)
    took = int(1000 * (time.perf_counter() - start))
    cpu = int(1000 * (time.process_time() - start_cpu))
    print(f"100000 turns later: tasks: {left}, asked: {scheduler.polls}")
    print(f"they took {took} ms, {cpu} of them on the processor")


def overwritten():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        scheduler = Scheduler(AS_A_TASK)
        for name in ["t1", "t2"]:
            scheduler.spawn(reader(name, listener))
        left = scheduler.run(1000)
        print(f"1000 turns later: tasks: {left}")


def closed():
    here, there = socket.socketpair()

    def closer():
        here.close()
        print("closed, while a task waits for it")
        yield (PAUSE,)

    scheduler = Scheduler(IN_THE_LOOP)
    scheduler.spawn(reader("never printed", here))
    scheduler.spawn(closer())
    try:
        scheduler.run(1000)
    except ValueError as error:
        print(f"the scheduler has ended: {error}")


def high():
    """More than a thousand sockets, or one whose number says so."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 2048), most))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        os.dup2(listener.fileno(), 1024)
    scheduler = Scheduler(IN_THE_LOOP)
    scheduler.spawn(reader("never printed", 1024))
    try:
        scheduler.run(1000)
    except ValueError as error:
        print(f"the scheduler has ended: {error}")


def main():
    holes = {"never-ends": never_ends, "overwritten": overwritten}
    holes |= {"closed": closed, "high": high}
    match sys.argv[1:]:
        case ["--hole", name]:
            holes[name]()
        case ["--write"]:
            write()
        case _:
            compare()


if __name__ == "__main__":
    main()
