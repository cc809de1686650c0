"""Values that cross a process boundary are pickled; some do not survive it.

python3 ch02-processes/src/framing/twin.py
"""

import pickle
import threading

STOP = object()


def main():
    for name, sentinel in [("object()", STOP), ("...", ...), ("None", None)]:
        came = pickle.loads(pickle.dumps(sentinel))
        print(f"{name}: the same on the other side: {came is sentinel}")

    for name, value in [("a lambda", lambda: 1), ("a lock", threading.Lock())]:
        try:
            pickle.dumps(value)
        except (AttributeError, TypeError, pickle.PicklingError):
            print(f"{name}: cannot be pickled")


if __name__ == "__main__":
    main()
