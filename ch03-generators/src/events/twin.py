"""The stages do not know where their events come from.

python3 ch03-generators/src/events/twin.py
"""

import io
import queue
import threading
import xml.etree.ElementTree
import xml.parsers.expat
import xml.sax

ROUTES = "6", "22", "36", "147", "X9"
DIRECTIONS = "North Bound", "South Bound", "East Bound", "West Bound"
STOPS = "Clark & 5th", "Café Nord", "Ash", "<depot>"
ONE_IN = 54


def dice(seed):
    """Throws the same numbers as the Rust program does."""

    def below(n):
        nonlocal seed
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        return (seed >> 33) % n

    return below


def fleet(seed, count):
    below = dice(seed)
    lines = ['<?xml version="1.0"?>', "<!-- Every bus is made up. -->"]
    lines.append('<buses city="Exampleton">')
    for number in range(count):
        if number % ONE_IN == 0:
            route, direction = "22", "North Bound"
        elif below(2) == 0:
            route = ("6", "36", "147", "X9")[below(4)]
            direction = DIRECTIONS[below(4)]
        else:
            route, direction = ROUTES[below(5)], DIRECTIONS[1 + below(3)]
        stop = STOPS[below(4)].replace("&", "&amp;").replace("<", "&lt;")
        latitude, longitude = below(1_000_000), below(1_000_000)
        lines += [
            f'  <bus id="{1000 + number}">',
            f"    <route>{route}</route>",
            f"    <direction>{direction}</direction>",
            f"    <stop>{stop}</stop>",
            f"    <latitude>41.{latitude:06}</latitude>",
            f"    <longitude>-87.{longitude:06}</longitude>",
            "    <wheelchair/>",
            "  </bus>",
        ]
    return "\n".join([*lines, "</buses>", ""]).encode()


def coroutine(body):
    def start(*args):
        generator = body(*args)
        next(generator)
        return generator

    return start


@coroutine
def events(show):
    while True:
        event, value = yield
        if event == "start":
            name, attributes = value
            value = " ".join([name, *map("=".join, attributes.items())])
        show(f"{event} {value}")


@coroutine
def to_buses(target):
    try:
        while True:
            event, value = yield
            if event != "start" or value[0] != "bus":
                continue
            bus, text = dict(value[1]), ""
            while True:
                event, value = yield
                if event == "start":
                    text = ""
                elif event == "text":
                    text = value
                elif value == "bus":
                    break
                else:
                    bus[value], text = text, ""
            target.send(bus)
    except GeneratorExit:
        target.close()
        raise


@coroutine
def merge_text(target):
    text = ""
    try:
        while True:
            event, value = yield
            if event == "text":
                text += value
                continue
            if text:
                target.send(("text", text))
                text = ""
            target.send((event, value))
    except GeneratorExit:
        target.close()
        raise


@coroutine
def only(field, value, target):
    try:
        while True:
            bus = yield
            if bus.get(field) == value:
                target.send(bus)
    except GeneratorExit:
        target.close()
        raise


@coroutine
def rows(show):
    while True:
        show(row((yield)))


def row(bus):
    place = f"{bus['latitude']},{bus['longitude']}"
    return f'{bus["route"]},{bus["id"]},"{bus["direction"]}",{place}'


def stages(show):
    north = only("direction", "North Bound", rows(show))
    return to_buses(only("route", "22", north))


class EventHandler(xml.sax.ContentHandler):
    def __init__(self, target):
        self.target = target

    def startElement(self, name, attributes):
        self.target.send(("start", (name, dict(attributes))))

    def characters(self, text):
        self.target.send(("text", text))

    def endElement(self, name):
        self.target.send(("end", name))


@coroutine
def threaded(make):
    events = queue.Queue(64)
    end = object()

    def work():
        target = make()
        while (event := events.get()) is not end:
            target.send(event)
        target.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        while True:
            events.put((yield))
    finally:
        events.put(end)
        thread.join()


def sax(data, target):
    xml.sax.parse(io.BytesIO(data), EventHandler(target))
    target.close()


def expat(data, target, size=1 << 16, buffer_text=True):
    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = buffer_text
    parser.StartElementHandler = lambda *tag: target.send(("start", tag))
    parser.CharacterDataHandler = lambda text: target.send(("text", text))
    parser.EndElementHandler = lambda name: target.send(("end", name))
    try:
        for at in range(0, len(data), size):
            parser.Parse(data[at : at + size])
        parser.Parse(b"", True)
    except xml.parsers.expat.ExpatError as error:
        raise ValueError(f"byte {parser.ErrorByteIndex}: {error}") from None
    finally:
        target.close()


def pull_rows(data, show):
    events = xml.etree.ElementTree.iterparse(io.BytesIO(data), ("start", "end"))
    _, root = next(events)
    for event, element in events:
        if event == "end" and element.tag == "bus":
            bus = {child.tag: child.text for child in element}
            bus |= element.attrib
            if bus["route"] == "22" and bus["direction"] == "North Bound":
                show(row(bus))
            # Otherwise the whole tree would be kept.
            root.clear()


def main():
    data = fleet(22, 16 * ONE_IN)

    one = b'<bus id="7"><route>22</route></bus>'
    sax(one, events(lambda event: print(f"event: {event}")))

    found = []
    sax(data, merge_text(events(found.append)))
    print(f"{16 * ONE_IN} buses, {len(found)} events")

    sax(data, merge_text(stages(print)))

    found = []
    pull_rows(data, found.append)
    print(f"a loop that pulls: {len(found)} rows")

    found = []
    sax(data, threaded(lambda: merge_text(stages(found.append))))
    print(f"stages in a thread: {len(found)} rows")

    found = []
    expat(data, stages(found.append), 7, buffer_text=False)
    print(f"expat, seven bytes at a time: {len(found)} rows")

    found = []
    expat(data, merge_text(stages(found.append)), 7, buffer_text=False)
    print(f"the same, with merged text: {len(found)} rows")

    found = []
    try:
        expat(data[: len(data) // 2], merge_text(stages(found.append)))
        print("half a document is one")
    except ValueError as error:
        print(f"{len(found)} rows, then {error}")


if __name__ == "__main__":
    main()
