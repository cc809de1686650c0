"""An empty queue of jobs is not the end of the work.

python3 ch02-processes/src/lost_results/twin.py
"""

import multiprocessing

DONE = None


def work(jobs, results, taken, go):
    n = jobs.get()
    taken.release()
    # Plays the part of a scheduler that delays the worker.
    go.wait()
    results.put(n * n)
    results.put(DONE)


def collect_broken(jobs, results):
    answers = []
    while not jobs.empty():
        answers.append(results.get())
    return answers


def collect(results, workers):
    answers = []
    while workers:
        answer = results.get()
        if answer is DONE:
            workers -= 1
        else:
            answers.append(answer)
    return answers


def main():
    jobs, results = multiprocessing.SimpleQueue(), multiprocessing.SimpleQueue()
    taken, go = multiprocessing.Semaphore(0), multiprocessing.Event()
    for n in [1, 2, 3, 4]:
        jobs.put(n)
    args = (jobs, results, taken, go)
    workers = [multiprocessing.Process(target=work, args=args) for _ in range(4)]
    for worker in workers:
        worker.start()
    for _ in workers:
        taken.acquire()
    n = len(collect_broken(jobs, results))
    print(f"until the queue is empty: {n} of 4 answers")
    go.set()
    n = len(collect(results, len(workers)))
    print(f"until every worker has ended: {n} more")
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
