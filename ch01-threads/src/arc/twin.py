"""Every object counts the references to it, and any thread may have one.

python3 ch01-threads/src/arc/twin.py
"""

import sys
import threading


def main():
    menu = ["tea", "soup", "rice"]
    alone = sys.getrefcount(menu)

    references = [menu] * 3
    print(f"more references: {sys.getrefcount(menu) - alone}")

    cooked = [None] * 3

    def cook(i, dishes):
        cooked[i] = dishes[i]

    cooks = [
        threading.Thread(target=cook, args=(i, references.pop()))
        for i in range(3)
    ]
    for thread in cooks:
        thread.start()
    for thread in cooks:
        thread.join()
    for dish in cooked:
        print(f"cooked: {dish}")
    print(f"more references: {sys.getrefcount(menu) - alone}")


if __name__ == "__main__":
    main()
