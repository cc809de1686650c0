"""Three calls, each needing the one before: nested, chained, awaited.

python3 ch04-async/src/callbacks/twin.py
"""

import asyncio
import types

DELAY = 0.05


def customer(name):
    if name not in ("ann", "bob", "eve"):
        raise LookupError(f"no customer {name}")
    return ("ann", "bob", "eve").index(name)


def order(number):
    if number > 1:
        raise LookupError(f"customer {number} has no order")
    return 70 + number


def place(number):
    if number != 70:
        raise LookupError(f"order {number} is lost")
    return "Lyon"


def call(function, arg, on_result, on_error):
    def answer():
        try:
            result = function(arg)
        except LookupError as err:
            on_error(err)
        else:
            on_result(result)

    asyncio.get_running_loop().call_later(DELAY, answer)


def nested(name, on_result, on_error):
    def with_customer(number):
        def with_order(order_number):
            def with_place(town):
                on_result(f"{name}'s order {order_number} is in {town}")

            call(place, order_number, with_place, on_error)

        call(order, number, with_order, on_error)

    call(customer, name, with_customer, on_error)


class Chained:
    """The variables that outlive a step become attributes."""

    def __init__(self, name, on_result, on_error):
        self.name, self.on_result, self.on_error = name, on_result, on_error
        call(customer, name, self.with_customer, on_error)

    def with_customer(self, number):
        call(order, number, self.with_order, self.on_error)

    def with_order(self, number):
        self.order = number
        call(place, number, self.with_place, self.on_error)

    def with_place(self, town):
        self.on_result(f"{self.name}'s order {self.order} is in {town}")


async def wait():
    await asyncio.sleep(DELAY)


async def awaited(name, wait=wait):
    await wait()
    number = customer(name)
    await wait()
    order_number = order(number)
    await wait()
    town = place(order_number)
    return f"{name}'s order {order_number} is in {town}"


@types.coroutine
def next_call():
    yield


def step(coroutine, done):
    """Resumes a coroutine now, and again in a callback each time it waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        done.set_result(end.value)
    except LookupError as err:
        done.set_exception(err)
    else:
        loop = asyncio.get_running_loop()
        loop.call_later(DELAY, step, coroutine, done)


SECOND = 0.2
DOT = 0.35 * SECOND


def count(loop, n, screen):
    screen.text += str(n)
    if n:
        loop.call_later(SECOND, count, loop, n - 1, screen)
    else:
        # Here a handle can be cancelled, if it has been kept.
        screen.next_dot.cancel()
        loop.stop()


def dots(loop, screen):
    screen.next_dot = loop.call_later(DOT, dot, loop, screen)


def dot(loop, screen):
    screen.text += "."
    dots(loop, screen)


class Screen:
    text = ""


def with_callbacks(n):
    loop, screen = asyncio.new_event_loop(), Screen()
    loop.call_soon(dots, loop, screen)
    loop.call_soon(count, loop, n, screen)
    loop.run_forever()
    loop.close()
    return screen.text


async def alone(n):
    text = str(n)
    for left in reversed(range(n)):
        await asyncio.sleep(SECOND)
        text += str(left)
    return text


async def with_coroutines(n):
    text = str(n)

    async def dots():
        nonlocal text
        while True:
            await asyncio.sleep(DOT)
            text += "."

    task = asyncio.create_task(dots())
    for left in reversed(range(n)):
        await asyncio.sleep(SECOND)
        text += str(left)
    task.cancel()
    return text


def digits(text):
    return "".join(filter(str.isdigit, text))


async def main():
    for name in ("ann", "bob", "eve", "joe"):
        print(name)
        for style in (nested, Chained):
            done = asyncio.get_running_loop().create_future()
            style(name, done.set_result, done.set_exception)
            try:
                print(f"  {style.__name__.lower()}: {await done}")
            except LookupError as err:
                print(f"  {style.__name__.lower()}: error: {err}")
        try:
            print(f"  awaited: {await awaited(name)}")
        except LookupError as err:
            print(f"  awaited: error: {err}")
        done = asyncio.get_running_loop().create_future()
        step(awaited(name, next_call), done)
        try:
            print(f"  awaited, by callbacks: {await done}")
        except LookupError as err:
            print(f"  awaited, by callbacks: error: {err}")


if __name__ == "__main__":
    asyncio.run(main())
    print("a countdown")
    print(f"  alone: {asyncio.run(alone(3))}")
    print("a countdown with dots beside it")
    for text in with_callbacks(3), asyncio.run(with_coroutines(3)):
        print(f"  {digits(text)}, with dots: {'.' in text}")
