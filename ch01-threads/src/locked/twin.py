"""Act two: one lock, and only the typing inside it.

python3 ch01-threads/src/locked/twin.py
"""

import sys
import threading
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from animals.twin import ANIMALS, ask, start_api, type_out

screen = threading.Lock()


def ask_and_type(url, animal):
    sentence = ask(url, animal)
    screen.acquire()
    type_out(sentence)
    screen.release()


def main():
    url = start_api()
    threads = [
        threading.Thread(target=ask_and_type, args=(url, animal))
        for animal in ANIMALS
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
