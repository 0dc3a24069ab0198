"""The positions of one match: the fast reader where the file allows it, else the XML parser, same rows."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xgoals.domain.errors import FeedError
from xgoals.feeds.dfl.positions_parser import ParsedPositions
from xgoals.feeds.dfl.positions_seek import SoughtPositions
from xgoals.feeds.dfl.scan import IrregularError
from xgoals.feeds.dfl.tracks import FrameSetHead, PitchSize, Positions, ReadPath, Track, Window
from xgoals.feeds.gzip_stream import inflated
from xgoals.feeds.safe_xml import RESEND, is_gzip
from xgoals.whole_files import temporary_folder

MAX_INFLATED_BYTES = 2 << 30
"""A match has about 420 MB; a gzip stream that inflates beyond this is an attack or a mistake."""
_CHUNK_BYTES = 1 << 20


class PositionsFile:
    """A positions file that reads itself the fast way for as long as every guard holds.

    Attributes
    ----------
    sha256
        Of the file as delivered (of the gzip stream where it is one).
    read_path
        ``"seek"`` or ``"parser"``: what served the windows so far.
    """

    def __init__(self, path: Path, where: str, sha256: str | None = None) -> None:
        self._path = path
        self._where = where
        self._file = path.open("rb", buffering=0)
        self._reader: Positions
        try:
            self._reader = SoughtPositions(self._file, where)
        except IrregularError:
            self._reader = self._parsed()
        except BaseException:
            self.close()
            raise
        self.sha256 = sha256 or self._reader.sha256

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def read_path(self) -> ReadPath:
        """Which reader serves the windows."""
        return self._reader.read_path

    @property
    def heads(self) -> Sequence[FrameSetHead]:
        """Whose frames the file holds."""
        return self._reader.heads

    @property
    def pitch_size(self) -> PitchSize | None:
        """Length and width of the pitch as the file writes them, if it does."""
        return self._reader.pitch_size

    def windows(self, wanted: Sequence[Window]) -> list[list[Track]]:
        """For each window the tracks of everything that has frames in it, in the file's order."""
        try:
            return self._reader.windows(wanted)
        except IrregularError:
            self._reader = self._parsed()
            return self._reader.windows(wanted)

    def ball_frames(self) -> int:
        """About how many frames of the ball the file holds (tells an excerpt from a whole match)."""
        return self._reader.ball_frames()

    def _parsed(self) -> ParsedPositions:
        try:
            return ParsedPositions(self._path, self._where)
        except BaseException:
            self.close()
            raise


@contextmanager
def open_positions(path: Path) -> Iterator[PositionsFile]:
    """Open a positions file; a gzipped one is inflated to a temporary file first, for it cannot be sought.

    Raises
    ------
    FeedError
        If the file is empty, cut off, not well-formed, or inflates beyond all measure.
    """
    with path.open("rb") as file:
        start = file.read(2)
    if not start:
        raise FeedError("the file is empty", where=str(path), advice=RESEND)
    if not is_gzip(start):
        positions = PositionsFile(path, str(path))
        try:
            yield positions
        finally:
            positions.close()
        return
    with temporary_folder("xgoals-") as folder:
        inflated = folder / "positions.xml"
        digest = _inflate(path, inflated)
        positions = PositionsFile(inflated, str(path), digest)
        try:
            yield positions
        finally:
            positions.close()


def _inflate(path: Path, target: Path) -> str:
    """Inflate a gzip file; returns the SHA-256 of the compressed bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as source, target.open("wb") as sink:
        chunks = iter(lambda: source.read(_CHUNK_BYTES), b"")
        for piece in inflated(_hashed(chunks, digest), MAX_INFLATED_BYTES, str(path)):
            sink.write(piece)
    return digest.hexdigest()


def _hashed(chunks: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
