"""A process can be killed from outside, and then runs no cleanup.

python3 ch02-processes/src/kill/twin.py
python3 ch02-processes/src/kill/twin.py --zombie
python3 ch02-processes/src/kill/twin.py --orphan
"""

import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time


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


def state(pid):
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    shown = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    return shown.stdout.strip()[:1] or "not there"


def zombie():
    command = [sys.executable, "-c", "input()"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE)
    child.kill()
    # Returns when the child has ended, and leaves it in the process table.
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    print(f"killed, before wait: {state(child.pid)}")
    print(f"wait returned: {child.wait()}")
    print(f"killed, after wait: {state(child.pid)}")


def orphan():
    # To the end of stdout: the parent and its child both write to this pipe.
    command = [sys.executable, __file__, "--parent"]
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    print(printed.stdout, end="")


def parent():
    # Not `multiprocessing.Process`: those are joined at exit.
    command = [sys.executable, __file__, "--orphan-of", str(os.getpid())]
    child = subprocess.Popen(command)
    print("parent: started a child, and ends", flush=True)
    # Without a `wait`, and without a warning about it.
    child.returncode = 0


def outlive(parent):
    while os.getppid() == parent:
        time.sleep(0.001)
    print("orphan: my parent has ended, and I go on")


def main():
    for option in [zombie, orphan, parent]:
        if f"--{option.__name__}" in sys.argv:
            return option()
    if "--orphan-of" in sys.argv:
        return outlive(int(sys.argv[-1]))
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
