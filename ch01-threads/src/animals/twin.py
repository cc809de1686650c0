"""Three slow answers, one after the other.

python3 ch01-threads/src/animals/twin.py
"""

import http.server
import threading
import time
import urllib.request

ANIMALS = ["cow", "pig", "chicken"]
SOUNDS = {"/cow": "Moo!", "/pig": "Oink!", "/chicken": "Cluck!"}
DELAY = 0.2
TYPING = 0.004


class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(DELAY)
        sound = SOUNDS.get(self.path)
        if sound is None:
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Length", str(len(sound)))
        self.end_headers()
        self.wfile.write(sound.encode())

    def log_message(self, *args):
        pass


def start_api():
    """Starts the slow API on a free port; returns its URL."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


# Without proxies: on another machine they would look for our server there.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url, animal):
    with OPENER.open(f"{url}/{animal}") as answer:
        return f'The {animal} says "{answer.read().decode()}".'


def type_out(sentence):
    for letter in sentence:
        print(letter, end="", flush=True)
        time.sleep(TYPING)
    print(flush=True)


def main():
    url = start_api()
    for animal in ANIMALS:
        type_out(ask(url, animal))


if __name__ == "__main__":
    main()
