"""A closure keeps the variable, not the value that it had.

python3 ch01-threads/src/move_closure/twin.py
"""

import threading


def count_words(text):
    counts = []
    counter = threading.Thread(target=lambda: counts.append(len(text.split())))
    counter.start()
    counter.join()
    return counts[0]


def numbers():
    seen = []
    threads = []
    for n in range(3):
        threads.append(threading.Thread(target=lambda: seen.append(n)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def main():
    text = "a cup of tea"
    print(f"{count_words(text)} words in {text!r}")
    # All three closures look at the one `n`, which the loop left at 2.
    print(f"numbers: {numbers()}")


if __name__ == "__main__":
    main()
