"""A pipeline that pulls: a request at its end sets all of it in motion.

python3 ch03-generators/src/pipeline/twin.py
"""

import os
import tempfile
import threading
import time
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


def text(seed, count):
    lines = islice(log_lines(seed), count)
    return "".join(line + "\n" for line in lines).encode()


def pieces(text, seed):
    below = dice(seed)
    while text:
        cut = 1 + below(80)
        yield text[:cut]
        text = text[cut:]


class Rotating:
    """Begins anew with another file of that name, or with one that was cut."""

    def __init__(self, path):
        self.path, self.file = path, open(path, "rb")

    def readline(self):
        line = self.file.readline()
        if not line and self.is_another():
            # Its writer may have written on before it was moved away.
            line = self.file.readline()
            if not line:
                self.file.close()
                self.file = open(self.path, "rb")
                line = self.file.readline()
        return line

    def is_another(self):
        try:
            there = os.stat(self.path)
        except FileNotFoundError:
            return False
        here = os.fstat(self.file.fileno())
        return not os.path.samestat(there, here) or (
            there.st_size < self.file.tell()
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()


def follow(log, more):
    line, is_open = b"", True
    while True:
        line += log.readline()
        if not line.endswith(b"\n"):
            if is_open:
                is_open = more()
                continue
            if not line:
                return
        yield line.decode().rstrip("\r\n")
        line = b""


def follow_broken(log, more):
    while True:
        line = log.readline()
        if line:
            yield line.decode(errors="replace")
        elif not more():
            return


def grep(pattern, lines):
    for line in lines:
        if pattern in line:
            yield line


def count(pattern, lines):
    seen = 0

    def counted():
        nonlocal seen
        for line in lines:
            seen += 1
            yield line

    found = sum(1 for _ in grep(pattern, counted()))
    return seen, found


def open_bytes(path):
    return open(path, "rb")


def main():
    old, new = text(1, 10), text(2, 200)
    with tempfile.TemporaryDirectory() as folder:
        for follower, what in (follow_broken, "pieces"), (follow, "lines"):
            path = os.path.join(folder, what)
            with open(path, "ab", 0) as log, open(path, "rb") as reader:
                log.write(old)
                reader.seek(0, os.SEEK_END)
                rest = pieces(new, 3)

                def more():
                    return log.write(next(rest, b"")) > 0

                seen, found = count("python", follower(reader, more))
                print(f"{seen} {what}, {found} with python")

        path = os.path.join(folder, "thread")
        with open(path, "ab", 0) as log, open(path, "rb") as reader:

            def write():
                for piece in pieces(new, 3):
                    log.write(piece)

            writer = threading.Thread(target=write)
            writer.start()

            def more():
                time.sleep(0.001)
                return writer.is_alive()

            seen, found = count("python", follow(reader, more))
            print(f"{seen} lines, {found} with python, written by a thread")

        for how, what in (open_bytes, "missed"), (Rotating, "looked for"):
            path = os.path.join(folder, what)
            with open(path, "ab", 0) as log:
                log.write(text(1, 20))
                rest = [text(2, 10)]

                def more():
                    if rest:
                        log.truncate(0)
                        return log.write(rest.pop()) > 0
                    return False

                with how(path) as reader:
                    seen, found = count("python", follow(reader, more))
                print(f"{seen} lines, {found} with python, the cut {what}")


if __name__ == "__main__":
    main()
