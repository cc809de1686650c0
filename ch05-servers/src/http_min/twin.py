"""The smallest web server of the standard library: one handler.

python3 ch05-servers/src/http_min/twin.py
"""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Greet(BaseHTTPRequestHandler):
    def do_GET(self):
        _, found, name = self.path.partition("/hello/")
        text = f"Hello, {name}!\n" if found else "not found\n"
        self.send_response(200 if found else 404)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format, *args):
        pass


def main():
    with ThreadingHTTPServer(("127.0.0.1", 0), Greet) as server:
        threading.Thread(target=server.serve_forever).start()
        for path in "/hello/Ada", "/":
            client = http.client.HTTPConnection(*server.server_address)
            client.request("GET", path)
            response = client.getresponse()
            print(f"GET {path}")
            print(f"  {response.status} {response.reason}")
            print(f"  {response.read().decode()}", end="")
            client.close()
        server.shutdown()


if __name__ == "__main__":
    main()
