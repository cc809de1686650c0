"""A body that both produces and receives is two things in one.

python3 ch03-generators/src/mixing/twin.py
"""


def countdown(n):
    while n >= 0:
        sent = yield n
        n = n - 1 if sent is None else sent


def items_seen(broken):
    numbers = countdown(5)
    seen = []
    for n in numbers:
        seen.append(n)
        if n == 5:
            # What `send` returns is an item that the loop will not see.
            item = numbers.send(3)
            if not broken:
                seen.append(item)
    return seen


def resettable(n):
    while n > 0:
        sent = yield n
        n = (n if sent is None else sent) - 1


def reset():
    numbers = resettable(5)
    seen = [next(numbers), next(numbers)]
    seen.append(numbers.send(10))
    return seen + list(numbers)


def footrace():
    calls = "On your marks.", "Set.", "Go!"
    at = 0
    while at < len(calls):
        fault = yield calls[at]
        at = 0 if fault else at + 1


def main():
    print(f"broken: {items_seen(True)}")
    print(f"cured: {items_seen(False)}")
    print(f"reset: {reset()}")

    race, turn, sent = footrace(), 0, None
    while True:
        try:
            call = race.send(sent)
        except StopIteration:
            break
        turn += 1
        sent = "fault" if turn in (1, 4, 6) else None
        print(f"{call} Fault!" if sent else call)


if __name__ == "__main__":
    main()
