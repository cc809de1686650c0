"""A thread for each connection: the loop of one client, many times.

python3 ch05-servers/src/echo_threads/twin.py
"""

import socket
import socketserver
import threading

CROWD = 50
MESSAGES = 20


class Echo(socketserver.BaseRequestHandler):
    def setup(self):
        self.request.settimeout(10)
        self.server.inside.add(self.request)
        self.server.accepted += 1

    def handle(self):
        while chunk := self.request.recv(4096):
            self.request.sendall(chunk)

    def finish(self):
        self.server.inside.discard(self.request)


class Server(socketserver.ThreadingTCPServer):
    # server_close() waits for the threads: for ever, if a client stays.
    daemon_threads = False
    request_queue_size = 1024

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Echo)
        self.inside = set()
        self.accepted = 0
        threading.Thread(target=self.serve_forever).start()

    def stop(self):
        self.shutdown()
        for client in list(self.inside):
            client.shutdown(socket.SHUT_RD)
        self.server_close()
        return self.accepted


def trial(address, stop):
    """Sends the same clients to whichever server it is handed."""
    silent = socket.create_connection(address, 10)
    print("1 connects, and is silent")

    second = socket.create_connection(address, 10)
    print(f'2 sends "hello", gets "{ask(second, "hello")}"')

    start = threading.Barrier(CROWD)
    own = []

    def one_of_many(n):
        with socket.create_connection(address, 10) as client:
            start.wait()
            for i in range(MESSAGES):
                message = f"client {n}, message {i}"
                own.append(ask(client, message) == message)

    crowd = [
        threading.Thread(target=one_of_many, args=(n,)) for n in range(CROWD)
    ]
    for client in crowd:
        client.start()
    for client in crowd:
        client.join()
    print(
        f"{CROWD} come at once, send {MESSAGES} messages each, "
        f"and get {sum(own)} of their own back"
    )

    # Half of a goodbye: it sends no more, and can still read.
    second.shutdown(socket.SHUT_WR)
    rest = second.recv(100)
    print(f"2 is done, gets {len(rest)} bytes more and the end")
    print(f'1 sends "at last", gets "{ask(silent, "at last")}"')
    # It stays connected: a server that is stopped has to end it.
    accepted = stop()
    print(f"the server ends: {accepted} served")
    print(f"1 gets {len(silent.recv(100))} bytes more and the end")
    silent.close()
    second.close()


def ask(client, text):
    client.sendall(text.encode())
    echo = b""
    while len(echo) < len(text) and (chunk := client.recv(100)):
        echo += chunk
    return echo.decode()


if __name__ == "__main__":
    server = Server()
    trial(server.server_address, server.stop)
