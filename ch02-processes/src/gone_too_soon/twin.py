"""A spawned child opens a queue by its name, which may be gone by then.

python3 ch02-processes/src/gone_too_soon/twin.py
"""

import multiprocessing


def child(jobs):
    jobs.get()


def start_broken(context):
    # `jobs` is a local variable, and `start` does not keep its arguments: with
    # this function ends the queue, and the name of its semaphore.
    jobs = context.Queue()
    process = context.Process(target=child, args=(jobs,))
    process.start()
    return process, None


def start(context):
    jobs = context.Queue()
    process = context.Process(target=child, args=(jobs,))
    process.start()
    return process, jobs


def main():
    # What fork copies needs no name.
    context = multiprocessing.get_context("spawn")
    for how, begin in [("dropped", start_broken), ("kept", start)]:
        process, jobs = begin(context)
        if jobs is not None:
            jobs.put(7)
        process.join()
        print(f"the queue is {how}: child succeeded: {process.exitcode == 0}")


if __name__ == "__main__":
    main()
