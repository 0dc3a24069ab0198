"""Damage to files: what networks, editors, data frames, providers and attackers do to them."""

import gzip
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from xgoals.domain.errors import FeedError
from xgoals.feed_check import damage_json, damage_text, damage_xml
from xgoals.feeds.gzip_stream import inflated
from xgoals.feeds.safe_xml import is_gzip

SEED = 1863
LARGEST_BYTES = 16 << 20
"""A larger file is only cut, emptied and exchanged."""
READ_BYTES = 80 << 20
"""So much is read over and over for each file: large ones are damaged in fewer ways."""
MOST_WAYS, FEWEST_WAYS = 120, 10


ANOTHERS_FILE = "another's file"


class NoFile(StrEnum):
    """What lies where a file should."""

    FOLDER = "a folder"
    PIPE = "a pipe"
    LINK = "a dead link"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to damage a file; ``data`` is its content then, or what lies in its place."""

    kind: str
    how: str
    path: Path
    data: bytes | NoFile


KINDS: Mapping[str, str] = {
    "empty": "Empty files",
    "cut off": "Files that end early",
    "other bytes": "Random bytes, flipped bits, a web page",
    "encoding": "UTF-16, Latin-1, byte order marks",
    "no file": "A folder, a pipe or a dead link in place of a file",
    "document type": "XML that defines entities of gigabytes",
    "deep nesting": "JSON or XML in a hundred thousand levels",
    "lost fields": "Keys, attributes or columns that are missing, one at a time",
    "odd values": "Values of another type or size, one field at a time",
    ANOTHERS_FILE: "The file of another match",
}
"""Every kind, in words."""


def damages(path: Path, other: Path | None, size_bytes: int) -> Iterator[Damage]:
    """All damage to a file; ``other`` is the same file of another match, ``size_bytes`` what is read each time."""
    data = path.read_bytes()
    rng = random.Random(f"{SEED} {path.name}")
    yield from _cut(path, data)
    yield from (Damage("no file", what, path, what) for what in NoFile)
    if other is not None:
        yield Damage(ANOTHERS_FILE, f"{other.name} in its place", path, other.read_bytes())
    if len(data) > LARGEST_BYTES:
        return
    yield from _bytes(path, data, rng)
    plain = _plain(data)
    again = gzip.compress if is_gzip(data) else bytes
    for kind, how, content in _contents(plain, rng, _ways(size_bytes)):
        yield Damage(kind, how, path, again(content))


def _ways(size_bytes: int) -> int:
    return max(FEWEST_WAYS, min(MOST_WAYS, READ_BYTES // max(size_bytes, 1)))


def _plain(data: bytes) -> bytes:
    try:
        return b"".join(inflated([data], 1 << 30, "")) if is_gzip(data) else data
    except FeedError:
        return data


def _cut(path: Path, data: bytes) -> Iterator[Damage]:
    yield Damage("empty", "of no bytes", path, b"")
    yield Damage("empty", "of spaces", path, b" \n" * 20)
    for share in (0.02, 0.3, 0.6, 0.95):
        yield Damage("cut off", f"after {share:.0%}", path, data[: int(share * len(data))])
    yield Damage("cut off", "before its last three bytes", path, data[:-3])
    yield Damage("cut off", "at its start", path, data[len(data) // 3 :])


def _bytes(path: Path, data: bytes, rng: random.Random) -> Iterator[Damage]:
    for n in range(2):
        yield Damage("other bytes", "random bytes", path, rng.randbytes(1000 + 3000 * n))
    for n in (1, 20, 200):
        yield Damage("other bytes", f"{n} bytes flipped", path, _flipped(data, n, rng))
    at = rng.randrange(len(data) + 1)
    yield Damage("other bytes", "a NUL in it", path, data[:at] + b"\0" + data[at:])
    page = b"<!DOCTYPE html><html><body><p>Too many requests</p></body></html>"
    yield Damage("other bytes", "a web page", path, page)
    yield Damage("other bytes", "twice in a row", path, data + data)
    text = data.decode("utf-8", "replace")
    for encoding in ("utf-16", "utf-32", "utf-8-sig"):
        yield Damage("encoding", f"in {encoding}", path, text.encode(encoding, "replace"))
    yield Damage("encoding", "bytes that are no UTF-8", path, data[:at] + b"\xff\xfe\xc3" + data[at:])
    yield Damage("encoding", "in Latin-1", path, text.replace("a", "ä").encode("latin-1", "replace"))


def _flipped(data: bytes, n: int, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(n if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


Contents = Callable[[bytes, random.Random, int], Iterator[tuple[str, str, bytes]]]


def _contents(data: bytes, rng: random.Random, ways: int) -> Iterator[tuple[str, str, bytes]]:
    """Kind, how, and content, by what sort of file it is."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    by_start: Mapping[bytes, Contents] = {
        b"{": damage_json.contents, b"[": damage_json.contents, b"<": damage_xml.contents,
    }  # fmt: skip
    yield from by_start.get(start, damage_text.contents)(data, rng, ways)
