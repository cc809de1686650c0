"""Act three: an exception between acquire and release. It hangs.

python3 ch01-threads/src/deadlocked/twin.py
"""

import sys
import threading
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the other sections
from animals.twin import ask, start_api, type_out

screen = threading.Lock()


def ask_and_type(url, animal):
    sentence = ask(url, animal)
    screen.acquire()
    if "Moo" in sentence:
        raise ValueError("not happy about Moo!")
    type_out(sentence)
    screen.release()


def main():
    threading.excepthook = lambda args: print(
        f"{args.thread.name}: {args.exc_value}", file=sys.stderr
    )
    url = start_api()
    # The cow goes first: were it the last, no thread would miss the lock.
    for animal in ["cow", "pig", "chicken"]:
        thread = threading.Thread(
            target=ask_and_type, args=(url, animal), name=animal
        )
        thread.start()
        if animal == "cow":
            thread.join()
            print(f"the screen is taken: {screen.locked()}", flush=True)


main()
