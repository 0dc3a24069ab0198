"""XML from outside, read with every door shut.

A feed file is data: it needs no document type, no entities of its own and no attribute longer than a few
hundred characters. The parsers here are the standard library's expat with those three refused *before*
anything is expanded, so that an entity attack costs nothing; sizes are limited before parsing, also after
inflating a gzipped file, and so is what a small file can become in memory: elements, levels, attributes.
"""

import zlib
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from xgoals.domain.bounds import YEAR
from xgoals.domain.errors import FeedError

MAX_SMALL_FILE_BYTES = 64 << 20
"""Match information is about 12 kB, a match's events about 700 kB."""
MAX_ATTRIBUTE_CHARS = 20_000
"""The longest attribute seen in real files has 60 characters."""
MAX_ATTRIBUTES = 500
"""Of one element; real ones have up to 60."""
MAX_ELEMENTS = 500_000
"""The events of a match have about 20,000."""
MAX_LEVELS = 100
"""Real files have up to ten."""
RESEND = "Ask the provider to send the file again"


class _ClosedTreeBuilder(ElementTree.TreeBuilder):
    """Builds a tree without namespaces, and refuses document types (with all entities) and giants of all kinds."""

    def __init__(self) -> None:
        super().__init__()
        self._n_elements = 0
        self._n_levels = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse it."""
        raise _RefusedError("a document type declaration (it could define entities)", "document type")

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """Open an element, unless it is one too many, too deep, or one of its attributes is a giant."""
        place = f"element {self._n_elements}, <{tag[:40]}>"
        self._n_elements += 1
        self._n_levels += 1
        if self._n_elements > MAX_ELEMENTS:
            raise _RefusedError(f"more than {MAX_ELEMENTS:,} elements", place)
        if self._n_levels > MAX_LEVELS:
            raise _RefusedError(f"elements in each other, more than {MAX_LEVELS} levels deep", place)
        if len(attrs) > MAX_ATTRIBUTES:
            raise _RefusedError(f"an element with {len(attrs):,} attributes", place)
        for name, value in attrs.items():
            if len(value) > MAX_ATTRIBUTE_CHARS:
                raise _RefusedError(f"attribute {name[:40]} with {len(value):,} characters", place)
        return super().start(local_name(tag), {local_name(name): value for name, value in attrs.items()})

    def end(self, tag: str, /) -> Element:
        """Close an element."""
        self._n_levels -= 1
        return super().end(local_name(tag))


class _RefusedError(Exception):
    """Something that no feed file needs, and where it is."""

    def __init__(self, what: str, place: str) -> None:
        super().__init__(what)
        self.place = place


def local_name(name: str) -> str:
    """A tag or attribute without its namespace: the feed has none, but programs that save it again may add one.

    >>> local_name("{http://www.example.org/feed}Event"), local_name("d:Event"), local_name("Event")
    ('Event', 'Event', 'Event')
    """
    return name.rpartition("}")[2].rpartition(":")[2]


def parse_bytes(data: bytes, where: str) -> Element:
    """The root element of a document that defines no document type and no giant attribute.

    Parameters
    ----------
    data
        The document; its encoding is taken from its declaration or byte order mark.
    where
        The file's name for messages.

    Raises
    ------
    FeedError
        If the data is empty, not well-formed, not in its declared encoding, or refused.
    """
    if not data.strip():
        raise FeedError("the file is empty", where=where, advice=RESEND)
    # Explicit on purpose: expat with our own builder; no DTD, no entities, no network, no external files.
    parser = ElementTree.XMLParser(target=_ClosedTreeBuilder())  # noqa: S314 - closed by the builder
    try:
        parser.feed(data)
        root = parser.close()
    except ElementTree.ParseError as error:
        line, column = error.position
        raise FeedError(
            f"not well-formed XML ({error.msg})",
            where=f"{where}, line {line}, column {column}",
            advice=RESEND,
        ) from error
    except _RefusedError as error:
        raise FeedError(f"refused: {error}", where=f"{where}, {error.place}", advice=RESEND) from error
    except (LookupError, ValueError) as error:  # an encoding that expat does not know
        raise FeedError(
            f"the encoding cannot be read ({str(error)[:80]})", where=where, advice=RESEND
        ) from error
    assert isinstance(root, Element)  # noqa: S101 - XMLParser.close() is typed as Any
    return root


def read_head(path: Path, size: int) -> bytes:
    """The first ``size`` bytes of a file, inflated if it is gzipped; what can be had where it is broken."""
    with path.open("rb") as file:
        data = file.read(size)
    if not is_gzip(data):
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, size)
    except zlib.error:
        return b""


def is_gzip(data: bytes) -> bool:
    """Whether data starts like a gzip stream."""
    return data[:2] == b"\x1f\x8b"


def parse_time(text: str, where: str) -> datetime:
    """An absolute time as the feed writes it, e.g. ``2023-05-27T15:38:02.000+02:00``.

    Raises
    ------
    FeedError
        If it is no time, a time without an offset, which cannot be joined with tracking, or centuries away.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise FeedError(f"'{text[:40]}' is not a time", where=where, advice=RESEND) from error
    if time.tzinfo is None:
        raise FeedError(f"time '{text[:40]}' has no offset from UTC", where=where, advice=RESEND)
    if time.year not in YEAR:
        raise FeedError(f"nobody played at '{text[:40]}'", where=where, advice=RESEND)
    return time
