"""A lock stands beside the data that it protects; `with` takes and releases it.

python3 ch01-threads/src/mutex/twin.py
"""

import sys
import threading

total = 0
left, right = 8000, 0
lock = threading.Lock()
all_have_read = threading.Barrier(8)


def add_broken():
    global total
    seen = total
    # Every thread has read 0 before the first one writes 1.
    all_have_read.wait()
    total = seen + 1


def add():
    global total
    for _ in range(1000):
        with lock:
            total += 1


def count(work):
    global total
    total = 0
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total


def pay(coins):
    global left, right
    for _ in range(coins):
        with lock:
            left -= 1
            right += 1


def main():
    threads = [threading.Thread(target=pay, args=(1000,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    wrong = 0
    while True:
        # Without this line the program runs, too, with wrong sums.
        with lock:
            wrong += left + right != 8000
            if left == 0:
                break
    for thread in threads:
        thread.join()
    print(f"wrong sums: {wrong}")
    print(f"left: {left}, right: {right}")


print(f"no lock: {count(add_broken)} of 8")
print(f"locked while adding: {count(add)} of 8000")
# With the default of 5 ms a missing lock would rarely show.
sys.setswitchinterval(1e-6)
main()
