"""The lake: archives of matches, a file each, in partition folders; and two tables about them.

    provider=dfl/competition=Bundesliga/season=2026%2F2027/DFL-MAT-J03WMX.parquet
    provider=dfl/competition=Bundesliga/season=2026%2F2027/_clips/DFL-MAT-J03WMX/dfl/DFL-MAT-J03WMX.parquet
    _ingested.parquet   a row a match that lies there: of which state of its source, how many shots
    _problems.parquet   what was left out or missing, why, and what to do

Whatever reads folders of Parquet passes over names that begin with an underscore, and takes ``name=value`` for columns,
which are those of the same names in the files.
"""

import hashlib
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from xgoals.domain.errors import FeedError
from xgoals.domain.match import Match
from xgoals.domain.page_keys import MatchKey
from xgoals.storage import Storage

INGESTED = "_ingested.parquet"
PROBLEMS = "_problems.parquet"
MAX_NAME_BYTES = 200
"""File systems take 255 bytes for a name."""
_ESCAPED = frozenset("\"#%'*/:=?\\{}[]^<>|")
"""What Hive and Spark write as ``%2F``; other letters stay as they are, since they read a byte, not UTF-8, there."""
_ARROW = {str: pa.string(), int: pa.int64(), float: pa.float64()}


@dataclass(frozen=True, slots=True)
class Ingested:
    """A match that lies in the lake.

    Attributes
    ----------
    feed, fingerprint
        What it was read from: the feed, and the state of the files.
    path, clips_path
        Where its files lie in the lake; None where it has no clips.
    seconds, peak_memory_mb
        What it cost the process that read it.
    release
        Which version of xgoals has read it.
    """

    feed: str
    provider: str
    match_id: str
    fingerprint: str
    path: str
    clips_path: str | None
    n_shots: int
    n_clips: int
    seconds: float
    peak_memory_mb: int | None
    release: str

    @property
    def key(self) -> MatchKey:
        """Which match it is."""
        return MatchKey(self.provider, self.match_id)


@dataclass(frozen=True, slots=True)
class LakeProblem:
    """What is wrong with a source, as a row: `xgoals.domain.errors.Problem`, and where it was found.

    ``severity`` is ``"match"``, ``"shot"`` or ``"value"``; ``"job"`` is nobody's fault but that of a machine.
    ``stage`` is ``"listing"``, or ``"reading"`` of a match.
    """

    feed: str
    file: str
    reason: str
    advice: str
    severity: str
    provider: str | None = None
    match_id: str | None = None
    place: str | None = None
    shot_id: str | None = None
    field: str | None = None
    value: str | None = None
    source: str | None = None
    stage: str = "reading"


Row = TypeVar("Row", Ingested, LakeProblem)


def schema_of(kind: type[Row]) -> pa.Schema:
    """The columns of a kind of row."""
    hints = get_type_hints(kind)
    return pa.schema([(field.name, _arrow_type(hints[field.name])) for field in fields(kind)])


def _arrow_type(hint: Any) -> pa.DataType:
    return next(_ARROW[one] for one in (hint, *getattr(hint, "__args__", ())) if one in _ARROW)


def table_of(kind: type[Row], rows: Sequence[Row]) -> pa.Table:
    """Rows as a table."""
    return pa.Table.from_pylist([asdict(row) for row in rows], schema=schema_of(kind))


def read_rows(lake: Storage, path: str, kind: type[Row]) -> list[Row]:
    """The rows of one of the two tables; none where there is none yet.

    Raises
    ------
    FeedError
        If it is none of ours.
    """
    content = lake.read(path)
    if content is None:
        return []
    try:
        columns = [field.name for field in fields(kind)]
        table = pq.read_table(io.BytesIO(content), columns=columns).cast(schema_of(kind))
        return [kind(**row) for row in table.to_pylist()]
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise FeedError(
            f"the table of what lies there cannot be read ({error})",
            where=lake.where(path),
            advice="Remove this file and run again: all matches are then read anew",
        ) from None


def write_rows(lake: Storage, path: str, kind: type[Row], rows: Iterable[Row]) -> None:
    """Write one of the two tables.

    Raises
    ------
    StoreError
        If the lake does not answer, or may not be written.
    """
    buffer = io.BytesIO()
    pq.write_table(table_of(kind, list(rows)), buffer, compression="zstd")
    lake.write(path, buffer.getvalue())


def folder_of(match: Match) -> str:
    """The partition folder of a match; what has no name goes by its id."""
    values = {
        "provider": match.provider,
        "competition": match.competition or match.competition_id,
        "season": match.season or match.season_id,
    }
    return "/".join(f"{name}={escaped(value)}" for name, value in values.items())


def escaped(value: str) -> str:
    """A value as a part of a path, as Hive and Spark write it and read it."""
    text = "".join(
        f"%{ord(letter):02X}" if letter in _ESCAPED or ord(letter) < ord(" ") else letter
        for letter in unicodedata.normalize("NFC", value)
    )
    if len(text.encode()) <= MAX_NAME_BYTES and text.strip(". ") == text and text:
        return text
    return hashlib.sha256(value.encode()).hexdigest()
