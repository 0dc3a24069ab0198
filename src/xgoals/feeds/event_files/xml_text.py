"""Values of XML attributes, which may hold anything."""

import math
import re
from datetime import datetime, tzinfo
from pathlib import Path
from xml.etree.ElementTree import Element

from xgoals.domain.bounds import YEAR
from xgoals.domain.text import clean
from xgoals.feeds.safe_xml import MAX_SMALL_FILE_BYTES, read_head

HEAD_BYTES = 1 << 16
_ATTRIBUTE = re.compile(r"""([\w.:-]+)\s*=\s*["']([^"']*)["']""")
_OFFSET = re.compile(r"([+-]\d{2}):?(\d{2})$")


def head_of(path: Path) -> str:
    """The beginning of a file as text, whatever its encoding: only ASCII is looked for."""
    return _as_text(read_head(path, HEAD_BYTES))


def text_in(path: Path) -> str:
    """All of a file as text, whatever its encoding: only ASCII is looked for."""
    return _as_text(read_head(path, MAX_SMALL_FILE_BYTES))


def _as_text(data: bytes) -> str:
    return data.replace(b"\0", b"").decode("utf-8", "replace")  # of UTF-16, ASCII is what is left


def attributes_in(tag: str) -> dict[str, str]:
    """The attributes of a tag's text."""
    return dict(_ATTRIBUTE.findall(tag))


def text_of(element: Element | None, name: str) -> str | None:
    """An attribute's text; None where it is missing or empty."""
    return None if element is None else clean(element.get(name, "")) or None


def inner(element: Element | None, path: str) -> str | None:
    """The text in an element below; None where there is none."""
    found = None if element is None else element.find(path)
    return None if found is None else clean(found.text or "") or None


def number_of(text: str | None) -> float | None:
    """A finite number."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def time_of(text: str | None, zone: tzinfo) -> datetime | None:
    """A time in any of the providers' forms; in the given zone where it names none."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(_OFFSET.sub(r"\1:\2", text.strip()))
    except ValueError:
        return None
    if time.year not in YEAR:
        return None
    return time if time.tzinfo else time.replace(tzinfo=zone)
