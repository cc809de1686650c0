"""Any object may go to any thread; some raise an error when used there.

python3 ch01-threads/src/send_sync/twin.py
"""

import threading


def release_elsewhere(lock):
    """Takes a lock here, and gives it back in another thread."""
    outcome = []

    def release():
        try:
            lock.release()
            outcome.append("released by another thread")
        except RuntimeError as err:
            outcome.append(type(err).__name__)

    lock.acquire()
    other = threading.Thread(target=release)
    other.start()
    other.join()
    return outcome[0]


def main():
    print(f"Lock: {release_elsewhere(threading.Lock())}")
    print(f"RLock: {release_elsewhere(threading.RLock())}")


if __name__ == "__main__":
    main()
