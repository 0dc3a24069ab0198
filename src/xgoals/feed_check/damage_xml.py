"""Damage to what an XML file says, one attribute or element at a time."""

import random
import re
from collections.abc import Iterator
from typing import TypeVar

ODD = (
    "",
    "x",
    "-1",
    "NaN",
    "1e300",
    "9" * 400,
    "true",
    "&#9;",
    "x" * 30_000,
    "2023-13-45T99:99",
    "\u202e",
    "../..",
)
LEVELS = 100_000
LEVELS_OF_ENTITIES = 9
_TAG = re.compile(rb"<([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))+)")
_ATTRIBUTE = re.compile(rb"\s+([\w.:-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ELEMENT = re.compile(rb"<([A-Za-z_][\w.:-]*)\b[^<>]*/>|<([A-Za-z_][\w.:-]*)\b[^<>]*>[^<>]*</[^<>]*>")
_HEAD = re.compile(rb"^\s*<\?xml[^<>]*\?>")

Item = TypeVar("Item")
Attribute = tuple[bytes, bytes]
"""Of a tag, by name."""


def contents(data: bytes, rng: random.Random, ways: int) -> Iterator[tuple[str, str, bytes]]:
    """Kind, how, and content."""
    yield from _entities(data)
    yield "deep nesting", f"{LEVELS} elements in each other", _nested(data)
    attributes = sorted(
        {(tag[1], name) for tag in _TAG.finditer(data) for name in _ATTRIBUTE.findall(tag[2])}
    )
    for attribute in _some(attributes, rng, ways):
        yield "lost fields", f"without {_shown(attribute)}", _with_attribute(data, attribute, b"")
    for attribute in _some(attributes, rng, ways // 2):
        value = rng.choice(ODD)
        written = b' %s="%s"' % (attribute[1], value.encode())
        yield (
            "odd values",
            f"{_shown(attribute)} is '{value[:20]}'",
            _with_attribute(data, attribute, written),
        )
    elements = sorted({found[1] or found[2] for found in _ELEMENT.finditer(data)})
    for name in _some(elements, rng, ways // 2):
        yield "lost fields", f"without <{name.decode()}>", _without_element(data, name)


def _some(items: list[Item], rng: random.Random, ways: int) -> list[Item]:
    return items if len(items) <= ways else rng.sample(items, ways)


def _shown(attribute: Attribute) -> str:
    return f"{attribute[1].decode()} of <{attribute[0].decode()}>"


def _entities(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """A document type whose entities would be gigabytes, used in the first attribute; and one from outside."""
    head = _HEAD.match(data)
    start = head.end() if head else 0
    lines = [b'<!ENTITY e0 "xxxxxxxxxx">']
    lines += [b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, LEVELS_OF_ENTITIES + 1)]
    used = re.sub(rb'="[^"]*"', b'="&e%d;"' % LEVELS_OF_ENTITIES, data[start:], count=1)
    yield "document type", "entities", data[:start] + b"\n<!DOCTYPE a [%s]>" % b"".join(lines) + used
    outside = b'\n<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    yield (
        "document type",
        "a file from outside",
        data[:start] + outside + data[start:].replace(b"><", b">&e;<", 1),
    )


def _nested(data: bytes) -> bytes:
    end = data.rfind(b"</")
    return data[:end] + b"<a>" * LEVELS + b"</a>" * LEVELS + data[end:]


def _with_attribute(data: bytes, attribute: Attribute, written: bytes) -> bytes:
    """The data with other text for an attribute, wherever it is."""
    tag, name = attribute
    within = re.compile(rb"\s+%s\s*=\s*(?:\"[^\"]*\"|'[^']*')" % re.escape(name))

    def changed(found: re.Match[bytes]) -> bytes:
        return within.sub(lambda _: written, found[0], count=1) if found[1] == tag else found[0]

    return _TAG.sub(changed, data)


def _without_element(data: bytes, name: bytes) -> bytes:
    return _ELEMENT.sub(lambda found: b"" if name in (found[1], found[2]) else found[0], data)
