"""A pool with ProcessPoolExecutor, or a worker for the pool in Rust.

python3 ch02-processes/src/pool/twin.py
python3 ch02-processes/src/pool/twin.py --worker
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
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


def main():
    if "--worker" in sys.argv:
        return worker()
    with ProcessPoolExecutor(2) as pool:
        for output in pool.map(check, NUMBERS):
            print(output)


if __name__ == "__main__":
    main()
