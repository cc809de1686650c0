"""Barrier: no thread begins part two before all have finished part one.

python3 ch01-threads/src/barrier/twin.py
"""

import threading

TOOLS = ["forks", "knives", "spoons"]


def say(text):
    # In one call: print() would write the newline by itself.
    print(f"{text}\n", end="", flush=True)


# One of the threads runs the action, before any of them goes on.
barrier = threading.Barrier(
    len(TOOLS), action=lambda: say("the table is laid")
)


def work(tool):
    say(f"[{tool}] laid")
    barrier.wait()
    say(f"[{tool}] used")


threads = [threading.Thread(target=work, args=(tool,)) for tool in TOOLS]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
