"""Interleaved output: threads type over each other (act one).

python3 ch01-threads/src/garbled/twin.py
"""

import sys
import threading
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from animals.twin import ANIMALS, ask, start_api, type_out

others = threading.Barrier(len(ANIMALS))


def type_broken(sentence):
    print(sentence[0], end="", flush=True)
    # Every thread has typed a letter by now, so no line can be whole.
    others.wait()
    type_out(sentence[1:])


def main():
    url = start_api()
    threads = [
        threading.Thread(target=lambda a=animal: type_broken(ask(url, a)))
        for animal in ANIMALS
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
