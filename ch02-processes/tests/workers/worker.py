"""A worker of the pool that does as its argument or its job says.

It speaks the protocol of `ch02-processes pool --help`, or breaks it.
"""

import json
import os
import random
import signal
import sys
import time


def write(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def answer(id, output):
    write(json.dumps({"done": {"id": id, "output": output}}).encode() + b"\n")


def misbehave(how, id):
    if how == "exits-mid-job":
        sys.exit(99)
    if how == "half-a-line":
        write(b'{"done":{"id":')
        sys.exit(0)
    if how == "garbage":
        write(b"Hello, I am your worker!\n")
    if how == "two-replies":
        answer(id, "once")
        answer(id, "twice")
    if how == "wrong-id":
        answer(id + 1, "of another job")
    if how == "endless-line":
        try:
            for _ in range(100):
                write(b"x" * (1 << 20))
        except BrokenPipeError:
            os._exit(0)
    if how == "not-utf8":
        write(b'{"done":{"id":1,"output":"\xff"}}\n')
    if how == "chatters":
        sys.stderr.write("chatter\n" * (10 << 20 >> 3))
        answer(id, "done chattering")


def work(id, job):
    word, _, rest = job.partition(" ")
    if word == "die-once" and not os.path.exists(rest):
        open(rest, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    if word == "nap":
        time.sleep(random.random() * 0.002)
    answer(id, job)


def main():
    how = sys.argv[1] if len(sys.argv) > 1 else ""
    if how == "exits-at-once":
        return
    for line in sys.stdin.buffer:
        job = json.loads(line)["job"]
        if how:
            misbehave(how, job["id"])
        else:
            work(job["id"], job["input"])


main()
