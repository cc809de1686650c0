"""A yield that evaluates to what the caller sends next.

python3 ch03-generators/src/send/twin.py
"""


def averager():
    total, average, count = 0.0, None, 0
    while True:
        total += yield average
        count += 1
        average = total / count


def grep(pattern):
    print(f"  looking for {pattern}")
    while True:
        line = yield
        if line is not None and pattern in line:
            print(f"  {line}")


def echo():
    item = 0
    print(f"  body: begins, and yields {item}")
    while (sent := (yield item)) is not None:
        item = 10 * sent
        print(f"  body: was sent {sent}, and yields {item}")
    print("  body: was sent nothing, and returns")


def trace():
    body = echo()
    print("caller: next")
    print(f"caller: got {next(body)}")
    for value in 8, 9:
        print(f"caller: sends {value}")
        print(f"caller: got {body.send(value)}")
    print("caller: next")
    try:
        next(body)
    except StopIteration:
        print("caller: got StopIteration")


def main():
    average = averager()
    print(f"average: {next(average)}")
    for term in 10.0, 30.0, 5.0, 20.0:
        print(f"average: {average.send(term)}")

    print("called: nothing has run")
    lines = grep("python")
    try:
        lines.send("is anybody there?")
    except TypeError as error:
        print(f"refused: {error}")
    print(f"yielded {next(lines)}")
    for line in "no match here", "python generators rock!":
        print(f"yielded {lines.send(line)}")
    trace()


if __name__ == "__main__":
    main()
