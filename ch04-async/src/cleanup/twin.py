"""`async with` awaits at its end, also after an exception.

python3 ch04-async/src/cleanup/twin.py
"""

import asyncio
import contextlib
from asyncio.subprocess import PIPE

SECOND = 0.1


class Connection:
    def __init__(self):
        self.log = []

    async def tell(self, what):
        await asyncio.sleep(SECOND)
        self.log.append(what)


@contextlib.asynccontextmanager
async def transaction(db):
    await db.tell("begin")
    try:
        yield db
    except BaseException:
        # A cancelled task may await here: the cancellation was delivered.
        await db.tell("rollback")
        raise
    await db.tell("commit")


@contextlib.asynccontextmanager
async def transaction_broken(db):
    await db.tell("begin")
    yield db
    # An exception is raised at the yield: nothing below it runs.
    await db.tell("commit")


async def work(db, fail, using=transaction):
    async with using(db):
        await db.tell("insert")
        if fail:
            raise ValueError("no space")


async def late(db):
    async with transaction(db):
        await db.tell("insert")
        await asyncio.sleep(60)


async def start():
    return await asyncio.create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)


async def answers(child):
    child.stdin.write(b"still there?\n")
    return bool(await child.stdout.readline())


async def wait_broken(child):
    try:
        await asyncio.wait_for(child.wait(), SECOND)
        return True
    except TimeoutError:
        return False


async def wait(child):
    if await wait_broken(child):
        return True
    child.kill()
    await child.wait()
    return False


async def children():
    child = await start()
    in_time = await wait_broken(child)
    print(f"child: in time {in_time}, alive {await answers(child)}")
    child.stdin.close()
    print("  its stdin closed: status", await child.wait())

    child = await start()
    in_time = await wait(child)
    print(f"child killed: in time {in_time}, status {child.returncode}")


async def main():
    db = Connection()
    await work(db, False)
    print("success:", ", ".join(db.log))

    for using in (transaction, transaction_broken):
        db = Connection()
        try:
            await work(db, True, using)
        except ValueError as err:
            print(f"failure, {err}, {using.__name__}:", ", ".join(db.log))

    db = Connection()
    try:
        await asyncio.wait_for(late(db), 6 * SECOND)
    except TimeoutError as err:
        print(f"timeout, {type(err).__name__}:", ", ".join(db.log))

    await children()


if __name__ == "__main__":
    asyncio.run(main())
