"""A thread is created, then started; the interpreter waits for it.

python3 ch01-threads/src/lifecycle/twin.py
python3 ch01-threads/src/lifecycle/twin.py --leave
python3 ch01-threads/src/lifecycle/twin.py --leave-daemon
"""

import queue
import sys
import threading


def main():
    told = queue.Queue()
    result = []
    worker = threading.Thread(
        target=lambda: result.append(told.get() * 2), name="worker"
    )
    print(f"{worker.name}: created, is_alive: {worker.is_alive()}")
    worker.start()
    print(f"{worker.name}: started, is_alive: {worker.is_alive()}")
    told.put(21)
    print(f"{worker.name}: joined, returned {worker.join()}")
    print(f"{worker.name}: left behind {result}")

    unlucky = threading.Thread(target=lambda: 1 / 0, name="unlucky")
    unlucky.start()
    # The traceback is on stderr by then; `join` returns None.
    print(f"{unlucky.name}: joined, returned {unlucky.join()}")


def leave(daemon):
    started = threading.Event()

    def work():
        print("thread: started", flush=True)
        started.set()
        threading.main_thread().join()
        print("thread: ended")

    threading.Thread(target=work, daemon=daemon).start()
    started.wait()
    print("main: returns", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["--leave"]:
            leave(daemon=False)
        case ["--leave-daemon"]:
            leave(daemon=True)
