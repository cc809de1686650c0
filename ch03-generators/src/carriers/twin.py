"""A stage does not know what carries its lines.

python3 ch03-generators/src/carriers/twin.py
"""

import pickle
import queue
import socket
import subprocess
import sys
import threading
from itertools import islice

TOPICS = "index", "python", "ply", "swig", "café", "news"


def dice(seed):
    """Throws the same numbers as the Rust program does."""

    def below(n):
        nonlocal seed
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        return (seed >> 33) % n

    return below


def log_lines(seed):
    below = dice(seed)
    while True:
        host, topic = below(256), TOPICS[below(len(TOPICS))]
        yield f'10.0.0.{host} "GET /{topic}.html" 200 {below(10_000)}'


def coroutine(body):
    def start(*args):
        generator = body(*args)
        next(generator)
        return generator

    return start


@coroutine
def python_lines():
    count, last = 0, ""
    try:
        while True:
            line = yield
            if line == "poison":
                raise ValueError("poisoned")
            if "python" in line:
                count, last = count + 1, line
    except GeneratorExit:
        return f"{count}, last {last}"


def close(stage):
    """Closes it and returns its report, as close() does since Python 3.13."""
    try:
        stage.throw(GeneratorExit)
    except StopIteration as end:
        return end.value


@coroutine
def carried(link):
    try:
        while True:
            link.send((yield))
    except OSError:
        link.finish()
        raise RuntimeError("the far end left early")
    except GeneratorExit:
        return link.finish()


def far_end(receive):
    """Runs a stage, and returns its report or its error."""
    stage = python_lines()
    try:
        while (line := receive()) is not GeneratorExit:
            stage.send(line)
        return close(stage)
    except ValueError as error:
        return error


def answered(answer):
    if isinstance(answer, Exception):
        raise answer
    return answer


class Thread:
    def __init__(self):
        self.queue = queue.Queue(64)
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        self.answer = far_end(self.queue.get)
        # A full queue does not tell its sender that no thread takes from it.
        while isinstance(self.answer, Exception):
            if self.queue.get() is GeneratorExit:
                break

    def send(self, line):
        self.queue.put(line)

    def finish(self):
        # The class itself is the message.
        self.queue.put(GeneratorExit)
        self.thread.join()
        return answered(self.answer)


def receive_from(file):
    def receive():
        try:
            return pickle.load(file)
        except EOFError:
            return GeneratorExit

    return receive


class Process:
    def __init__(self):
        self.child = subprocess.Popen(
            [sys.executable, __file__, "--far-end"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def send(self, line):
        pickle.dump(line, self.child.stdin)
        self.child.stdin.flush()

    def finish(self):
        try:
            self.child.stdin.close()
        except BrokenPipeError:
            pass
        answer = receive_from(self.child.stdout)()
        self.child.stdout.close()
        self.child.wait()
        return answered(answer)


class Socket:
    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.near = socket.create_connection(server.getsockname())
            far, _ = server.accept()
        self.near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.thread = threading.Thread(target=self.run, args=(far,))
        self.thread.start()

    def run(self, far):
        with far, far.makefile("rwb") as file:
            pickle.dump(far_end(receive_from(file)), file)
            file.flush()
            # Closing before all is read would reset the connection.
            while file.read1():
                pass

    def send(self, line):
        self.near.sendall(pickle.dumps(line))

    def finish(self):
        self.near.shutdown(socket.SHUT_WR)
        with self.near, self.near.makefile("rb") as file:
            answer = receive_from(file)()
        self.thread.join()
        return answered(answer)


CARRIERS = {
    "in line": python_lines,
    "thread": lambda: carried(Thread()),
    "process": lambda: carried(Process()),
    "socket": lambda: carried(Socket()),
}


def run(lines, stage):
    for line in lines:
        stage.send(line)
    return close(stage)


def main():
    for name, behind in CARRIERS.items():
        report = run(islice(log_lines(17), 1_000), behind())
        print(f"{name:8} {report}")
    for name, behind in CARRIERS.items():
        try:
            print(f"{name:8} survived: {run(['poison'], behind())}")
        except ValueError as error:
            print(f"{name:8} raised: {error}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--far-end"]:
        answer = far_end(receive_from(sys.stdin.buffer))
        pickle.dump(answer, sys.stdout.buffer)
    else:
        main()
