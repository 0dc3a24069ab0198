"""A match on an executor: its files into an archive and its clips, and a row that says what came of it.

Plain functions over Arrow batches; nothing here knows Spark. A match's files are written whole, under names of its own:
who does it again, because a worker was lost, writes the same.
"""

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from xgoals.domain.errors import Problem, XgoalsError
from xgoals.feeds import MatchReading
from xgoals.feeds.archive import write_archive
from xgoals.feeds.archive.schema import CLIPS_FOLDER
from xgoals.feeds.handover import from_text
from xgoals.feeds.reading import ReaderProcesses, Reading, read_one
from xgoals.spark.lake import Ingested, LakeProblem, folder_of, schema_of
from xgoals.spark.sources import Delivered, Handover
from xgoals.steps.code_version import release_key
from xgoals.storage import Storage, storage_at
from xgoals.whole_files import scratch_folder

ATTEMPTS_HERE = 2
JOB = "job"
"""Severity of what is the machine's fault: no match is to blame, and all of them would end so there."""


@dataclass(frozen=True, slots=True)
class ReadingJob:
    """What every task knows.

    Attributes
    ----------
    feed, target
        Whose files they are, and the folder or URL of the lake.
    matches
        Those of this round; a task gets the numbers of its own.
    version, release
        Of xgoals where the job comes from.
    """

    feed: str
    target: str
    matches: tuple[Handover, ...]
    version: str
    release: str

    @classmethod
    def here(cls, feed: str, target: str, matches: Iterable[Handover]) -> "ReadingJob":
        """With the version of this machine."""
        return cls(feed, target, tuple(matches), version("xgoals"), release_key())


_SHARED = frozenset(schema_of(LakeProblem).names)
RESULT = pa.schema(
    [*schema_of(LakeProblem), *(field for field in schema_of(Ingested) if field.name not in _SHARED)]
)
"""One row a match that was read, ``path`` set; and one a problem, ``severity`` set."""


def read_matches(
    job: ReadingJob, batches: Iterable[pa.RecordBatch], *, attempt: int = 0
) -> Iterator[pa.RecordBatch]:
    """Read the matches whose numbers stand in the batches' first column.

    Parameters
    ----------
    attempt
        How often that was tried before. What has ended processes before is read by one of its own, so that it ends
        no further one of Spark's.

    Returns
    -------
    iterator of pyarrow.RecordBatch
        Of `RESULT`, one batch a match. Whatever is wrong is a row, never an exception.
    """
    for batch in batches:
        for number in batch.column(0).to_pylist():
            yield _batch_of(_read(job, job.matches[number], attempt))


def rows_of(table: pa.Table) -> tuple[list[Ingested], list[LakeProblem]]:
    """The inverse: what was read, and what is wrong."""
    done, problems = list[Ingested](), list[LakeProblem]()
    for row in table.to_pylist():
        if row["severity"] is None:
            done.append(Ingested(**{name: row[name] for name in Ingested.__slots__}))
        else:
            problems.append(LakeProblem(**{name: row[name] for name in LakeProblem.__slots__}))
    return done, problems


def _batch_of(rows: list[Ingested | LakeProblem]) -> pa.RecordBatch:
    columns = [pa.array([getattr(row, field.name, None) for row in rows], field.type) for field in RESULT]
    return pa.RecordBatch.from_arrays(columns, schema=RESULT)


def _read(job: ReadingJob, match: Handover, attempt: int) -> list[Ingested | LakeProblem]:
    if other := _other_version(job):
        return [other]
    _forget_peak()
    began_s = time.monotonic()
    try:
        with match.here() as delivered:
            return _into_lake(job, match, delivered, _reading(job.feed, delivered, attempt), began_s)
    except (XgoalsError, OSError, MemoryError) as error:
        return [_left_out(job, match, error)]


def _reading(feed: str, delivered: Delivered, attempt: int) -> Reading:
    if attempt < ATTEMPTS_HERE:
        return read_one(feed, delivered.delivery)
    with ReaderProcesses(1) as process:
        return process.read(feed, delivered.delivery)


def _into_lake(
    job: ReadingJob, match: Handover, delivered: Delivered, reading: Reading, began_s: float
) -> list[Ingested | LakeProblem]:
    """Write the files of a match; what is missing in it are rows as well.

    Raises
    ------
    XgoalsError
        If it could not be read, or the lake cannot be written.
    """
    if isinstance(reading, XgoalsError):
        where = reading.where or str(delivered.delivery.files[0])
        raise type(reading)(delivered.said(reading.what), where=delivered.said(where), advice=reading.advice)
    path, clips_path = _write(storage_at(job.target), reading)
    record = reading.record
    done = Ingested(
        feed=job.feed,
        provider=record.match.provider,
        match_id=record.match.match_id,
        fingerprint=match.fingerprint,
        path=path,
        clips_path=clips_path,
        n_shots=len(record.shots),
        n_clips=len(record.clips),
        seconds=round(time.monotonic() - began_s, 3),
        peak_memory_mb=_peak_memory_mb(),
        release=job.version,
    )
    return [done, *(as_row(job.feed, problem, delivered.said) for problem in reading.problems)]


def _write(lake: Storage, reading: MatchReading) -> tuple[str, str | None]:
    """Write clips, then the archive that names them; their paths in the lake."""
    match = reading.record.match
    folder = folder_of(match)
    with scratch_folder("archive") as scratch:
        archive = scratch / f"{match.match_id}.parquet"
        write_archive(archive, [reading.record])
        clips = sorted((scratch / CLIPS_FOLDER).rglob("*.parquet"))
        for file in (*clips, archive):
            where = f"{folder}/{file.relative_to(scratch).as_posix()}"
            lake.write(where, file.read_bytes())
        named = [f"{folder}/{file.relative_to(scratch).as_posix()}" for file in (archive, *clips)]
    return named[0], named[1] if clips else None


def as_row(feed: str, problem: Problem, said: Callable[[str], str] = str) -> LakeProblem:
    """A problem as a row of the lake."""
    return LakeProblem(
        feed=feed,
        file=said(problem.path),
        reason=said(problem.reason),
        advice=problem.advice,
        severity=problem.severity,
        provider=problem.provider,
        match_id=problem.match_id,
        place=problem.place,
        shot_id=problem.shot_id,
        field=problem.field,
        value=problem.value,
    )


def _left_out(job: ReadingJob, match: Handover, error: Exception) -> LakeProblem:
    delivery = from_text(match.text)
    first = str(delivery.files[0])
    if isinstance(error, XgoalsError):
        where, what, advice = error.where or first, error.what, error.advice or ""
    else:
        where, what = first, f"{type(error).__name__}: {error}"
        advice = f"Look at memory and disk of {socket.gethostname()}, then run again"
    if match.url is not None:
        where = where.replace(match.folder, match.url)
    file = next((str(path) for path in delivery.files if where.startswith(f"{path}, ")), where)
    return LakeProblem(
        feed=job.feed,
        file=file,
        reason=what,
        advice=advice,
        severity="match",
        provider=delivery.provider,
        match_id=delivery.match_id,
        place=where.removeprefix(file).removeprefix(", ") or None,
    )


def _other_version(job: ReadingJob) -> LakeProblem | None:
    """What to say where this machine has another xgoals than the one that the job comes from."""
    if (version("xgoals"), release_key()) == (job.version, job.release):
        return None
    here, there = f"xgoals {version('xgoals')} ({release_key()})", f"xgoals {job.version} ({job.release})"
    return LakeProblem(
        feed=job.feed,
        file=socket.gethostname(),
        reason=f"this machine has {here}, the one that the job comes from {there}",
        advice="Install the same xgoals, with the same pins, on every node, then run again",
        severity=JOB,
    )


def _forget_peak() -> None:
    """Let the peak of memory be that of the next match: a process reads many."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak_memory_mb() -> int | None:
    """The most memory that this process has had since; None where the system does not say."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1000)
    return None
