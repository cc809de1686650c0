"""CPU-bound work in a pool of processes: first correct, then faster.

python3 ch02-processes/src/tables/twin.py
python3 ch02-processes/src/tables/twin.py --times
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256

JOBS, SIZE, LOOPS = 12, 1 << 15, 20


def rc4(key, loops, data):
    s = list(range(256))
    j = 0
    for _ in range(loops):
        for i in range(256):
            j = (j + s[i] + key[i % len(key)]) % 256
            s[i], s[j] = s[j], s[i]
    i = j = 0
    output = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + s[i]) % 256
        s[i], s[j] = s[j], s[i]
        output.append(byte ^ s[(s[i] + s[j]) % 256])
    return bytes(output)


def job(size):
    key = b"twelve buffers"
    plain = bytes(i % 256 for i in range(size))
    cipher = rc4(key, LOOPS, plain)
    assert rc4(key, LOOPS, cipher) == plain
    return sha256(cipher).hexdigest()[:16]


def hashed(size):
    return sha256(b"\7" * size).hexdigest()[:16]


def times():
    sizes = [(1 << 17) + (1 << 18) // JOBS * i for i in range(1, JOBS + 1)]
    for what, work, of in [
        ("RC4, 12 buffers of 149 to 384 KiB", job, sizes),
        ("SHA-256, 12 buffers of 1 MiB", hashed, [1 << 20] * JOBS),
    ]:
        print(what)
        for workers in [1, 2, 3, 4]:
            started = time.perf_counter()
            with ProcessPoolExecutor(workers) as pool:
                list(pool.map(work, of))
            ms = (time.perf_counter() - started) * 1000
            print(f"{workers} workers: {ms:.0f} ms")


def main():
    if "--times" in sys.argv:
        return times()
    for name, key, plain, cipher in [
        ("CRYPTLIB", "0123456789abcdef", "00" * 8, "7494c2e7104b0879"),
        ("COMMERCE", "618a63d2fb", "dcee4cf92c", "f13829c9de"),
    ]:
        came = rc4(bytes.fromhex(key), 1, bytes.fromhex(plain)).hex()
        print(f"{name:<12} {'OK' if came == cipher else 'WRONG'}")

    sizes = [SIZE // 2 + SIZE // JOBS * i for i in range(JOBS)]
    for workers in [1, 2, 3, 4]:
        started = time.perf_counter()
        with ProcessPoolExecutor(workers) as pool:
            digests = list(pool.map(job, sizes))
        took = time.perf_counter() - started
        print(f"{workers} workers: {took:.2f} s", file=sys.stderr)
    for size, digest in zip(sizes, digests):
        print(f"{size:>6} bytes  {digest}")


if __name__ == "__main__":
    main()
