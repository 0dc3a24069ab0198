"""A stretch of ``<Frame .../>`` elements -> columns of numbers.

The fast way splits at the quotation marks: with k attributes a frame has exactly 2k pieces, every second one
a value. It is taken only where *every* separator is the expected one (same attributes in the same order,
nothing else in between), so that it cannot differ from what an XML parser sees; any other stretch goes
through the XML parser.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
import numpy.typing as npt

from xgoals.domain.errors import FeedError
from xgoals.feeds.dfl.tracks import utc_seconds
from xgoals.feeds.numbers import parse_number
from xgoals.feeds.safe_xml import RESEND, parse_bytes

_ATTRIBUTE = re.compile(rb'\s([A-Za-z_][\w.-]*)\s*=\s*"')


@dataclass(frozen=True, slots=True)
class Columns:
    """Frames in the file's order: ``n`` (rows,), ``t_s`` (rows,), ``xyz_m`` (rows, 3)."""

    n: npt.NDArray[np.int64]
    t_s: npt.NDArray[np.float64]
    xyz_m: npt.NDArray[np.float64]


def parse_frames(block: bytes, where: str) -> Columns:
    """Columns of a block that starts with ``<Frame`` and ends after a whole frame.

    Raises
    ------
    FeedError
        If the block is not well-formed, or a frame has no number or no time.
    """
    values = _split(block)
    if values is None:
        root = parse_bytes(b"<Frames>" + block + b"</Frames>", where)
        return columns_of([frame.attrib for frame in root.iter("Frame")], where)
    return _columns(values, where)


def columns_of(rows: Sequence[Mapping[str, str]], where: str) -> Columns:
    """Columns of frames given as attribute mappings (the way of the XML parser)."""
    names = ("N", "T", "X", "Y", "Z")
    return _columns({name: [row.get(name) for row in rows] for name in names}, where)


def _split(block: bytes) -> dict[str, list[bytes]] | None:
    """Values by attribute name, or None where the block is not as regular as the fast way needs it."""
    first = block[: block.find(b">")]
    names = _ATTRIBUTE.findall(first)
    pieces = block.split(b'"')
    step = 2 * len(names)
    if step == 0 or len(pieces) % step != 1 or b"N" not in names or b"T" not in names:
        return None
    if len(set(names)) != len(names) or not _separators_hold(pieces, names):
        return None
    return {name.decode("ascii"): pieces[2 * i + 1 :: step] for i, name in enumerate(names)}


def _separators_hold(pieces: list[bytes], names: list[bytes]) -> bool:
    step = 2 * len(names)
    opening = rb"<Frame\s+" + re.escape(names[0]) + rb"\s*=\s*"
    closing = rb"\s*(?:/>|>\s*</Frame\s*>)\s*"
    between = set(pieces[step:-1:step])
    inside = (
        all(
            re.fullmatch(rb"\s+" + re.escape(name) + rb"\s*=\s*", piece)
            for piece in set(pieces[2 * i :: step])
        )
        for i, name in enumerate(names)
        if i > 0
    )
    return (
        re.fullmatch(opening, pieces[0]) is not None
        and re.fullmatch(closing, pieces[-1]) is not None
        and all(re.fullmatch(closing + opening, piece) for piece in between)
        and all(inside)
    )


def _columns(values: Mapping[str, Sequence[bytes | str | None]], where: str) -> Columns:
    try:
        n = np.array(list(map(int, cast(Sequence[str], values["N"]))), dtype=np.int64)
    except (TypeError, ValueError, OverflowError) as error:
        raise FeedError("a frame without a number", where=where, advice=RESEND) from error
    t_s = np.array(list(map(_seconds, values["T"])), dtype=np.float64)
    if np.isnan(t_s).any():
        raise FeedError(f"frame {n[np.isnan(t_s)][0]} has no time", where=where, advice=RESEND)
    xyz_m = np.full((len(n), 3), np.nan)
    for column, name in enumerate("XYZ"):
        if name in values:
            xyz_m[:, column] = _coordinates(values[name])
    return Columns(n=n, t_s=t_s, xyz_m=xyz_m)


@lru_cache(maxsize=1 << 14)  # everybody in a window shares its times
def _seconds(text: bytes | str | None) -> float:
    return utc_seconds(text.decode("ascii", "replace") if isinstance(text, bytes) else text or "")


def _coordinates(texts: Sequence[bytes | str | None]) -> list[float]:
    try:
        return list(map(float, cast(Sequence[str], texts)))
    except (TypeError, ValueError):
        return [_number(text) for text in texts]


def _number(text: bytes | str | None) -> float:
    """A coordinate; NaN where it is missing or no number."""
    value = parse_number(text.decode("ascii", "replace") if isinstance(text, bytes) else text)
    return float("nan") if value is None else value
