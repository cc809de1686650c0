"""A server that answers one client at a time lets all others wait.

python3 ch05-servers/src/echo/twin.py
"""

import socket
import sys
import threading


def echo(client):
    echoed = 0
    while chunk := client.recv(4096):
        client.sendall(chunk)
        echoed += len(chunk)
    return echoed


def serve(listener, clients):
    for number in range(1, clients + 1):
        client, _ = listener.accept()
        with client:
            client.settimeout(10)
            say(f"[server] {number} accepted")
            try:
                n = echo(client)
            except OSError as err:
                say(f"[server] {number} lost: {err}")
            else:
                say(f"[server] {number} done, {n} bytes echoed")


def say(line):
    # One write a line: print() writes the newline separately, and another
    # thread may come between the two.
    sys.stdout.write(line + "\n")


def read(client, n):
    text = b""
    while len(text) < n and (chunk := client.recv(n - len(text))):
        text += chunk
    return text.decode()


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    # A daemon: if a client fails, there will be no second one.
    server = threading.Thread(target=serve, args=(listener, 2), daemon=True)
    server.start()

    first = socket.create_connection(address)
    first.sendall(b"hello")
    say(f'[client] 1 sent, got "{read(first, 5)}"')

    # The first echo has arrived, so the server has accepted the first client
    # and goes on reading from it. The system connects the second client.
    second = socket.create_connection(address)
    second.sendall(b"hello, too")
    second.settimeout(0.2)
    try:
        say(f'[client] 2 sent, got "{read(second, 10)}"')
    except TimeoutError:
        say("[client] 2 sent, waits")

    # Half of a goodbye: the client sends no more, and can still read.
    first.shutdown(socket.SHUT_WR)
    say(f'[client] 1 done, got "{read(first, 10)}"')

    second.settimeout(None)
    second.shutdown(socket.SHUT_WR)
    say(f'[client] 2 done, got "{read(second, 100)}"')
    server.join()
    for sock in first, second, listener:
        sock.close()


if __name__ == "__main__":
    main()
