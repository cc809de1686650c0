"""A full queue makes the producer wait, or raises queue.Full.

python3 ch01-threads/src/bounded_channel/twin.py
"""

import queue

shelf = queue.Queue(maxsize=2)
for plate in range(1, 4):
    try:
        shelf.put_nowait(plate)
        print(f"plate {plate}: on the shelf")
    except queue.Full:
        print(f"plate {plate}: no room")
print(f"taken: plate {shelf.get()}")
shelf.put_nowait(3)
print("plate 3 again: True")
# maxsize=0 is the other extreme: a queue without a limit.
print(f"maxsize=0 is full: {queue.Queue(maxsize=0).full()}")
