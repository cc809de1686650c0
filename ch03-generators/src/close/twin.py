"""`close()` asks the body to end, and the body answers.

python3 ch03-generators/src/close/twin.py
"""

from inspect import getgeneratorstate


def count_matches(pattern):
    count = 0
    try:
        while True:
            line = yield
            count += line is not None and pattern in line
    except GeneratorExit:
        print("  going away, goodbye")
        # Before Python 3.13 this value is lost.
        return count


def stubborn():
    asked = 0
    # Three times is enough: the interpreter asks again when it ends.
    while asked < 3:
        try:
            yield 1
        except GeneratorExit:
            print("  what, me?")
            asked += 1


def polite():
    print("  begin")
    try:
        yield 1
        print("  end")
    finally:
        print("  finally")


def wills():
    try:
        yield 1
    except GeneratorExit:
        raise OSError("the disk is full")


def closed(name, body):
    print(f"{name}: started {next(body) == 1}")
    for again in "", " again":
        try:
            body.close()
            print(f"{name}: closed{again}, {getgeneratorstate(body)}")
        except (RuntimeError, OSError) as error:
            print(f"{name}: {error}, {getgeneratorstate(body)}")


def main():
    count = count_matches("python")
    next(count)
    for line in "no match here", "python generators rock!":
        count.send(line)
    count.close()
    print("close: done")

    closed("polite", polite())
    closed("stubborn", stubborn())
    closed("wills", wills())

    print("dropped:")
    dropped = polite()
    next(dropped)
    del dropped
    print("dropped before its start:")
    dropped = polite()
    del dropped
    print("thrown at:")
    thrown = polite()
    next(thrown)
    try:
        thrown.throw(RuntimeError("oops"))
    except RuntimeError as error:
        print(f"raised {error}")
    print("run to its end:")
    assert len(list(polite())) == 1


if __name__ == "__main__":
    main()
