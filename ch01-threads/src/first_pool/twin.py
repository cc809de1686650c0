"""A first thread pool: a queue of jobs, and futures for their results.

python3 ch01-threads/src/first_pool/twin.py
"""

import queue
import threading
from concurrent.futures import Future


class Pool:
    def __init__(self, workers):
        self.jobs = queue.SimpleQueue()
        self.workers = [
            threading.Thread(target=self.work) for _ in range(workers)
        ]
        for worker in self.workers:
            worker.start()

    def work(self):
        # None ends a worker.
        while job := self.jobs.get():
            function, args, future = job
            try:
                future.set_result(function(*args))
            except BaseException as error:
                future.set_exception(error)

    def submit(self, function, *args):
        future = Future()
        self.jobs.put((function, args, future))
        return future

    def shutdown(self):
        for _ in self.workers:
            self.jobs.put(None)
        for worker in self.workers:
            worker.join()


def main():
    pool = Pool(1)
    futures = [pool.submit(lambda n: 10 // n, n) for n in (0, 2, 5)]
    pool.shutdown()
    results = [future.exception() or future.result() for future in futures]
    print(f"results: {results}")


main()
