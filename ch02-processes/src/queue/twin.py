"""A queue that other machines can reach, with multiprocessing.managers.

python3 ch02-processes/src/queue/twin.py
"""

import os
from math import isqrt
from multiprocessing import Process
from multiprocessing.managers import BaseManager
from queue import Queue
from threading import Thread

NUMBERS = [2**p - 1 for p in (2, 3, 5, 7, 11, 13, 17, 19, 31)]
KEY = b"a process with this key may send pickles"


class Queues(BaseManager):
    """The two queues, seen from another process or another machine."""


Queues.register("jobs")
Queues.register("answers")


def is_prime(n):
    return n > 1 and all(n % i for i in range(2, isqrt(n) + 1))


def work(address, dies=False):
    queues = Queues(address, KEY)
    queues.connect()
    jobs, answers = queues.jobs(), queues.answers()
    while (n := jobs.get()) is not None:
        if dies:
            os._exit(1)
        answers.put((n, is_prime(n)))
    answers.put(None)


def main():
    jobs, answers = Queue(), Queue()

    class Served(BaseManager):
        pass

    Served.register("jobs", lambda: jobs)
    Served.register("answers", lambda: answers)
    server = Served(("127.0.0.1", 0), KEY).get_server()
    Thread(target=server.serve_forever, daemon=True).start()
    for job in [*NUMBERS, None]:
        jobs.put(job)

    first = Process(target=work, args=(server.address, True))
    first.start()
    first.join()
    second = Process(target=work, args=(server.address,))
    second.start()
    came = 0
    # The queue has lost the first job: its worker died with it.
    while (answer := answers.get()) is not None:
        n, prime = answer
        came += 1
        print(f"{n} {'is prime' if prime else 'is not prime'}")
    second.join()
    print(f"{came} answers to {len(NUMBERS)} jobs")


if __name__ == "__main__":
    main()
