"""A process crashes alone; a crash in a thread ends all its process's threads.

python3 ch02-processes/src/crash/twin.py
"""

import os
import subprocess
import sys
import threading


def fail():
    # SystemExit ends a thread without a traceback.
    raise SystemExit


def main():
    if "--child" in sys.argv:
        print("child: working", flush=True)
        os.abort()
    if "--child-with-thread" in sys.argv:
        print("main: the thread works", flush=True)
        thread = threading.Thread(target=os.abort)
        thread.start()
        thread.join()
        print("main: the thread crashed", flush=True)
        return

    thread = threading.Thread(target=fail)
    thread.start()
    # `join` returns None: the caller cannot see that the thread failed.
    print(f"a thread fails: joined as {thread.join()}")
    for what, flag in [
        ("a child aborts", "--child"),
        ("a thread of another child aborts", "--child-with-thread"),
    ]:
        command = [sys.executable, __file__, flag]
        left = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        print(f"{what}: success: {left.returncode == 0}")
        for line in left.stdout.splitlines():
            print(f"  it said `{line}`")
    print("and this process goes on")


if __name__ == "__main__":
    main()
