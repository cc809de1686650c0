"""A waker, sent into a coroutine by hand.

python3 ch04-async/src/waker/twin.py
"""


class Mailbox:
    def __init__(self):
        self.letter = None
        self.reader = None

    def post(self, letter):
        self.letter = letter
        if reader := self.reader:
            self.reader = None
            reader()


class Letter:
    def __init__(self, mailbox):
        self.mailbox = mailbox

    def __await__(self):
        # What `poll` has as an argument is sent in here.
        waker = yield
        while self.mailbox.letter is None:
            self.mailbox.reader = waker
            waker = yield "Pending"
        letter, self.mailbox.letter = self.mailbox.letter, None
        return letter


class LetterBroken:
    def __init__(self, mailbox):
        self.mailbox = mailbox

    def __await__(self):
        yield
        while self.mailbox.letter is None:
            yield "Pending"
        return self.mailbox.letter


class Bell:
    def __init__(self):
        self.rung = 0

    def __call__(self):
        self.rung += 1


async def awaits(awaitable):
    return await awaitable


def started(awaitable):
    coroutine = awaits(awaitable)
    coroutine.send(None)  # To the first yield, where a waker can be sent.
    return coroutine


def poll(coroutine, waker):
    try:
        return coroutine.send(waker)
    except StopIteration as end:
        return f'Ready("{end.value}")'


def main():
    print("one reader")
    bell, mailbox = Bell(), Mailbox()
    letter = started(Letter(mailbox))
    print("  poll:", poll(letter, bell))
    mailbox.post("hello")
    print(f"  posted: the bell was rung {bell.rung} times")
    print("  poll:", poll(letter, bell))

    print("two wakers, one after the other")
    bells = [Bell(), Bell()]
    letter = started(Letter(mailbox))
    for bell in bells:
        print("  poll:", poll(letter, bell))
    mailbox.post("hello again")
    print(f"  posted: the bells were rung {[b.rung for b in bells]} times")

    print("a future that leaves no waker")
    bell, mailbox = Bell(), Mailbox()
    letter = started(LetterBroken(mailbox))
    print("  poll:", poll(letter, bell))
    mailbox.post("is there anybody?")
    print(f"  posted: the bell was rung {bell.rung} times")


if __name__ == "__main__":
    main()
