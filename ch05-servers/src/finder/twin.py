"""An inverted index answers by intersecting, without looking at what it has.

python3 ch05-servers/src/finder/twin.py
python3 ch05-servers/src/finder/twin.py cat smiling
"""

import collections
import functools
import re
import sys
import unicodedata

WORD = re.compile(r"[^\W_]+")


class Index:
    """Which characters have which words in their names."""

    def __init__(self, codes=range(sys.maxunicode + 1)):
        self.places = collections.defaultdict(set)
        for char in map(chr, codes):
            if name := unicodedata.name(char, ""):
                for word in WORD.findall(name):
                    self.places[word].add(char)

    def find(self, query):
        """Return the characters that have all words of query, sorted."""
        sets = [self.places.get(word, set()) for word in words(query)]
        if not sets:
            return []
        # The rarest word first: no later set can add anything to it.
        sets.sort(key=len)
        return sorted(functools.reduce(set.intersection, sets))

    def top_words(self, n):
        counts = ((word, len(found)) for word, found in self.places.items())
        return sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:n]


def words(query):
    return WORD.findall(query.upper())


def row(char):
    return f"U+{ord(char):04X}\t{picture(char)}\t{unicodedata.name(char)}"


def picture(char):
    """Return what can be shown of the character without harm."""
    if char == " " or not char.isprintable():
        return ""
    if unicodedata.category(char) in ("Mn", "Me"):
        return "\u25cc" + char
    return char


def show(index, query):
    found = index.find(query)
    for char in found:
        print(row(char))
    print(f"{len(found)} found in Unicode {unicodedata.unidata_version}")


def main(query):
    index = Index()
    if query:
        if not list(words(query)):
            sys.exit(2)
        show(index, query)
        return
    queries = "cat smiling", "rook-black chess", "SIGN registered"
    for query in *queries, "cat elephant":
        print(query)
        show(index, query)
    print("the most common words")
    for word, count in index.top_words(5):
        print(f"{count:6} {word}")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
