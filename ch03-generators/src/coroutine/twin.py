"""What a generator does at each of its four operations.

python3 ch03-generators/src/coroutine/twin.py
"""


def heard(value):
    print(f"  body: was sent {'nothing' if value is None else value}")
    return value or 0


def body():
    print("  body: begins")
    try:
        first = heard((yield 1))
        second = heard((yield 2))
    except GeneratorExit:
        print("  body: raised exit")
        raise
    return first + second


def resume(generator, name, operation, *args):
    try:
        value = operation(*args)
        done = "closed" if name == "close" else f"yielded {value}"
    except StopIteration as end:
        done = f"returned {end.value}"
    except TypeError as error:
        done = f"raised {error}"
    print(f"{name}{args[0] if args else ''}: {done}")


def main():
    generator = body()
    resume(generator, "send ", generator.send, 7)
    resume(generator, "next", generator.__next__)
    resume(generator, "send ", generator.send, 88)
    resume(generator, "send ", generator.send, 99)
    resume(generator, "next", generator.__next__)
    print("another one")
    generator = body()
    resume(generator, "next", generator.__next__)
    resume(generator, "close", generator.close)
    resume(generator, "close", generator.close)


if __name__ == "__main__":
    main()
