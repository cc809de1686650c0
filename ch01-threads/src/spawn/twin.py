"""A thread is made, then started; `join` waits for it and returns None.

python3 ch01-threads/src/spawn/twin.py
python3 ch01-threads/src/spawn/twin.py --fail
python3 ch01-threads/src/spawn/twin.py --forget
"""

import sys
import threading
import time


def say(line):
    # One write for the line and its end: another thread may print, too.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def add(sums):
    say("adder: started")
    sums.append(sum(range(1, 101)))


def main():
    sums = []
    adder = threading.Thread(target=add, args=(sums,))
    adder.start()
    say("main: started the thread")
    adder.join()
    say(f"main: the sum is {sums[0]}")


def fail():
    parser = threading.Thread(target=int, args=("12 plates",))
    parser.start()
    say(f"main: join returned {parser.join()}")


def work():
    time.sleep(1)
    say("thread: ended")


def forget():
    threading.Thread(target=work).start()
    say("main: returns")


if __name__ == "__main__":
    {"--fail": fail, "--forget": forget}.get(sys.argv[-1], main)()
