"""A task is a coroutine with a number.

python3 ch03-generators/src/task/twin.py
"""


class Task:
    def __init__(self, tid, body):
        self.tid = tid
        self.body = body

    def run(self):
        return next(self.body)


def foo():
    print("part 1")
    yield
    print("part 2")
    yield


def main():
    task = Task(1, foo())
    print(f"task {task.tid} has a number, and has not begun")
    for _ in range(3):
        try:
            print(f"yielded {task.run()}")
        except StopIteration:
            print("StopIteration")


if __name__ == "__main__":
    main()
