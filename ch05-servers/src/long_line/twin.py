"""A line without an end is read until the memory is full.

python3 ch05-servers/src/long_line/twin.py
"""

import socket
import threading

LIMIT = 1024


def serve_broken(client):
    most = 0
    with client.makefile("r", encoding="utf-8") as lines:
        while line := lines.readline():
            most = max(most, len(line))
            client.sendall(f"{len(line.rstrip())} characters\n".encode())
    return most


def serve(client):
    most = 0
    with client.makefile("rb") as lines:
        while line := lines.readline(LIMIT):
            most = max(most, len(line))
            if len(line) == LIMIT and not line.endswith(b"\n"):
                skip_line(lines)
                client.sendall(b"too long\n")
                continue
            # Bytes that are not UTF-8 become U+FFFD: a character, no error.
            text = line.decode(errors="replace").rstrip()
            client.sendall(f"{len(text)} characters\n".encode())
    return most


def skip_line(lines):
    while (part := lines.readline(LIMIT)) and not part.endswith(b"\n"):
        pass


def exchange(serve, sent):
    ours, theirs = socket.socketpair()
    ended = []

    def run():
        with theirs:
            try:
                ended.append(serve(theirs))
            except UnicodeDecodeError as err:
                ended.append(err.reason)
            theirs.shutdown(socket.SHUT_WR)
            while theirs.recv(65536):
                pass

    server = threading.Thread(target=run)
    server.start()
    with ours:
        ours.sendall(sent)
        ours.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := ours.recv(65536):
            answer += chunk
    server.join()
    return ", ".join(answer.decode().split("\n")[:-1]), ended[0]


def main():
    for name, served in ("readline", serve_broken), ("limited", serve):
        print(name)
        for what, sent in (
            ("8 MiB, then a short line", b"x" * (8 << 20) + b"\nshort\n"),
            ("a byte that is no UTF-8", b"caf\xe9\nshort\n"),
        ):
            answer, most = exchange(served, sent)
            print(f"  {what}: {answer}")
            if isinstance(most, str):
                print(f"    and the connection was lost: {most}")
            elif most > 1 << 20:
                print(f"    a line has had {most >> 20} MiB")
            else:
                print(f"    a line has had {most} bytes")


if __name__ == "__main__":
    main()
