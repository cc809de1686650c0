"""Concurrency and parallelism: waits overlap on one thread, work does not.

python3 ch01-threads/src/concurrency/twin.py
"""

import queue
import threading
import time

WEEK = 0.05


def invite_in_turn(guests, helpers):
    letters = queue.SimpleQueue()
    for guest in range(guests):
        letters.put(guest)

    def help_out():
        try:
            while True:
                letters.get_nowait()
                time.sleep(WEEK)
        except queue.Empty:
            pass

    start = time.perf_counter()
    threads = [threading.Thread(target=help_out) for _ in range(helpers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def invite_at_once(guests):
    start = time.perf_counter()
    replies = [time.perf_counter() + WEEK for _ in range(guests)]
    for reply in replies:
        time.sleep(max(0, reply - time.perf_counter()))
    return time.perf_counter() - start


def main():
    weeks = invite_in_turn(20, 1) / WEEK
    print(f"one by one, 1 thread: {weeks:.1f} weeks")
    weeks = invite_in_turn(20, 5) / WEEK
    print(f"one by one, 5 threads: {weeks:.1f} weeks")
    weeks = invite_at_once(20) / WEEK
    print(f"all at once, 1 thread: {weeks:.1f} weeks")


main()
