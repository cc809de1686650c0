"""A stage of a pipeline moves into a process.

python3 ch02-processes/src/stage/twin.py
"""

import subprocess
import sys

LOG = ["started", "error: disk full", "retrying", "error: no route"]


def primed(coroutine):
    next(coroutine)
    return coroutine


def grep(word, target):
    try:
        while True:
            line = yield
            if word in line:
                target.send(line)
    except GeneratorExit:
        target.close()


def printer():
    try:
        while True:
            print(f"  {(yield)}", flush=True)
    except GeneratorExit:
        print("  the printer is closed", flush=True)


def sendto(file):
    try:
        while True:
            file.write(f"{(yield)}\n")
            file.flush()
    except GeneratorExit:
        file.close()


def sendto_broken(file):
    try:
        while True:
            file.write(f"{(yield)}\n")
            file.flush()
    # `close()` throws GeneratorExit, so this line never runs.
    except StopIteration:
        file.close()


def stages():
    return primed(grep("error", primed(printer())))


def feed(lines, first):
    for line in lines:
        first.send(line.rstrip("\n"))
    first.close()


def remote(how, **options):
    command = [sys.executable, __file__, "--child"]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, text=True, **options
    )
    feed(LOG, primed(how(child.stdin)))
    return child


def main():
    if "--child" in sys.argv:
        return feed(sys.stdin, stages())
    print("in this process:", flush=True)
    feed(LOG, stages())
    print("in another process:", flush=True)
    remote(sendto).wait()
    print("the other process has ended", flush=True)

    print("in a third one, with the wrong exception:", flush=True)
    child = remote(sendto_broken, stdout=subprocess.PIPE)
    print(child.stdout.readline() + child.stdout.readline(), end="")
    try:
        child.wait(timeout=0.5)
    except subprocess.TimeoutExpired:
        print("  close() has returned, and it waits")
    child.communicate()


if __name__ == "__main__":
    main()
