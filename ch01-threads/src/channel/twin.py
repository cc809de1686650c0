"""A queue has no end, so one item has to mean "stop" (a poison pill).

python3 ch01-threads/src/channel/twin.py
"""

import math
import queue
import threading


def is_prime(n):
    if n < 2 or n % 2 == 0:
        return n == 2
    return all(n % i for i in range(3, math.isqrt(n) + 1, 2))


def check_broken(numbers):
    """Stops at the first 0, because 0 is false."""
    jobs = queue.Queue()
    for n in [*numbers, 0]:
        jobs.put(n)
    answers = []
    while n := jobs.get():
        answers.append((n, is_prime(n)))
    return answers


def check(numbers, workers):
    jobs, answers = queue.Queue(), queue.Queue()

    def work():
        # None is not a number; one for each worker.
        while (n := jobs.get()) is not None:
            answers.put((n, is_prime(n)))
        answers.put(None)

    for _ in range(workers):
        threading.Thread(target=work).start()
    for n in [*numbers, *[None] * workers]:
        jobs.put(n)
    found = []
    while workers:
        answer = answers.get()
        if answer is None:
            workers -= 1
        else:
            found.append(answer)
    return found


NUMBERS = [7, 0, 9, 1, 2, 7, 1_000_003]
print(f"0 means stop: answers: {len(check_broken(NUMBERS))} of 7")
found = sorted(check(NUMBERS, 3))
for n, prime in found:
    print(f"{n}: {prime}")
print(f"answers: {len(found)} of 7")
