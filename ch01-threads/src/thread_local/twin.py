"""A thread-local is a global of which every thread has its own.

python3 ch01-threads/src/thread_local/twin.py
"""

import threading


class Washed(threading.local):
    # Runs again in each thread that uses the object.
    def __init__(self):
        self.plates = 0


washed = Washed()


def wash(plates):
    for _ in range(plates):
        washed.plates += 1
        print(f"washed: {washed.plates}")


for plates in (3, 2):
    thread = threading.Thread(target=wash, args=(plates,))
    thread.start()
    thread.join()
