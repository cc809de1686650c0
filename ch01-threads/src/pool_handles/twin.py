"""Futures: `done`, `result`, `cancel`, and a callback.

python3 ch01-threads/src/pool_handles/twin.py
"""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed


def main():
    running, gate = threading.Event(), threading.Event()

    def wait():
        running.set()
        return gate.wait()

    with ThreadPoolExecutor(1) as executor:
        busy = executor.submit(wait)
        queued = executor.submit(lambda: 1)
        last = executor.submit(lambda: 2)
        running.wait()

        print(f"running: done {busy.done()}, cancel {busy.cancel()}")
        # A second `cancel` returns True as well.
        print(f"queued: cancel {queued.cancel()}, again {queued.cancel()}")
        print(f"queued: done {queued.done()}")
        try:
            last.result(timeout=0.02)
        except TimeoutError:
            print("last: timeout True")
        try:
            list(as_completed([last], timeout=0.02))
        except TimeoutError as error:
            print(f"deadline: {error}")

        busy.add_done_callback(lambda _: print("callback: job 0 is done"))
        after = executor.submit(lambda: "after")
        gate.set()
        print(f"{after.result()}, {busy.result()}")

    gate = threading.Event()
    with ThreadPoolExecutor(2) as executor:
        slow, quick = executor.submit(gate.wait), executor.submit(lambda: True)
        names = {slow: 0, quick: 1}
        for future in as_completed(names):
            print(f"as completed: {names[future]}, {future.result()}")
            gate.set()


main()
