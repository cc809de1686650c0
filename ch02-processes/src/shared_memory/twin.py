"""Two processes can share memory, as raw bytes.

python3 ch02-processes/src/shared_memory/twin.py
"""

import multiprocessing
import struct
from multiprocessing import shared_memory

TIMES = 100_000
SIZE, COUNTER, TEXT = 4096, 0, 64


def child(name, lock):
    memory = shared_memory.SharedMemory(name)
    for _ in range(TIMES):
        # Reading and writing are two steps; Python has no atomics.
        with lock:
            (n,) = struct.unpack_from("Q", memory.buf, COUNTER)
            struct.pack_into("Q", memory.buf, COUNTER, n + 1)
    text = b"from a child"
    struct.pack_into(f"Q{len(text)}s", memory.buf, TEXT, len(text), text)
    memory.close()


def main():
    memory = shared_memory.SharedMemory(create=True, size=SIZE)
    lock = multiprocessing.Lock()
    args = (memory.name, lock)
    children = [multiprocessing.Process(target=child, args=args) for _ in "ab"]
    for process in children:
        process.start()
    for process in children:
        process.join()
    (n,) = struct.unpack_from("Q", memory.buf, COUNTER)
    (length,) = struct.unpack_from("Q", memory.buf, TEXT)
    text = bytes(memory.buf[TEXT + 8 : TEXT + 8 + length]).decode()
    print(f"two processes added {TIMES} each: {n}")
    print(f"and left some bytes: {text}")
    memory.close()
    # It is a file: without this call it would stay.
    memory.unlink()


if __name__ == "__main__":
    main()
