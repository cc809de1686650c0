"""`run_in_executor` that is not awaited: the error vanishes.

python3 ch04-async/src/unawaited_save/twin.py
"""

import asyncio
import pathlib
import tempfile
import time

SLOW = 0.2


def save(path, picture):
    time.sleep(SLOW)
    path.write_bytes(picture)


async def download_broken(path):
    loop = asyncio.get_running_loop()
    loop.run_in_executor(None, save, path, b"GIF89a")
    print(f"  OK, the file exists: {path.exists()}")


async def download(path):
    await asyncio.to_thread(save, path, b"GIF89a")
    print(f"  OK, the file exists: {path.exists()}")


async def four(folder):
    start = time.monotonic()
    paths = [folder / f"{n}.gif" for n in range(4)]
    await asyncio.gather(
        *(asyncio.to_thread(save, path, b"GIF89a") for path in paths)
    )
    overlap = time.monotonic() - start < 3 * SLOW
    print(f"  less time than three of them in a row: {overlap}")


async def write(folder, size):
    on_loop, on_thread = [], []
    for n in range(101):
        picture = b"x" * size
        # Two new files: to create one costs more than to replace it.
        one = folder / f"loop-{size}-{n}.gif"
        other = folder / f"thread-{size}-{n}.gif"
        start = time.perf_counter()
        one.write_bytes(picture)
        on_loop.append(time.perf_counter() - start)
        start = time.perf_counter()
        await asyncio.to_thread(other.write_bytes, picture)
        on_thread.append(time.perf_counter() - start)
    return 1e6 * sorted(on_loop)[50], 1e6 * sorted(on_thread)[50]


async def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        missing = folder / "missing" / "br.gif"
        print("not awaited, into a folder that is missing")
        await download_broken(missing)
        print("awaited, into a folder that is missing")
        try:
            await download(missing)
        except FileNotFoundError:
            print("  an error: True")
        print("awaited, into a folder that is there")
        await download(folder / "br.gif")
        print("four at a time")
        await four(folder)
        print("one write, on the loop and on a thread")
        for kilobytes in 13, 130, 1300:
            on_loop, on_thread = await write(folder, 1000 * kilobytes)
            print(f"  {kilobytes} kB: {on_loop:.0f} and {on_thread:.0f} µs")


if __name__ == "__main__":
    asyncio.run(main())
