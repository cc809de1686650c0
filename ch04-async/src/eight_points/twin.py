"""A task is like a thread in eight points, and unlike it in most.

python3 ch04-async/src/eight_points/twin.py
"""

import asyncio
import gc
import threading
import weakref

POINTS = (
    "what it is given",
    "when it begins",
    "what may interrupt it",
    "how it is stopped from outside",
    "if it raises",
    "if its handle is dropped",
    "what it may borrow",
    "a hundred of them",
)


def threads():
    answers = []
    thread = threading.Thread(target=lambda: answers.append(42))
    before = list(answers)
    thread.start()
    thread.join()
    yield f"a function, called once: {answers[0]}"
    yield f"when start() is called: {len(before)}, then {len(answers)}"

    flag = threading.Event()
    sets = threading.Thread(target=flag.set)
    sets.start()
    # Nothing here gives way: the interpreter takes the GIL away.
    while not flag.is_set():
        pass
    sets.join()
    yield "the interpreter, between two instructions"
    names = ("stop", "cancel", "kill", "abort")
    none = not any(hasattr(sets, name) for name in names)
    yield f"by no method: {none}"

    # What a thread raises goes to a hook, that is, to stderr.
    caught = []
    threading.excepthook = caught.append
    fails = threading.Thread(target=lambda: 1 / 0)
    fails.start()
    result = fails.join()
    threading.excepthook = threading.__excepthook__
    yield f"join() returns {result}, {len(caught)} hook was called"

    done = threading.Event()
    threading.Thread(target=done.set).start()
    done.wait()
    yield "it goes on"
    local = [1, 2]
    borrows = threading.Thread(target=local.append, args=[3])
    borrows.start()
    borrows.join()
    yield f"anything, locked or not: {sum(local)}"

    barrier = threading.Barrier(100)
    ids = set()

    def wait():
        barrier.wait()
        ids.add(threading.get_native_id())

    hundred = [threading.Thread(target=wait) for _ in range(100)]
    for thread in hundred:
        thread.start()
    for thread in hundred:
        thread.join()
    yield f"{len(ids)} threads of the system"


async def tasks():
    async def answer():
        begun.append(1)
        return 42

    begun = []
    task = asyncio.create_task(answer())
    before = len(begun)
    found = [f"a coroutine, stepped as often as needed: {await task}"]
    found.append(f"when the loop gets a turn: {before}, then {len(begun)}")

    task = asyncio.create_task(answer())
    for _ in range(100_000):
        pass
    found.append(f"no other task, between two awaits: {len(begun) == 1}")
    await task

    task = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    found.append(f"cancel(), and it may refuse: {task.cancelled()}")

    async def fails():
        1 / 0

    try:
        await asyncio.create_task(fails())
    except ZeroDivisionError:
        found.append("awaiting it raises")

    # The loop keeps a weak reference only: keep the task, or lose it.
    async def waits():
        await asyncio.get_running_loop().create_future()

    dropped = weakref.ref(asyncio.create_task(waits()))
    await asyncio.sleep(0)
    gc.collect()
    found.append(f"it may vanish: {dropped() is None}")
    local = [1, 2]

    async def borrows():
        local.append(3)

    await asyncio.create_task(borrows())
    found.append(f"anything, locked or not: {sum(local)}")

    async def ident():
        return threading.get_native_id()

    ids = set(await asyncio.gather(*(ident() for _ in range(100))))
    found.append(f"{len(ids)} thread of the system")
    return found


def main():
    answers = zip(POINTS, threads(), asyncio.run(tasks()))
    for point, thread, task in answers:
        print(f"{point}\n  thread: {thread}\n  task: {task}")


if __name__ == "__main__":
    main()
