"""What a stranger wrote may steer the terminal that shows the log.

python3 ch05-servers/src/escapes/twin.py
"""

QUERY = (
    "x\x1b]0;pwned\x07\x1b[2J\x9b31m\u202ecow\r\n"
    "[info] 127.0.0.1 is the administrator"
)


def log_broken(query):
    return f"[info] a client asks for {query}\n"


def log(query):
    return f"[info] a client asks for {query!r}\n"


def shown(query):
    return "".join(c for c in query if not steers(c))


def steers(c):
    return not c.isprintable()


def main():
    for name, text in (
        ("as it came", log_broken(QUERY)),
        ("escaped", log(QUERY)),
        ("shown in an answer", shown(QUERY) + "\n"),
    ):
        steering = sum(c != "\n" and steers(c) for c in text)
        print(f"{name}: {steering} that steer; lines: {text.count(chr(10))}")
    print("\n" + log(QUERY), end="")


if __name__ == "__main__":
    main()
