"""Feed files of any feed into a lake of archives, a match a task; only what is new or changed.

The machine that asks lists the source by the feed's own ``discover`` and knows what lies in the lake; executors read
(:mod:`xgoals.spark.reading`). What is done is noted after each round, so a run that was ended goes on where it was.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from xgoals.domain.errors import ServiceError, SettingsError
from xgoals.domain.page_keys import MatchKey
from xgoals.feeds import load_feed
from xgoals.settings import Settings
from xgoals.spark.lake import INGESTED, PROBLEMS, Ingested, LakeProblem, read_rows, write_rows
from xgoals.spark.reading import JOB, RESULT, ReadingJob, as_row, read_matches, rows_of
from xgoals.spark.session import spark_session, spark_told
from xgoals.spark.sources import Handover, Listed, listed
from xgoals.storage import LocalStorage, Storage, is_url, storage_at

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROUND = 400
"""Matches between two notes of what is done."""

_SQL = {pa.string(): "string", pa.int64(): "bigint", pa.float64(): "double"}

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SparkIngest:
    """What came of it.

    Attributes
    ----------
    n_found, n_unchanged, n_read, n_left_out
        Matches of the source: all, those that lie in the lake as they are, those read, those left out with a reason.
    n_remarks
        Values and shots that are missing in matches that were read.
    seconds
        All in all, Spark's start included.
    peak_memory_mb
        Of the process that needed most.
    to, problems
        The lake, and the table that says what is wrong.
    """

    n_found: int
    n_unchanged: int
    n_read: int
    n_left_out: int
    n_shots: int
    n_clips: int
    n_remarks: int
    seconds: float
    peak_memory_mb: int | None
    to: str
    problems: str

    def __str__(self) -> str:
        """For people."""
        told = f"{self.n_read:,} of {self.n_found:,} matches read into {self.to}: {self.n_shots:,} shots"
        if self.n_clips:
            told += f", {self.n_clips:,} clips"
        if self.n_unchanged:
            told += f". {self.n_unchanged:,} lie there already, unchanged"
        if self.n_left_out:
            told += f". {self.n_left_out:,} left out: {self.problems} says why"
        elif self.n_remarks:
            told += f". {self.n_remarks:,} remarks in {self.problems}"
        return told + "."


@dataclass
class _Work:
    """What is to be done, and what is known of the lake while it is done."""

    feed: str
    source: str
    to: str
    n_found: int
    to_read: list[Handover]
    there: dict[MatchKey, Ingested]
    problems: list[LakeProblem]
    read: list[Ingested] = field(default_factory=list)
    found_now: list[LakeProblem] = field(default_factory=list)

    @property
    def lake(self) -> Storage:
        """Where it all goes."""
        return storage_at(self.to)

    def save(self) -> None:
        """Write the two tables."""
        write_rows(self.lake, PROBLEMS, LakeProblem, [*self.problems, *self.found_now])
        write_rows(self.lake, INGESTED, Ingested, self.there.values())

    def note(self, done: Sequence[Ingested], problems: Sequence[LakeProblem]) -> None:
        """Take down what a round has brought; a match that lay elsewhere lies there no more."""
        for match in done:
            before = self.there.get(match.key)
            if before is not None:
                stays = {match.path, match.clips_path}
                self.lake.remove(
                    path for path in (before.path, before.clips_path) if path and path not in stays
                )
            self.there[match.key] = match
        self.read += done
        self.found_now += (replace(row, source=self.source) for row in problems if row.severity != JOB)
        self.save()

    def n_left_out(self) -> int:
        """Matches of the source that could not be read or attributed."""
        return sum(row.severity == "match" for row in self.found_now)


def spark_ingest(settings: Settings, *, feed: str, source: str, to: str, tell: Tell) -> SparkIngest:
    """Read what is new or changed in a source into a lake, a match a task.

    Parameters
    ----------
    source, to
        Folders that all machines see at the same path, or URLs of buckets.
    tell
        Hears a line of plain words now and then.

    Raises
    ------
    SettingsError
        If there is no such feed, or a package is missing.
    SourceError
        If nothing is there, or nothing of the feed's.
    StoreError
        If a bucket does not answer, or refuses.
    ServiceError
        If Spark does not work, or an executor has another version of xgoals.
    """
    began_s = time.monotonic()
    source, to = _whole(source), _whole(to)
    _refuse_file(to)
    with listed(source) as found:
        work = _look(found, feed, source, to)
    tell(f"{work.n_found:,} matches found in {source}, {len(work.to_read):,} of them new or changed")
    work.save()  # a place that may not be written is told before anything is started
    if work.to_read:
        with spark_told(settings), spark_session(settings, f"xgoals: {feed} to {to}") as session:
            for part in _rounds(work.to_read):
                _read_round(session, work, part, tell)
    _sweep(work.lake)
    return _summary(work, time.monotonic() - began_s)


def _whole(place: str) -> str:
    """A folder by its whole path: executors work elsewhere."""
    if is_url(place):
        return place.rstrip("/")
    return str(Path(place.removeprefix("file://")).expanduser().resolve())


def _refuse_file(place: str) -> None:
    if not is_url(place) and Path(place).exists() and not Path(place).is_dir():
        raise SettingsError(
            "a file lies there, where a folder is to be", where=place, advice="Name another folder as --to"
        )


def _look(found: Listed, feed: str, source: str, to: str) -> _Work:
    """What the source has, against what lies in the lake."""
    lake = storage_at(to)
    deliveries, problems = load_feed(feed).discover(found.folder)
    there = _still_there(lake, read_rows(lake, INGESTED, Ingested))
    known = {key: match.fingerprint for key, match in there.items() if match.feed == feed}
    matches = {delivery.key: Handover.of(found, delivery) for delivery in deliveries}
    to_read = {key: match for key, match in matches.items() if known.get(key) != match.fingerprint}
    before = [
        row
        for row in read_rows(lake, PROBLEMS, LakeProblem)
        if _still_holds(row, (feed, source), to_read.keys(), matches.keys())
    ]
    work = _Work(feed, source, to, len(matches), list(to_read.values()), there, before)
    work.found_now += (
        replace(as_row(feed, problem, found.said), source=source, stage="listing") for problem in problems
    )
    return work


def _still_there(lake: Storage, noted: Iterable[Ingested]) -> dict[MatchKey, Ingested]:
    """What is noted, as far as its files are there."""
    paths = {file.path for file in lake.files(suffix=".parquet")}
    return {
        match.key: match
        for match in noted
        if match.path in paths and (match.clips_path is None or match.clips_path in paths)
    }


def _still_holds(
    row: LakeProblem, asked: tuple[str, str], to_read: Collection[MatchKey], listed: Collection[MatchKey]
) -> bool:
    """Whether a problem of before is one still: nobody looks at its match or source now."""
    key = MatchKey(row.provider or row.feed, row.match_id or "")
    if row.stage == "reading":
        return key not in to_read and (key in listed or (row.feed, row.source) != asked)
    return (row.feed, row.source) != asked


def _rounds(to_read: Sequence[Handover]) -> Iterator[Sequence[Handover]]:
    for start in range(0, len(to_read), ROUND):
        yield to_read[start : start + ROUND]


def _read_round(session: "SparkSession", work: _Work, part: Sequence[Handover], tell: Tell) -> None:
    """Let executors read some matches, and note what came of it.

    Raises
    ------
    ServiceError
        If one of them cannot do it as it is.
    """
    done, problems = rows_of(_on_executors(session, ReadingJob.here(work.feed, work.to, part)))
    work.note(done, problems)
    for row in problems:
        if row.severity == JOB:
            raise ServiceError(row.reason, where=row.file, advice=row.advice)
    n_left_out = work.n_left_out()
    told = f", {n_left_out:,} left out" if n_left_out else ""
    tell(f"read {len(work.read):,} of {len(work.to_read):,} matches{told}")


def _on_executors(session: "SparkSession", job: ReadingJob) -> pa.Table:
    """The rows of `read_matches`, a match a task."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import TaskContext

        context = TaskContext.get()
        return read_matches(job, batches, attempt=context.attemptNumber() if context else 0)

    n = len(job.matches)
    columns = ", ".join(f"`{column.name}` {_SQL[column.type]}" for column in RESULT)
    table: pa.Table = session.range(0, n, 1, n).mapInArrow(read, columns).toArrow()
    return table


def _sweep(lake: Storage) -> None:
    """Remove what killed workers have left unfinished; nobody else writes here."""
    if isinstance(lake, LocalStorage):
        for folder in lake.folder.glob("provider=*"):
            for unfinished in folder.rglob("*.part"):
                unfinished.unlink(missing_ok=True)


def _summary(work: _Work, seconds: float) -> SparkIngest:
    peaks = [match.peak_memory_mb for match in work.read if match.peak_memory_mb is not None]
    return SparkIngest(
        n_found=work.n_found,
        n_unchanged=work.n_found - len(work.to_read),
        n_read=len(work.read),
        n_left_out=work.n_left_out(),
        n_shots=sum(match.n_shots for match in work.read),
        n_clips=sum(match.n_clips for match in work.read),
        n_remarks=sum(row.severity != "match" for row in work.found_now),
        seconds=round(seconds, 1),
        peak_memory_mb=max(peaks, default=None),
        to=work.to,
        problems=work.lake.where(PROBLEMS),
    )
