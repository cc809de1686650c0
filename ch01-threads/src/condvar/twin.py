"""Condition: a woken thread re-checks the condition, with `while`, not `if`.

python3 ch01-threads/src/condvar/twin.py
"""

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor


class Queue:
    def __init__(self):
        self.items = deque()
        self.arrived = threading.Condition()

    def put(self, item):
        with self.arrived:
            self.items.append(item)
            self.arrived.notify()

    def take(self):
        with self.arrived:
            while not self.items:
                self.arrived.wait()
            return self.items.popleft()

    def take_broken(self):
        with self.arrived:
            if not self.items:
                self.arrived.wait()
            return self.items.popleft() if self.items else None

    def wake_all(self):
        # In Python notifying needs the lock, too.
        with self.arrived:
            self.arrived.notify_all()


queue = Queue()
with ThreadPoolExecutor() as executor:
    once = executor.submit(queue.take_broken)
    while not once.done():
        queue.wake_all()
        time.sleep(0)
    print(f"`if`: woken, took {once.result()}")

    looking = executor.submit(queue.take)
    for _ in range(1000):
        queue.wake_all()
        time.sleep(0)
    print(f"`while`: woken, done: {looking.done()}")
    queue.put("a plate")
    print(f"`while`: took {looking.result()}")
