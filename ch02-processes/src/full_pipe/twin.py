"""A pipe has little room, and a full pipe makes its writer wait.

python3 ch02-processes/src/full_pipe/twin.py
python3 ch02-processes/src/full_pipe/twin.py --broken    (hangs)
python3 ch02-processes/src/full_pipe/twin.py --queue     (hangs)
"""

import multiprocessing
import subprocess
import sys

SIZE = 4 << 20
CAT = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"


def start(code):
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )


def exchange_broken(child, data):
    child.stdin.write(data)
    child.stdin.close()
    return child.stdout.read()


def exchange(child, data):
    # `communicate` reads and writes at the same time.
    output, _ = child.communicate(data)
    return output


def work(jobs):
    while jobs.get() is not None:
        pass


def queue_broken():
    """Queues all jobs before the first worker starts."""
    jobs = multiprocessing.SimpleQueue()
    print("queueing 5000 jobs, then starting a worker", flush=True)
    for n in range(5000):
        jobs.put(("check", n, "is it prime?"))
    jobs.put(None)
    worker = multiprocessing.Process(target=work, args=(jobs,))
    worker.start()
    worker.join()
    print("done")


def main():
    if "--queue" in sys.argv:
        return queue_broken()
    if "--broken" in sys.argv:
        print(f"writing {SIZE} bytes, then reading", flush=True)
        data = exchange_broken(start(CAT), b"\7" * SIZE)
        return print(f"{len(data)} bytes came back")
    print(f"writing {SIZE} bytes, and reading at the same time")
    data = exchange(start(CAT), b"\7" * SIZE)
    print(f"{len(data)} bytes came back")

    child = start("pass")
    child.stdout.read()
    # `wait` leaves stdin open.
    child.wait()
    try:
        child.stdin.write(b"hello?")
    except BrokenPipeError as err:
        print(f"writing to a child that is gone: {type(err).__name__}")


if __name__ == "__main__":
    main()
