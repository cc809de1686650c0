"""Three roles: the caller sends, the delegator steps aside, the subgenerator
works.

python3 ch03-generators/src/grouper/twin.py
"""


def averager():
    total, count = 0.0, 0
    while (value := (yield)) is not None:
        if isinstance(value, str):
            raise TypeError(f"unexpected {value!r}")
        total += value
        count += 1
    return count, total / count if count else None


def grouper(report):
    while (group := (yield)) is not None:
        report[group] = yield from averager()


def collect(groups, ending):
    report = {}
    bodies = grouper(report)
    next(bodies)
    for group, values in groups:
        bodies.send(group)
        for value in values:
            bodies.send(value)
        if ending:
            bodies.send(None)
    return report


def main():
    hens = [2.1, 1.9, 2.4, 2.0]
    geese = [5.5, 6.5, 6.0]
    groups = [("geese", geese), ("hens", hens)]
    for group, (count, average) in collect(groups, True).items():
        print(f"{count} {group:5} averaging {average:.2f} kg")

    print(f"not ended: {collect(groups[:1], False)}")
    try:
        print(f"not ended: {collect(groups, False)}")
    except TypeError as error:
        print(f"not ended: {error}")


if __name__ == "__main__":
    main()
