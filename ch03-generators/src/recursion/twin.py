"""A generator that delegates to itself walks what is nested in itself.

python3 ch03-generators/src/recursion/twin.py
"""


def walk(node, depth=0):
    name, children = node
    yield depth, name
    for child in children:
        yield from walk(child, depth + 1)


def two_levels(node):
    name, children = node
    yield name
    for child, _ in children:
        yield child


def three_levels(node):
    name, children = node
    yield name
    for child, grandchildren in children:
        yield child
        for grandchild, _ in grandchildren:
            yield grandchild


def walk_broken(node):
    name, children = node
    yield 0, name
    for child in children:
        walk(child, 1)


def flatten(nested):
    if not isinstance(nested, list):
        yield nested
        return 0
    deepest = 0
    for item in nested:
        depth = yield from flatten(item)
        deepest = max(deepest, depth)
    return deepest + 1


def main():
    errors = (
        "Exception",
        [
            (
                "ArithmeticError",
                [("OverflowError", []), ("ZeroDivisionError", [])],
            ),
            ("LookupError", [("IndexError", [])]),
        ],
    )
    def count(walked):
        return sum(1 for _ in walked)

    print(f"a loop: {count(two_levels(errors))} names")
    print(f"a loop in a loop: {count(three_levels(errors))} names")
    print(f"called, not delegated to: {count(walk_broken(errors))} names")
    print(f"delegated to: {count(walk(errors))} names")

    for depth, name in walk(errors):
        print(f"{'':{4 * depth}}{name}" if depth else name)

    def numbers():
        depth = yield from flatten([1, [2, [3, []]], 4])
        print(f"{depth} levels")

    for n in numbers():
        print(n)


if __name__ == "__main__":
    main()
