"""`with lock:` releases the lock on an exception, without a trace (act four).

python3 ch01-threads/src/poisoned/twin.py
"""

import sys
import threading
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from animals.twin import ANIMALS, ask, start_api, type_out

screen = threading.Lock()


def ask_and_type(url, animal):
    sentence = ask(url, animal)
    with screen:
        if "Moo" in sentence:
            raise ValueError("not happy about Moo!")
        type_out(sentence)


def main():
    failed = []
    threading.excepthook = lambda args: failed.append(args.exc_value)
    url = start_api()
    threads = [
        threading.Thread(target=ask_and_type, args=(url, animal))
        for animal in ANIMALS
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"exceptions: {len(failed)}, taken: {screen.locked()}")


main()
