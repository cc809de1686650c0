"""Two threads send to one generator, without a lock: how often does it fail?

python3 ch03-generators/src/reentry/without_lock.py
"""

import threading


def silent_printer():
    while True:
        text = yield
        # Enough work that a thread is interrupted in here now and then.
        sum(map(ord, text * 50))


def fails_without_lock():
    lines, errors = silent_printer(), []
    next(lines)
    begin = threading.Barrier(2)

    def send(text):
        begin.wait()
        try:
            for i in range(300):
                lines.send(f"[{text}] {i}")
        except ValueError as error:
            errors.append(error)

    texts = "foo is nice", "bar is bad"
    threads = [threading.Thread(target=send, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return bool(errors)


def main():
    rounds = 100
    failed = sum(fails_without_lock() for _ in range(rounds))
    print(f"{failed} of {rounds} rounds: generator already executing")


if __name__ == "__main__":
    main()
