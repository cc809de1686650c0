"""A lock stands beside what it protects; `with` takes and returns it.

python3 ch01-threads/src/mutex/twin.py
"""

import sys
import threading

left, right = 8000, 0
lock = threading.Lock()


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
        # Without this line the program runs too, and is wrong.
        with lock:
            wrong += left + right != 8000
            if left == 0:
                break
    for thread in threads:
        thread.join()
    print(f"wrong sums: {wrong}")
    print(f"left: {left}, right: {right}")


sys.setswitchinterval(1e-6)
main()
