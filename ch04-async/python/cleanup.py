"""`async with` awaits at its end, whatever ended it.

python3 ch04-async/python/cleanup.py
"""

import asyncio
import contextlib

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


if __name__ == "__main__":
    asyncio.run(main())
