"""A process can be killed from outside, and then cleans nothing up.

python3 ch02-processes/src/kill/twin.py
"""

import multiprocessing
import pathlib
import tempfile


def hold(path, locked, done, deaf):
    path.touch(exist_ok=False)
    try:
        locked.set()
        while deaf:
            pass
        done.wait()
    finally:
        # `terminate` runs no `finally` and no `atexit`.
        path.unlink()


def tell(child, done):
    done.set()


def kill(child, done):
    child.terminate()


def main():
    with tempfile.TemporaryDirectory() as folder:
        for how, deaf, end in [("told", False, tell), ("killed", True, kill)]:
            lock = pathlib.Path(folder, how)
            locked, done = multiprocessing.Event(), multiprocessing.Event()
            child = multiprocessing.Process(
                target=hold, args=(lock, locked, done, deaf)
            )
            child.start()
            locked.wait()
            end(child, done)
            child.join()
            print(f"{how}: success: {child.exitcode == 0}")
            print(f"{how}: its lock file is left: {lock.exists()}")


if __name__ == "__main__":
    main()
