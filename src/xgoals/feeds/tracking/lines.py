"""The lines of a tracking file that lie in the windows wanted, and the hash of all of it, in one pass.

A line is a frame; it says when it is in its first bytes, so that a line outside of the windows costs next to nothing.
"""

import gzip
import hashlib
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from xgoals.feeds.synchronise.tracking import unusable

MAX_LINE_BYTES = 20_000
"""A frame of 22 people and the ball has 700 to 1,500 bytes."""
MAX_FILE_BYTES = 2 << 30
BATCH = 1000
"""So many lines are parsed at a time."""
Stamp = tuple[int, int]
"""Period (0 where the format's frame numbers say it) and the frame's number or milliseconds."""


@dataclass(slots=True)
class Selected:
    """What one pass has found.

    ``stamps`` are those of the frames wanted, in the file's order; ``first`` and ``last`` the lowest and the highest
    frame by period, ``ends_with`` is that of the last line, ``n_frames`` counts all. ``broken`` are the numbers of
    lines that say no time. ``is_cut``: the last line has no end.
    """

    sha256: str = ""
    stamps: list[Stamp] = field(default_factory=list)
    first: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    ends_with: Stamp = (0, 0)
    n_frames: int = 0
    broken: list[int] = field(default_factory=list)
    is_cut: bool = False

    def add(self, stamp: Stamp) -> None:
        """One more frame of the file."""
        period, n = self.ends_with = stamp
        self.n_frames += 1
        if n < self.first.setdefault(period, n):
            self.first[period] = n
        if n > self.last.setdefault(period, n):
            self.last[period] = n


class Ranges:
    """Ranges of numbers by period, merged, that answer quickly whether a number is in one."""

    def __init__(self, wanted: Sequence[tuple[int, int, int]]) -> None:
        self._edges: dict[int, list[int]] = {}
        for period, first, last in sorted(wanted):
            edges = self._edges.setdefault(period, [])
            if edges and first <= edges[-1]:
                edges[-1] = max(edges[-1], last + 1)
            else:
                edges += [first, last + 1]

    def __contains__(self, stamp: Stamp) -> bool:
        return bisect_right(self._edges.get(stamp[0], ()), stamp[1]) % 2 == 1


def select_lines(
    path: Path,
    stamp_of: Callable[[bytes], Stamp],
    wanted: Ranges,
    ending: tuple[bytes, ...],
    take: Callable[[Sequence[bytes], int], None],
) -> Selected:
    """Go through a file, plain or gzipped, and hand on the lines whose stamps are wanted.

    Parameters
    ----------
    path
        The file.
    stamp_of
        The stamp of a line; raises ValueError where there is none.
    wanted
        Which to keep.
    ending
        How a whole line can end.
    take
        Gets the lines wanted, some at a time, with the index of the first of them.

    Raises
    ------
    FeedError
        If the file cannot be read, is empty, or has no frames at all.
    """
    selected = Selected()
    last_line = b""
    batch: list[bytes] = []
    try:
        for number, line in enumerate(_lines(path, selected), start=1):
            if not line.strip():
                continue
            last_line = line
            try:
                stamp = stamp_of(line)
            except ValueError:
                selected.broken.append(number)
                continue
            selected.add(stamp)
            if stamp in wanted:
                selected.stamps.append(stamp)
                batch.append(line)
                if len(batch) == BATCH:
                    take(batch, len(selected.stamps) - len(batch))
                    batch = []
    except (OSError, EOFError, zlib.error) as error:
        raise unusable(f"the file cannot be read ({error})", str(path)) from error
    if not last_line:
        raise unusable("the file is empty", str(path))
    if not selected.n_frames:
        raise unusable("no line of it is a frame of tracking", str(path), "Check which file this is")
    take(batch, len(selected.stamps) - len(batch))
    selected.is_cut = not last_line.rstrip().endswith(ending)
    return selected


def _lines(path: Path, selected: Selected) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        hashed = _Hashed(file, digest)
        source = gzip.GzipFile(fileobj=cast("IO[bytes]", hashed)) if file.read(2) == b"\x1f\x8b" else hashed
        file.seek(0)
        rest, size = b"", 0
        while chunk := source.read(1 << 20):
            size += len(chunk)
            if size > MAX_FILE_BYTES:
                raise unusable(f"more than {MAX_FILE_BYTES >> 30} GB", str(path), "Check which file this is")
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > MAX_LINE_BYTES:
                raise unusable("no line ends in it", str(path), "Check which file this is")
        yield rest
    selected.sha256 = digest.hexdigest()


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes], digest: "hashlib._Hash") -> None:
        self._file = file
        self._digest = digest

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self._digest.update(data)
        return data
