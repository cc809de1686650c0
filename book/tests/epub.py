"""Opens an e-book as a reader does, with the strictest parser at hand.

python3 epub.py FILE
"""

import json
import posixpath
import sys
import xml.etree.ElementTree as ET
import zipfile

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
OPS = "{http://www.idpf.org/2007/ops}"
BOX = "{urn:oasis:names:tc:opendocument:xmlns:container}"


def main(path):
    book = zipfile.ZipFile(path)
    assert book.testzip() is None
    first = book.infolist()[0]
    assert first.filename == "mimetype"
    assert first.compress_type == zipfile.ZIP_STORED
    assert book.read("mimetype") == b"application/epub+zip"

    box = ET.fromstring(book.read("META-INF/container.xml"))
    package = box.find(f".//{BOX}rootfile").get("full-path")
    folder = posixpath.dirname(package)
    opf = ET.fromstring(book.read(package))
    items = {item.get("id"): item for item in opf.iter(f"{OPF}item")}
    files = {posixpath.join(folder, i.get("href")) for i in items.values()}
    missing = files - set(book.namelist())
    assert not missing, f"promised and not there: {missing}"

    spine = [items[ref.get("idref")].get("href")
             for ref in opf.iter(f"{OPF}itemref")]
    pages, ids = {}, {}
    for name in book.namelist():
        if name.endswith(".xhtml"):
            root = ET.fromstring(book.read(name))
            assert root.tag == f"{XHTML}html", name
            pages[name] = root
            ids[name] = {e.get("id") for e in root.iter()}
    for name, root in pages.items():
        here = posixpath.dirname(name)
        assert not list(root.iter(f"{XHTML}script")), name
        for link in root.iter(f"{XHTML}a"):
            check_link(name, here, link.get("href"), ids)
        for image in root.iter(f"{XHTML}img"):
            source = posixpath.normpath(posixpath.join(here, image.get("src")))
            assert source in files, f"{name}: {source}"

    nav = next(i for i in items.values() if i.get("properties") == "nav")
    nav = pages[posixpath.join(folder, nav.get("href"))]
    toc = next(n for n in nav.iter(f"{XHTML}nav") if n.get(f"{OPS}type") == "toc")
    listed = [a.get("href") for a in toc.iter(f"{XHTML}a")]
    assert listed == [page for page in spine if page in listed]
    text = [p for p in spine if not p.startswith(("nav", "title"))]
    assert set(text) == set(listed), set(text) ^ set(listed)
    print(json.dumps({"pages": len(listed)}))


def check_link(name, here, href, ids):
    if href is None or "://" in href:
        return
    path, _, anchor = href.partition("#")
    to = posixpath.normpath(posixpath.join(here, path)) if path else name
    assert to in ids, f"{name}: a link to {href}"
    assert not anchor or anchor in ids[to], f"{name}: no place {href}"


main(sys.argv[1])
