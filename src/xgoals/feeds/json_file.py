"""A JSON file as the feed or another program has written it.

Files come back from editors and data frames with a byte order mark, with NaN, with single halves of surrogate pairs:
these are read, and what is no JSON is named. What cannot be read says why.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from xgoals.domain.errors import FeedError
from xgoals.feeds.files import why_no_file
from xgoals.feeds.gzip_stream import inflated

Json = dict[str, Any]

MAX_BYTES = 64 << 20
"""The events of a match have about 4 MB."""
MAX_LEVELS = 100
"""Lists and objects in each other; real files have up to ten."""
MAX_HOLDERS = 2_000_000
"""Lists and objects; the events of a match have 100,000. Empty ones take twenty times the memory of their text."""
MAX_VALUES = 8_000_000
"""The events of a match have 400,000."""
FETCH = "Fetch the file again"
AS_UTF_8 = "Save it as UTF-8, or fetch it again"

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_UTF_32 = (
    b"\xff\xfe\x00\x00",
    b"\x00\x00\xfe\xff",
    b"[\x00\x00\x00",
    b"\x00\x00\x00[",
    b"{\x00\x00\x00",
    b"\x00\x00\x00{",
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"[\x00", b"\x00[", b"{\x00", b"\x00{")
_CALLBACK = re.compile(rb"\s*(?:/\*\*/\s*)?[A-Za-z_$][\w.$]{0,99}\(\s*(?=[{\[])")
_MANY_DIGITS = re.compile(rb":\s*[0-9]{19}")
"""The fast parser makes a float of a whole number beyond 64 bits, and two ids one."""
_NO_BRACKETS = bytes(code for code in range(256) if code not in b"[]{}")
_STEPS = np.zeros(256, np.int8)
"""One level down or up, by byte."""
_STEPS[list(b"[{")], _STEPS[list(b"]}")] = 1, -1
_TOO_MANY_DIGITS = re.compile(rb"[0-9]{4301,}")
"""Python's own limit."""


@dataclass(frozen=True, slots=True)
class NoNumber:
    """A value that JSON does not have, such as NaN: of which item of the list, in which field."""

    item_n: int
    field: str
    value: str


def read_list(path: Path) -> tuple[list[Json], list[NoNumber]]:
    """The objects of a file that holds a list of them; a number that is none is None, and named.

    Raises
    ------
    FeedError
        If there is no such list; the message says why.
    """
    content, no_numbers = _load(_read_bytes(path), path)
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise FeedError("not a JSON list of objects", where=str(path), advice=FETCH)
    return content, no_numbers


def read_object(path: Path) -> Json:
    """The object of a file that holds one, gzipped or not; numbers that are none are left as they are.

    Raises
    ------
    FeedError
        If there is no such object; the message says why.
    """
    content = read_json(path)
    if not isinstance(content, dict):
        raise FeedError("not a JSON object", where=str(path), advice=FETCH)
    return content


def read_json(path: Path) -> object:
    """What a file holds, gzipped or not, also as the argument of a callback (JSONP).

    Raises
    ------
    FeedError
        If it is no JSON; the message says why.
    """
    data = _read_bytes(path)
    if data.startswith(_GZIP):
        data = b"".join(inflated([data], MAX_BYTES, str(path)))
    if called := _CALLBACK.match(data):
        data = data[called.end() :].rstrip().removesuffix(b";").rstrip().removesuffix(b")")
    return _load(data, path)[0]


def _read_bytes(path: Path) -> bytes:
    reason = why_no_file(path)
    if reason is not None:
        raise FeedError(reason, where=str(path), advice="Put the file there, or take it out of the folder")
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise FeedError(what, where=str(path), advice="Mend its permissions") from None
    if size > MAX_BYTES:
        what = f"{size:,} bytes where at most {MAX_BYTES:,} are plausible"
        raise FeedError(what, where=str(path), advice=FETCH)
    return data


def _load(data: bytes, path: Path) -> tuple[object, list[NoNumber]]:
    if not data.strip():
        raise FeedError("the file is empty", where=str(path), advice=FETCH)
    if data.startswith(_GZIP):
        raise FeedError("the file is compressed with gzip", where=str(path), advice="Unpack it (gunzip)")
    if data.startswith(_UTF_32):
        raise FeedError("the file is in UTF-32, not in UTF-8", where=str(path), advice=AS_UTF_8)
    if data.startswith(_UTF_16):
        raise FeedError("the file is in UTF-16, not in UTF-8", where=str(path), advice=AS_UTF_8)
    data = data.removeprefix(_BOM)
    if refused := _why_refused(data):
        raise FeedError(refused, where=str(path), advice=FETCH)
    if not _MANY_DIGITS.search(data):
        try:
            return orjson.loads(data), []
        except orjson.JSONDecodeError:
            pass  # the patient parser says why, or reads it
    try:
        content = json.loads(data.decode("utf-8"), strict=False)
    except UnicodeDecodeError as error:
        byte = f"byte 0x{data[error.start]:02x} at {error.start:,}"
        raise FeedError(f"the file is not in UTF-8 ({byte})", where=str(path), advice=AS_UTF_8) from None
    except ValueError as error:
        raise FeedError(_what_is_broken(data, error), where=str(path), advice=FETCH) from None
    return content, list(_without_no_numbers(content))


def _why_refused(data: bytes) -> str | None:
    """Why a text is not parsed: what it would become in memory is beyond all measure. None where it is not.

    Brackets in texts count as well: real files have hardly any, and always both.
    """
    if data.count(b",") > MAX_VALUES:
        return f"refused: JSON with more than {MAX_VALUES:,} values"
    brackets = data.translate(None, _NO_BRACKETS)
    if len(brackets) > 2 * MAX_HOLDERS:
        return f"refused: JSON with more than {MAX_HOLDERS:,} lists and objects"
    levels = np.cumsum(_STEPS[np.frombuffer(brackets, np.uint8)], dtype=np.int32)
    if levels.max(initial=0) > MAX_LEVELS:
        return f"refused: JSON nested too deeply, more than {MAX_LEVELS} levels"
    return None


def _what_is_broken(data: bytes, error: ValueError) -> str:
    first_line, _, rest = data.lstrip().partition(b"\n")
    if first_line.startswith(b"{") and first_line.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{"):
        return "broken JSON: one object a line, where a list in square brackets is expected"
    if digits := _TOO_MANY_DIGITS.search(data):
        return f"broken JSON: a number of {len(digits[0]):,} digits"
    return f"broken JSON: {error}"


def _without_no_numbers(content: object) -> Iterator[NoNumber]:
    """Replace NaN and infinite numbers by None wherever they are; yields where they were."""
    objects = [item for item in content if isinstance(item, dict)] if isinstance(content, list) else []
    for item_n, item in enumerate(objects):
        waiting: list[tuple[str, Any]] = [("", item)]
        while waiting:
            field, holder = waiting.pop()
            entries = list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder))
            for key, value in entries:
                name = f"{field}.{key}".lstrip(".")
                if isinstance(value, dict | list):
                    waiting.append((name, value))
                elif isinstance(value, float) and not math.isfinite(value):
                    holder[key] = None
                    yield NoNumber(
                        item_n, name, {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
                    )
