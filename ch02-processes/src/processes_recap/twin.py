"""Five questions about processes, answered by running them.

python3 ch02-processes/src/processes_recap/twin.py
"""

import json
import subprocess
import sys

counter = 0


def child():
    order = sys.stdin.readline().rstrip()
    if order == "end":
        return
    if order == "count":
        print(counter, flush=True)
    elif order == "half a frame":
        print('{"done":{"id":1,', end="", flush=True)
    else:
        print("ready", flush=True)
    sys.stdin.read()
    print("stdin has ended")


def start(order):
    process = subprocess.Popen(
        [sys.executable, __file__, "--child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    process.stdin.write(f"{order}\n".encode())
    return process


def line(process):
    return process.stdout.readline().decode().rstrip()


def main():
    global counter
    if "--child" in sys.argv:
        return child()
    counter = 1
    process = start("count")
    print(f"1. parent: 1, child: {line(process)}")
    process.communicate()

    process = start("wait")
    line(process)
    stdin, stdout = process.stdin, process.stdout
    # So that `subprocess` forgets its child, and does not warn of it.
    process.returncode = 0
    del process
    stdin.close()
    print(f"2. after del process: `{stdout.readline().decode().rstrip()}`")

    process = start("wait")
    line(process)
    process.kill()
    process.wait()
    print(f"3. after kill: `{line(process)}`")

    process = start("end")
    process.wait()
    try:
        process.stdin.write(b"more\n")
    except BrokenPipeError as err:
        print(f"4. writing to a child that has ended: {type(err).__name__}")

    process = start("half a frame")
    half = process.stdout.read(16)
    process.kill()
    process.wait()
    try:
        json.loads(half + process.stdout.read())
    except json.JSONDecodeError as err:
        print(f"5. half a frame: {type(err).__name__}")


if __name__ == "__main__":
    main()
