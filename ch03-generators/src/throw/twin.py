"""`throw()` raises an error at the yield where the body waits.

python3 ch03-generators/src/throw/twin.py
"""


class Hiccup(Exception):
    """An error that the body below knows how to handle."""


def numbers():
    number = 0
    while True:
        try:
            text = yield number
        except Hiccup as hiccup:
            print(f"  caught a {hiccup}")
            continue
        if text is None:
            return
        number = int(text)


def tough():
    n = 0
    while True:
        try:
            yield n
        except Exception as error:
            print(f"  caught: {error}")
        n += 1


def tell(what, step):
    try:
        print(f"{what}: yielded {step()}")
    except StopIteration:
        print(f"{what}: StopIteration")
    except Exception as error:
        print(f"{what}: raised {error}")


def main():
    body = numbers()
    tell("next", lambda: next(body))
    tell("send 11", lambda: body.send("11"))
    tell("throw a hiccup", lambda: body.throw(Hiccup("hiccup")))
    tell("send 22", lambda: body.send("22"))
    tell("throw an error", lambda: body.throw(OSError("an error")))
    tell("next", lambda: next(body))

    spam = numbers()
    tell("next", lambda: next(spam))
    tell("send spam", lambda: spam.send("spam"))

    stays = tough()
    tell("next", lambda: next(stays))
    tell("throw an error", lambda: stays.throw(OSError("an error")))
    print(f"close: {stays.close()}")

    fresh = tough()
    tell("throw before the start", lambda: fresh.throw(Hiccup("hiccup")))
    tell("next", lambda: next(fresh))


if __name__ == "__main__":
    main()
