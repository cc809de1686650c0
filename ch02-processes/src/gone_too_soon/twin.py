"""A spawned child opens a queue by its name, which may be removed by then.

python3 ch02-processes/src/gone_too_soon/twin.py
"""

import multiprocessing
import os
import tempfile


def child(jobs):
    jobs.get()


def start_broken(context):
    # `jobs` is a local variable, and `start` does not keep its arguments: when
    # this function ends, the queue ends, and the name of its semaphore.
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
    # A forked child needs no name: it has a copy.
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryFile("w+") as errors:
        # The children write their tracebacks there.
        os.dup2(errors.fileno(), 2)
        for how, begin in [("dropped", start_broken), ("kept", start)]:
            process, jobs = begin(context)
            if jobs is not None:
                jobs.put(7)
            process.join()
            print(f"the queue is {how}: child succeeded: {process.exitcode == 0}")
        errors.seek(0)
        print(f"a child's last words: {errors.read().splitlines()[-1]}")


if __name__ == "__main__":
    main()
