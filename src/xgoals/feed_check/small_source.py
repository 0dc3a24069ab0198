"""A small copy of a source, two matches at most, for what would take too long with all files, or changes them."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xgoals.feed_check.reading import GoodMatch, GoodMatches

LARGEST_BYTES = 64 << 20
LARGEST_OTHER_BYTES = 2 << 20
MOST_OTHERS = 200
MATCHES = 2


@dataclass(frozen=True, slots=True)
class SmallSource:
    """A copy: where it is listed, and the matches in it with their files' places in the copy, the smallest first."""

    original: Path
    path: Path
    matches: tuple[GoodMatch, ...]
    files: tuple[tuple[Path, ...], ...]

    @property
    def of_first(self) -> tuple[Path, ...]:
        """The files of the first match."""
        return self.files[0]

    @property
    def size_bytes(self) -> int:
        """Of all matches' files."""
        return sum(path.stat().st_size for path in {path for files in self.files for path in files})


def small_source(source: Path, good: GoodMatches, scratch: Path) -> SmallSource | str:
    """Copy the smallest matches, and small files of no match (listings, squads); or why there is no copy."""
    if not good.matches:
        return "no match could be read"
    matches = sorted(good.matches, key=_size)[:MATCHES]
    if _size(matches[0]) > LARGEST_BYTES:
        return f"the smallest match has more than {LARGEST_BYTES >> 20} MB: give an excerpt"
    matches = [match for match in matches if _size(match) <= LARGEST_BYTES]
    to = scratch / "up" / source.name
    return copied(source, to, matches, _others(source, good.matches))


def copied(source: Path, to: Path, matches: Sequence[GoodMatch], others: Sequence[Path]) -> SmallSource:
    """Copy the files of matches, and others, to the same places below another folder, the last one first."""
    files = tuple(tuple(_place(path, source, to) for path in match.delivery.files) for match in matches)
    originals = {path for match in matches for path in match.delivery.files} | set(others)
    for path in sorted(originals, reverse=True):
        place = _place(path, source, to)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)  # with its times: a fingerprint of a large file may rest on them
    return SmallSource(source, to, tuple(matches), files)


def _size(match: GoodMatch) -> int:
    return sum(path.stat().st_size for path in match.delivery.files)


def _place(path: Path, source: Path, to: Path) -> Path:
    if path.absolute() == source:
        return to
    try:
        return to / path.absolute().relative_to(source)
    except ValueError:  # beside the source, such as a matches.csv above it
        return to.parent / path.name


def _others(source: Path, matches: Sequence[GoodMatch]) -> list[Path]:
    """Small files that belong to no match."""
    if source.is_file():
        return []
    taken = {path.absolute() for match in matches for path in match.delivery.files}
    found = list[Path]()
    above = source.parent / "matches.csv"
    paths = [Path(folder) / name for folder, _, names in os.walk(source) for name in sorted(names)]
    for path in [*sorted(paths), *([above] if above.is_file() else [])]:
        if path not in taken and path.is_file() and path.stat().st_size <= LARGEST_OTHER_BYTES:
            found.append(path)
        if len(found) >= MOST_OTHERS:
            break
    return found
