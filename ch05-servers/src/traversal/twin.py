"""A path from a stranger does not name a file.

python3 ch05-servers/src/traversal/twin.py
"""

import os
import tempfile
from pathlib import Path
from urllib.parse import unquote

REQUESTS = [
    ("/br.gif", "a flag"),
    ("/../secret.txt", "up"),
    ("/%2e%2e/secret.txt", "up, encoded"),
    ("//ROOT/../secret.txt", "an absolute path"),
    ("/../flags-secret/s.txt", "a sibling of that prefix"),
    ("/link.gif", "a link that leads out"),
    ("/br.gif%00.txt", "a NUL"),
    ("/%252e%252e/secret.txt", "encoded twice"),
]


def joined(root, path):
    # os.path.join with an absolute path forgets what it is joined to.
    return os.path.join(root, unquote(path)[1:])


def prefixed(root, path):
    file = os.path.realpath(joined(root, path))
    return file if file.startswith(root) else None


def canonical(root, path):
    file = Path(joined(root, path)).resolve()
    return file if file.is_relative_to(root) else None


def read_names(root):
    files = [file for file in os.scandir(root) if not file.is_symlink()]
    return {"/" + file.name: file.path for file in files}


def served(file):
    try:
        content = Path(file or "").read_text()
    except (OSError, ValueError):
        return "404"
    return "served" if content == "flag" else "SECRET"


def fill(folder):
    root = os.path.join(os.path.realpath(folder), "flags")
    os.mkdir(root)
    os.mkdir(root + "-secret")
    Path(root, "br.gif").write_text("flag")
    Path(folder, "secret.txt").write_text("secret")
    Path(root + "-secret", "s.txt").write_text("secret")
    os.symlink("../secret.txt", os.path.join(root, "link.gif"))
    return root


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = fill(folder)
        names = read_names(root)
        print(f"{'':26}{'joined':10}{'prefix':10}{'path':10}names")
        for path, what in REQUESTS:
            path = path.replace("ROOT", root[1:])
            row = ""
            for way in joined, prefixed, canonical:
                try:
                    row += f"{served(way(root, path)):10}"
                except ValueError:
                    row += f"{'404':10}"
            print(f"{what:26}{row}{served(names.get(path))}")


if __name__ == "__main__":
    main()
