"""A result in a variable outlives its turn of the loop.

python3 ch04-async/src/sticky/twin.py
"""

DOWNLOADS = ("br.gif", 503, "cn.gif", "in.gif", 404, "us.gif")


def count_broken(downloads):
    ok = failed = 0
    error = None
    for download in downloads:
        if isinstance(download, int):
            error = download
        if error:
            failed += 1
        else:
            ok += 1
    return ok, failed


def count(downloads):
    ok = failed = 0
    for download in downloads:
        # Declared in the loop it would still be visible after it: Python's
        # blocks have no scope. What helps is that each turn sets it.
        error = download if isinstance(download, int) else None
        if error:
            failed += 1
        else:
            ok += 1
    return ok, failed


def main():
    print("sticky: {} ok, {} failed".format(*count_broken(DOWNLOADS)))
    print("set in each turn: {} ok, {} failed".format(*count(DOWNLOADS)))


if __name__ == "__main__":
    main()
