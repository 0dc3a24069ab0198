"""Which files are tracking, by their content and, where that says nothing, their names; and how to read them."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from xgoals.domain.pitch import Pitch
from xgoals.feeds.safe_xml import read_head
from xgoals.feeds.synchronise.tracking import ReadWindows
from xgoals.feeds.tracking.ma25 import read_ma25
from xgoals.feeds.tracking.tracab import read_tracab

POSITIONS, METADATA = "positions", "positions_metadata"
"""Kinds of files. Positions may leave an inbox once they are read; what came of them stays."""
TRACAB_KINDS: Mapping[str, str] = {
    POSITIONS: "tracking (TRACAB)",
    METADATA: "the tracking's metadata (TRACAB)",
}
MA25_KINDS: Mapping[str, str] = {POSITIONS: "tracking (MA25)"}

_HEAD_BYTES = 4096
_METADATA = re.compile(
    rb"<(?:\w+:)?(?:TracabMetaData|OptaMetaData)\b|<root>[^&]*<(?:GameID|Phase1StartFrame)>"
)
_ID = re.compile(rb"""\biId\s*=\s*["'](\w+)["']|<GameID>\s*(\w+)""")
_MA25 = re.compile(rb"\s*\d+;-?\d+,\d+,\d+:")


def tracab_kind(path: Path) -> tuple[str, str | None] | None:
    """The kind of a TRACAB file and the match that it names, if it does; None for any other file."""
    if path.name.lower().removesuffix(".gz").endswith(".dat"):
        return POSITIONS, None
    head = read_head(path, _HEAD_BYTES)
    if not _METADATA.search(head):
        return None
    said = _ID.search(head)
    return METADATA, (said[1] or said[2]).decode("ascii") if said else None


def is_ma25(path: Path) -> bool:
    """Whether a file is MA25 tracking, or is called so."""
    return bool(_MA25.match(read_head(path, _HEAD_BYTES))) or "ma25" in path.name.lower()


def tracab_windows(files: Mapping[str, Path]) -> ReadWindows | None:
    """How to read the TRACAB files among a match's files; None where there are no positions."""
    if POSITIONS not in files:
        return None
    return partial(read_tracab, files[POSITIONS], files.get(METADATA))


def ma25_windows(files: Mapping[str, Path], pitch: Pitch) -> ReadWindows | None:
    """How to read the MA25 file among a match's files; None where there is none."""
    if POSITIONS not in files:
        return None
    return partial(read_ma25, files[POSITIONS], pitch=pitch)
