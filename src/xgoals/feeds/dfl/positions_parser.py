"""The positions file through an XML parser, start to end: slow, and right for any well-formed file.

It is what the fast reader falls back to where a guard fails, and what the tests compare it with. Frames are
kept as numbers (28 bytes each), so a whole match fits into about 100 MB.
"""

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import numpy as np

from xgoals.domain.errors import FeedError
from xgoals.feeds.dfl.frames import columns_of
from xgoals.feeds.dfl.tracks import FrameSetHead, PitchSize, ReadPath, Track, Window
from xgoals.feeds.safe_xml import MAX_ATTRIBUTE_CHARS, RESEND, local_name

CHUNK_BYTES = 1 << 20
ROWS_AT_ONCE = 5000


@dataclass(slots=True)
class _FrameSet:
    attributes: dict[str, str]
    n: "array[int]" = field(default_factory=lambda: array("q"))
    t_s: "array[float]" = field(default_factory=lambda: array("d"))
    xyz_m: "array[float]" = field(default_factory=lambda: array("d"))


class ParsedPositions:
    """A positions file, parsed as a whole.

    Parameters
    ----------
    path
        The (inflated) XML file.
    where
        Its name for messages.

    Raises
    ------
    FeedError
        If it is not well-formed, holds a document type or a giant attribute, or frames go back in number.
    """

    read_path: ReadPath = "parser"

    def __init__(self, path: Path, where: str) -> None:
        self.where = where
        self.pitch_size: PitchSize | None = None
        self._sets: list[_FrameSet] = []
        self._open: _FrameSet | None = None
        self._rows: list[dict[str, str]] = []
        self.sha256 = self._parse(path)
        self._sets = [frames for frames in self._sets if len(frames.n)]
        if not self._sets:
            raise FeedError("no frames in the file", where=where, advice=RESEND)
        self.heads: Sequence[FrameSetHead] = [_head(frames) for frames in self._sets]

    def windows(self, wanted: Sequence[Window]) -> list[list[Track]]:
        """For each window the tracks of everything that has frames in it, in the file's order."""
        return [[track for frames in self._sets if (track := _cut(frames, w))] for w in wanted]

    def ball_frames(self) -> int:
        """How many frames of the ball the file holds."""
        return sum(len(f.n) for f, head in zip(self._sets, self.heads, strict=True) if head.is_ball)

    def _parse(self, path: Path) -> str:
        digest = hashlib.sha256()
        parser = expat.ParserCreate()
        # Explicit on purpose: no document type means no entities; expat itself opens no files and no network.
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    digest.update(chunk)
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            place = f"{self.where}, line {error.lineno}, column {error.offset}"
            reason = expat.ErrorString(error.code)
            raise FeedError(f"not well-formed XML ({reason})", where=place, advice=RESEND) from error
        except (LookupError, ValueError) as error:
            what = f"the encoding cannot be read ({str(error)[:80]})"
            raise FeedError(what, where=self.where, advice=RESEND) from error
        return digest.hexdigest()

    def _refuse_doctype(self, *_: object) -> None:
        what = "refused: a document type declaration (it could define entities)"
        raise FeedError(what, where=self.where, advice=RESEND)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if any(len(value) > MAX_ATTRIBUTE_CHARS for value in attributes.values()):
            raise FeedError(f"refused: a giant attribute of <{tag}>", where=self.where, advice=RESEND)
        tag = local_name(tag)
        if tag == "Frame" and self._open is not None:
            self._rows.append(attributes)
            if len(self._rows) >= ROWS_AT_ONCE:
                self._keep_rows()
        elif tag == "FrameSet":
            self._open = _FrameSet(attributes)
        elif tag == "PitchSize":
            self.pitch_size = attributes.get("X", ""), attributes.get("Y", "")

    def _end(self, tag: str) -> None:
        if local_name(tag) == "FrameSet" and self._open is not None:
            self._keep_rows()
            self._sets.append(self._open)
            self._open = None

    def _keep_rows(self) -> None:
        frames = self._open
        if frames is None or not self._rows:
            return
        place = f"{self.where}, {frames.attributes.get('GameSection')}, {frames.attributes.get('PersonId')}"
        columns = columns_of(self._rows, place)
        self._rows = []
        if (np.diff(columns.n, prepend=frames.n[-1] if frames.n else columns.n[0] - 1) <= 0).any():
            raise FeedError("frame numbers go back", where=place, advice=RESEND)
        frames.n.frombytes(columns.n.tobytes())
        frames.t_s.frombytes(columns.t_s.tobytes())
        frames.xyz_m.frombytes(columns.xyz_m.tobytes())


def _head(frames: _FrameSet) -> FrameSetHead:
    return FrameSetHead(
        section=frames.attributes.get("GameSection", ""),
        match_id=frames.attributes.get("MatchId", ""),
        team_id=frames.attributes.get("TeamId", ""),
        person_id=frames.attributes.get("PersonId", ""),
        n_first=frames.n[0],
        n_last=frames.n[-1],
        t_first_s=frames.t_s[0],
        t_last_s=frames.t_s[-1],
    )


def _cut(frames: _FrameSet, window: Window) -> Track | None:
    if frames.attributes.get("GameSection") != window.section:
        return None
    n = np.frombuffer(frames.n, dtype=np.int64)
    lo, hi = np.searchsorted(n, [window.n_first, window.n_last + 1])
    if lo == hi:
        return None
    return Track(
        team_id=frames.attributes.get("TeamId", ""),
        person_id=frames.attributes.get("PersonId", ""),
        n=n[lo:hi].copy(),
        t_s=np.frombuffer(frames.t_s)[lo:hi].copy(),
        xyz_m=np.frombuffer(frames.xyz_m).reshape(-1, 3)[lo:hi].copy(),
    )
