"""A pool with ProcessPoolExecutor, or a worker for the pool in Rust.

python3 ch02-processes/src/pool/twin.py
python3 ch02-processes/src/pool/twin.py --faults
python3 ch02-processes/src/pool/twin.py --worker
"""

import json
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from math import isqrt

NUMBERS = range(90, 102)


def check(n):
    prime = n > 1 and all(n % i for i in range(2, isqrt(n) + 1))
    return f"{n} is prime" if prime else f"{n} is not prime"


def worker():
    """Answers frames, one a line, until stdin ends."""
    for line in sys.stdin:
        job = json.loads(line)["job"]
        try:
            answer = {"done": {"id": job["id"], "output": check(int(job["input"]))}}
        except ValueError as err:
            answer = {"failed": {"id": job["id"], "error": str(err)}}
        # Without the flush the answer stays in a buffer, and both sides wait.
        print(json.dumps(answer), flush=True)


def job(text):
    if text == "crash":
        # The other jobs are in the queue by then.
        time.sleep(0.5)
        os._exit(3)
    if text == "hang":
        time.sleep(600)
    return check(int(text))


def faults():
    pool = ProcessPoolExecutor(1)
    print(pool.submit(job, "7").result())
    futures = [(text, pool.submit(job, text)) for text in ["crash", "8", "9"]]
    for text, future in futures:
        print(f"{text}: {type(future.exception()).__name__}")
    try:
        pool.submit(job, "10")
    except BrokenProcessPool as err:
        print(f"10, submitted later: {type(err).__name__}")
    pool.shutdown()

    pool = ProcessPoolExecutor(1)
    hangs, behind = pool.submit(job, "hang"), pool.submit(job, "8")
    for text, future in [("hang", hangs), ("8, behind it", behind)]:
        try:
            future.result(timeout=0.5)
        except TimeoutError as err:
            print(f"{text}: {type(err).__name__}")
    # The pool itself cannot end it.
    (process,) = multiprocessing.active_children()
    print(f"the process that hangs: alive: {process.is_alive()}")
    process.kill()
    print(f"8, after the kill: {type(behind.exception()).__name__}")
    pool.shutdown()


def main():
    if "--worker" in sys.argv:
        return worker()
    if "--faults" in sys.argv:
        return faults()
    with ProcessPoolExecutor(2) as pool:
        for output in pool.map(check, NUMBERS):
            print(output)


if __name__ == "__main__":
    main()
