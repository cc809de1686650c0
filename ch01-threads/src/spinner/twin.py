"""Stopping a thread: it ends when the event is set, and not before.

python3 ch01-threads/src/spinner/twin.py
python3 ch01-threads/src/spinner/twin.py --fail    (hangs)
"""

import itertools
import os
import sys
import threading
import time


def spin(message, done):
    say("spinner: started")
    for glyph in itertools.cycle("\\|/-"):
        draw(f" {glyph} {message}\r")
        if done.wait(0.1):
            break
    draw(" " * (len(message) + 3) + "\r")
    say("spinner: stopped")


def supervise(call):
    done = threading.Event()
    spinner = threading.Thread(target=spin, args=("thinking!", done))
    say(f"main: created, is_alive: {spinner.is_alive()}")
    spinner.start()
    say(f"main: started, is_alive: {spinner.is_alive()}")

    # An exception leaves here, and the event is not set.
    answer = call()
    say("main: slow call returned")

    done.set()
    spinner.join()
    say(f"main: joined, is_alive: {spinner.is_alive()}")
    return answer


def slow():
    time.sleep(3)
    return 42


def fail():
    time.sleep(1)
    raise RuntimeError("the slow call failed")


def say(line):
    # One write a line: print() writes the newline separately, and another
    # thread may come between the two.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def draw(text):
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        sys.stderr.write(text)
        sys.stderr.flush()


def main():
    try:
        say(f"Answer: {supervise(fail if '--fail' in sys.argv else slow)}")
    except RuntimeError as err:
        # The last line of the program, and not its end: the interpreter
        # waits for the spinner.
        sys.exit(f"error: {err}")


if __name__ == "__main__":
    main()
