"""The positions file at disk speed: hash it once, and parse only the windows around the shots.

One pass over the bytes hashes the file and notes where each ``FrameSet`` starts and ends. Inside a frame set
the frames' numbers grow almost linearly with the offset, so the first frame of a window is found by
interpolation with a handful of small reads, and only the window's bytes are parsed. ``docs/feeds-dfl.md`` draws
a file, its offsets and one search.

Every shortcut has a guard. Where one fails, :class:`~xgoals.feeds.dfl.scan.IrregularError` says that this
file needs the XML parser; what this reader does return is what the parser returns.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import FileIO
from itertools import count

import numpy as np

from xgoals.domain.errors import FeedError
from xgoals.feeds.dfl.frames import Columns, parse_frames
from xgoals.feeds.dfl.scan import END_TAG, IrregularError, scan
from xgoals.feeds.dfl.tracks import FrameSetHead, PitchSize, ReadPath, Track, Window
from xgoals.feeds.safe_xml import RESEND

FRAME_BYTES = 512
"""Longer than any frame (they have 110-150 bytes); longer ones make the file irregular."""
OPENING_BYTES = 2 * FRAME_BYTES
"""Read from the start of a frame set: its tag and its first frame."""
PROBE_BYTES = 2 * FRAME_BYTES
"""Read at a guess: wherever that lies within a frame, the next one starts in here."""
NEAR_BYTES = 1024
"""The search ends when the window's first frame lies between two offsets that are no further apart than this."""
AIM_BEFORE_BYTES = NEAR_BYTES // 2
"""Guesses aim so far before the frame wanted, so that most land left of it: from there one can read on."""
HALVE_EVERY = 3
"""Every third guess is the middle: numbers with gaps (excerpts) mislead interpolation, halving always ends."""
MORE_THAN_EXPECTED = 1.02
"""A window's bytes are read with 2 % to spare over what its frames have on average."""
SAMPLE_BYTES = 1 << 14
"""So much of the ball's frame set tells how many bytes a frame has."""
HEAD_BYTES = 1 << 16
"""A first frame set that starts beyond this makes the file irregular."""

_START_TAG = re.compile(rb'<FrameSet((?:\s+[\w.-]+\s*=\s*"[^"<]*")*)\s*>')
_ATTRIBUTE = re.compile(rb'([\w.-]+)\s*=\s*"([^"]*)"')
_FRAME = re.compile(rb"<Frame\s[^<>]*/>")
_PITCH_SIZE = re.compile(rb"<PitchSize\s([^<>]*)>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")
_CLOSING = re.compile(rb"\s*</Positions\s*>\s*</PutDataRequest\s*>\s*")
_NUMBER = re.compile(rb'\sN\s*=\s*"(\d+)"')


@dataclass(frozen=True, slots=True)
class _FrameSet:
    """A frame set in the file.

    Attributes
    ----------
    head
        Whose frames, from which number to which.
    first_frame, last_frame, end
        Offsets of its first frame, its last one, and its end tag.
    """

    head: FrameSetHead
    first_frame: int
    last_frame: int
    end: int


class SoughtPositions:
    """A regular positions file, indexed.

    Parameters
    ----------
    file
        The (inflated) XML file, opened unbuffered.
    where
        Its name for messages.

    Raises
    ------
    IrregularError
        If the file is not laid out as the fast path needs it.
    FeedError
        If it is cut off.
    """

    read_path: ReadPath = "seek"

    def __init__(self, file: FileIO, where: str) -> None:
        self.where = where
        self._fd = file.fileno()
        self._size = os.fstat(self._fd).st_size
        self.sha256, starts, ends = scan(file)
        self._check_layout(starts, ends)
        self.pitch_size = self._read_prolog(starts[0])
        pairs = zip(starts, ends, strict=True)
        self._sets = [frames for start, end in pairs if (frames := self._frame_set(start, end))]
        if not self._sets:
            raise IrregularError("no frames")
        self.heads: Sequence[FrameSetHead] = [frames.head for frames in self._sets]

    def windows(self, wanted: Sequence[Window]) -> list[list[Track]]:
        """For each window the tracks of everything that has frames in it, in the file's order."""
        return [[track for frames in self._sets if (track := self._cut(frames, w))] for w in wanted]

    def ball_frames(self) -> int:
        """How many frames of the ball the file holds, by size (exact to a few percent)."""
        total = 0.0
        for frames in self._sets:
            if frames.head.is_ball:
                length = frames.end - frames.first_frame
                sample = self._read(frames.first_frame, min(length, SAMPLE_BYTES))
                total += length * sample.count(b"<Frame ") / max(len(sample), 1)
        return round(total)

    def _read(self, offset: int, size: int) -> bytes:
        return os.pread(self._fd, size, offset)

    def _check_layout(self, starts: list[int], ends: list[int]) -> None:
        """Frame sets follow each other with nothing in between, and the document is closed."""
        closing = self._read(ends[-1] + len(END_TAG), FRAME_BYTES) if ends else b""
        is_opened = starts and b"<PutDataRequest" in self._read(0, min(starts[0], HEAD_BYTES))
        last_bytes = self._read(max(self._size - FRAME_BYTES, 0), FRAME_BYTES)
        if is_opened and b"</PutDataRequest" not in last_bytes:
            raise FeedError(
                f"the file is cut off after {self._size:,} bytes",
                where=f"{self.where}, byte {self._size}",
                advice=RESEND,
            )
        if not starts or len(starts) != len(ends) or not _CLOSING.fullmatch(closing):
            raise IrregularError("frame sets do not alternate, or the document is not closed as usual")
        for end, start in zip(ends[:-1], starts[1:], strict=True):
            gap = start - end - len(END_TAG)
            if not 0 <= gap <= FRAME_BYTES or self._read(end + len(END_TAG), gap).strip():
                raise IrregularError("something stands between two frame sets")
        if any(start >= end for start, end in zip(starts, ends, strict=True)):
            raise IrregularError("frame sets do not alternate")

    def _read_prolog(self, first_start: int) -> PitchSize | None:
        if first_start > HEAD_BYTES:
            raise IrregularError("a long prolog")
        prolog = self._read(0, first_start)
        encoding = _ENCODING.search(prolog.partition(b"?>")[0])
        if encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
            raise IrregularError("an encoding other than UTF-8")
        size = _PITCH_SIZE.search(prolog)
        if size is None:
            return None
        attributes = _attributes(size[1])
        return attributes.get("X", ""), attributes.get("Y", "")

    def _frame_set(self, start: int, end: int) -> _FrameSet | None:
        """Whose frame set it is and where its frames lie; None where it is empty."""
        opening = self._read(start, min(OPENING_BYTES, end - start))
        tag = _START_TAG.match(opening)
        if tag is None:
            raise IrregularError("an unusual FrameSet tag")
        attributes = _attributes(tag[1])
        first = _FRAME.search(opening, tag.end())
        if first is None:
            if self._read(start + tag.end(), end - start - tag.end()).strip():
                raise IrregularError("no frame at the start of a frame set")
            return None
        if opening[tag.end() : first.start()].strip():
            raise IrregularError("something stands before the first frame")
        tail_offset = max(start + first.start(), end - FRAME_BYTES)
        tail = self._read(tail_offset, end - tail_offset)
        last_at = tail.rfind(b"<Frame")
        if last_at < 0:
            raise IrregularError("no frame at the end of a frame set")
        ends = self._parse(first[0]), self._parse(tail[last_at:])
        head = FrameSetHead(
            section=attributes.get("GameSection", ""),
            match_id=attributes.get("MatchId", ""),
            team_id=attributes.get("TeamId", ""),
            person_id=attributes.get("PersonId", ""),
            n_first=int(ends[0].n[0]),
            n_last=int(ends[1].n[-1]),
            t_first_s=float(ends[0].t_s[0]),
            t_last_s=float(ends[1].t_s[-1]),
        )
        if head.n_last < head.n_first:
            raise IrregularError("frame numbers go back")
        return _FrameSet(head, start + first.start(), tail_offset + last_at, end)

    def _cut(self, frames: _FrameSet, window: Window) -> Track | None:
        head = frames.head
        if head.section != window.section or head.n_last < window.n_first or head.n_first > window.n_last:
            return None
        start, n_before = self._seek(frames, window.n_first)
        columns = self._parse(self._stretch(frames, start, n_before, window.n_last))
        n = columns.n
        if (np.diff(n, prepend=n_before) <= 0).any():
            raise IrregularError("frame numbers go back")
        lo, hi = np.searchsorted(n, [window.n_first, window.n_last + 1])
        if lo == hi:
            return None
        return Track(head.team_id, head.person_id, n[lo:hi], columns.t_s[lo:hi], columns.xyz_m[lo:hi])

    def _seek(self, frames: _FrameSet, n: int) -> tuple[int, int]:
        """Offset of a frame at or shortly before frame ``n``, and a number that it must exceed."""
        lo, n_lo = frames.first_frame, frames.head.n_first
        hi, n_hi = frames.last_frame, frames.head.n_last
        for probe in count():
            if hi - lo <= NEAR_BYTES or n <= n_lo:
                break
            if probe % HALVE_EVERY == HALVE_EVERY - 1:
                guess = (lo + hi) // 2
            else:
                guess = lo + int((hi - lo) * (n - n_lo) / (n_hi - n_lo)) - AIM_BEFORE_BYTES
            guess = min(max(guess, lo + 1), hi - 1)
            offset, found = self._frame_at(guess, hi, n_hi)
            if not n_lo < found <= n_hi:
                raise IrregularError("frame numbers go back")
            if found <= n:
                lo, n_lo = offset, found
            else:  # no frame starts between the guess and the one found
                hi, n_hi = guess, found
        return lo, n_lo - 1

    def _frame_at(self, offset: int, limit: int, n_limit: int) -> tuple[int, int]:
        """Offset and number of the first frame at or after ``offset``, at most ``limit``'s."""
        probe = self._read(offset, PROBE_BYTES)
        at = probe.find(b"<Frame ")
        if at < 0:
            raise IrregularError("a very long frame")
        if offset + at >= limit:
            return limit, n_limit
        number = _NUMBER.search(probe, at, probe.find(b">", at))
        if number is None:
            raise IrregularError("a frame without a number")
        return offset + at, int(number[1])

    def _stretch(self, frames: _FrameSet, start: int, n_before: int, n_last: int) -> bytes:
        """The bytes from ``start`` on, in whole frames, that hold everything up to frame ``n_last``."""
        head = frames.head
        frame_bytes = (frames.last_frame - frames.first_frame) / max(head.n_last - head.n_first, 1)
        step = NEAR_BYTES + int(MORE_THAN_EXPECTED * frame_bytes * (min(n_last, head.n_last) - n_before))
        block = b""
        while start + len(block) < frames.end:
            block += self._read(start + len(block), min(step, frames.end - start - len(block)))
            if start + len(block) >= frames.end:
                break
            whole = block.rfind(b"<Frame ")
            number = _NUMBER.search(block, block.rfind(b"<Frame ", 0, whole), whole)
            if number is not None and int(number[1]) > n_last:
                return block[:whole]
            step = max(step // 2, NEAR_BYTES)
        return block

    def _parse(self, block: bytes) -> Columns:
        try:
            return parse_frames(block, self.where)
        except FeedError as error:  # the parser over the whole file knows the place
            raise IrregularError(str(error)) from error


def _attributes(tag: bytes) -> dict[str, str]:
    try:
        return {name.decode("ascii"): value.decode("utf-8") for name, value in _ATTRIBUTE.findall(tag)}
    except UnicodeDecodeError as error:
        raise IrregularError("not in UTF-8") from error
