"""A handler that raises takes its connection along, and no more.

python3 ch05-servers/src/panics/twin.py
"""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Uncaught(BaseHTTPRequestHandler):
    lock = threading.Lock()
    visitors = 0

    def do_GET(self):
        self.answer(200, self.visit())

    def visit(self):
        with self.lock:
            type(self).visitors += 1
            # The lock is released on the way out, and says nothing about it.
            if self.path == "/panic":
                raise RuntimeError("asked to")
            return f"visitor {self.visitors}"

    def answer(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


class Caught(Uncaught):
    visitors = 0

    def do_GET(self):
        try:
            status, text = 200, self.visit()
        except Exception:
            status, text = 500, "internal error"
        self.answer(status, text)


def show(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever).start()
    for path in "/", "/panic", "/":
        client = http.client.HTTPConnection(*server.server_address, timeout=10)
        client.request("GET", path)
        try:
            answer = client.getresponse()
            seen = f"{answer.status} {answer.reason}: {answer.read().decode()}"
        except http.client.RemoteDisconnected:
            seen = "closed: nothing"
        print(f"  {path:6}  {seen}")
        client.close()
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    print("not caught")
    show(Uncaught)
    print("caught")
    show(Caught)
