"""Features on executors: rows of archives go through the same gate and the same formulas as in the pipeline.

A partition holds whole matches, one after the other in the order of the file; some matches are in memory at once,
however many there are. A match that cannot be used is a row that says why, not an exception, which would end the job.
"""

import traceback
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np
import pyarrow as pa

from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.scene import MatchRecord
from xgoals.domain.text import is_id
from xgoals.features.catalogue import Catalogue, find_catalogue
from xgoals.feeds.archive.rows import Row, record_from_rows
from xgoals.feeds.archive.schema import age_order_s, from_stored_time, plain_rows
from xgoals.spark.folders import FILE, MATCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from xgoals.settings import Settings

MATCHES_AT_ONCE = 100
"""So many are read, and their features built, at once: some 2,500 shots, 60 MB of rows and records."""
ADVICE = "Correct it where the archive was written"
SHOWN = 20
"""Of so many problems people are told at once; all of them stand beside the features."""
PROBLEM = "problem"
IDENTITY = (
    ("provider", pa.string()),
    ("match_id", pa.string()),
    ("shot_id", pa.string()),
    ("match_date", pa.date32()),
    ("home_team", pa.string()),
    ("away_team", pa.string()),
    ("is_simulated", pa.bool_()),
    ("catalogue", pa.string()),
    ("catalogue_version", pa.int32()),
    ("features_hash", pa.string()),
)
"""What a row of features is of, beside the values; ``features_hash`` is that of ``shot_feature``."""
PROBLEM_FIELDS = tuple((name, pa.string()) for name in Problem.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Built:
    """What `spark_features` has done; ``problems`` are the first of them, ``path`` says where all are."""

    n_shots: int
    n_matches: int
    n_problems: int
    n_left_out: int
    path: str
    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        return f"features of {self.n_shots:,} shots of {self.n_matches:,} matches -> {self.path}"


def features_schema(catalogue: Catalogue) -> pa.Schema:
    """The columns of the features' Parquet: identity, and one float a feature (NaN: missing)."""
    return pa.schema([*IDENTITY, *((name, pa.float64()) for name in catalogue.names)])


def task_schema(catalogue: Catalogue) -> pa.Schema:
    """What executors give back: features, and ``problem`` in rows that are no shot's."""
    return features_schema(catalogue).append(pa.field(PROBLEM, pa.struct(PROBLEM_FIELDS)))


def build_batches(batches: Iterable[pa.RecordBatch], catalogue_name: str) -> Iterator[pa.RecordBatch]:
    """The features of a partition.

    Parameters
    ----------
    batches
        Rows of archives with the file (`FILE`) and the place in it (`ROW`) that each comes from; those of a match one
        after the other, in the order of its files.

    Returns
    -------
    iterator of RecordBatch
        Of `task_schema`.
    """
    catalogue = find_catalogue(catalogue_name)
    rows = (row for batch in batches for row in plain_rows(pa.Table.from_batches([batch])))
    matches = (list(of_match) for _, of_match in groupby(rows, key=itemgetter(*MATCH)))
    while block := list(islice(matches, MATCHES_AT_ONCE)):
        yield from _block(block, catalogue)


def _block(matches: list[list[Row]], catalogue: Catalogue) -> Iterator[pa.RecordBatch]:
    """Features of some matches, and what is wrong with them."""
    problems, records, files = (
        list[Problem](),
        list[MatchRecord](),
        dict[tuple[str | None, str | None], str](),
    )
    for rows in matches:
        path, latest = _latest_file(rows, problems)
        try:
            record = _record(latest, path, problems)
        except FeedError as error:
            problems.append(_left_out(latest[0], path, error))
            continue
        records.append(record)
        files[record.match.provider, record.match.match_id] = path
    if any(record.shots for record in records):
        features, notes = _features(records, catalogue)
        problems += [replace(note, path=files[note.provider, note.match_id]) for note in notes]
        yield features
    if problems:
        yield _as_rows(problems, catalogue)


def _latest_file(rows: list[Row], problems: list[Problem]) -> tuple[str, list[Row]]:
    """The rows of the file with the latest message, of two with the same the last by name; its path."""
    by_file = {path: list(of_file) for path, of_file in groupby(rows, key=itemgetter(FILE))}
    taken = max(by_file, key=lambda path: (_age(by_file[path][-1]), path))
    for path in by_file.keys() - {taken}:
        reason = f"the match comes in {_shown(taken)} too, which is taken"
        first = rows[0]
        problems.append(
            Problem(
                _shown(path),
                reason,
                "Remove the file that is out of date",
                first["match_id"],
                provider=first["provider"],
            )
        )
    return _shown(taken), by_file[taken]


def _age(row: Row) -> float:
    return age_order_s(from_stored_time(row["message_time"], row["message_time_offset_s"]))


def _shown(url: str) -> str:
    """A file as a person finds it."""
    return unquote(url.removeprefix("file://"))


def _record(rows: list[Row], path: str, problems: list[Problem]) -> MatchRecord:
    first = rows[0]
    if first["provider"] is None or first["match_id"] is None:
        raise FeedError("a row names no provider or no match", where=path, advice=ADVICE)
    if not is_id(first["match_id"]):
        raise FeedError(f"'{first['match_id'][:60]}' is no id of a match", where=path, advice=ADVICE)
    try:
        return record_from_rows(rows, path, problems)
    except FeedError:
        raise
    except Exception as error:  # rows that nobody has thought of cost their match, not the job
        last_line = traceback.format_exception_only(error)[-1].strip()
        raise FeedError(
            f"match {first['match_id']} cannot be read: {last_line}",
            where=path,
            advice=f"{ADVICE}, or report it",
        ) from error


def _left_out(row: Row, path: str, error: FeedError) -> Problem:
    return Problem(
        path, error.what, error.advice or ADVICE, row["match_id"], severity="match", provider=row["provider"]
    )


def _features(records: list[MatchRecord], catalogue: Catalogue) -> tuple[pa.RecordBatch, list[Problem]]:
    from xgoals.features.hashes import features_hash
    from xgoals.features.notes import features_with_notes
    from xgoals.features.scenes import Scenes

    scenes = Scenes.of(records)
    features, notes = features_with_notes(scenes.shots, scenes.people, catalogue)
    values = features.to_numpy(dtype=np.float64)
    matches = {(record.match.provider, record.match.match_id): record.match for record in records}
    keys = scenes.shots[["provider", "match_id"]].itertuples(index=False, name=None)
    of_shot = [matches[key] for key in keys]
    columns: list[Any] = [
        [match.provider for match in of_shot],
        [match.match_id for match in of_shot],
        scenes.shots["shot_id"].tolist(),
        [match.match_date for match in of_shot],
        [match.home.name for match in of_shot],
        [match.away.name for match in of_shot],
        [match.is_simulated for match in of_shot],
        [catalogue.name] * len(values),
        [catalogue.version] * len(values),
        [features_hash(row) for row in values],
        *np.where(np.isnan(values), np.nan, values).T.copy(),  # NaN with the bits that Postgres gives back
        [None] * len(values),
    ]
    return _batch(columns, catalogue), notes


def _as_rows(problems: list[Problem], catalogue: Catalogue) -> pa.RecordBatch:
    n_between = len(features_schema(catalogue)) - 3
    columns: list[Any] = [
        [problem.provider for problem in problems],
        [problem.match_id for problem in problems],
        [problem.shot_id for problem in problems],
        *([[None] * len(problems)] * n_between),
        [asdict(problem) for problem in problems],
    ]
    return _batch(columns, catalogue)


def _batch(columns: list[Any], catalogue: Catalogue) -> pa.RecordBatch:
    """NaN stays NaN: a missing value is one, and null is what a row does not have."""
    schema = task_schema(catalogue)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def spark_features(
    settings: "Settings", *, source: str, to: str, catalogue: str | None = None, tell: "Callable[[str], None]"
) -> Built:
    """The features of all shots of a folder of archives, written as a folder of Parquet.

    Parameters
    ----------
    source, to
        Folders, or URLs of buckets. What was in ``to`` is replaced once all is there; ``_problems`` in it holds what is
        wrong with the archives.
    catalogue
        Whose features; default: that of the settings' next challenger.
    tell
        Receives a sentence for each file that is no archive.

    Raises
    ------
    SettingsError
        If something else lies where the features go.
    SourceError
        If there is no archive, or none of its matches can be used.
    ServiceError
        If Spark fails.
    """
    from xgoals.spark.folders import (
        check_target,
        find_archives,
        read_archives,
        spark_types,
        whole_matches,
        write_whole,
    )
    from xgoals.spark.session import spark_session, spark_told

    chosen = find_catalogue(catalogue or settings.training.catalogue)
    check_target(to, source)
    archives = find_archives(source, tell)
    with spark_session(settings, "xgoals features") as session, spark_told(settings):
        from pyspark.sql import functions as sf  # not before it is known to be installed

        work = partial(build_batches, catalogue_name=chosen.name)
        rows = whole_matches(read_archives(session, archives), archives.n_rows)
        built = rows.mapInArrow(work, spark_types(task_schema(chosen))).persist()
        is_shot = sf.col(PROBLEM).isNull()
        counts = built.agg(
            sf.count_if(is_shot).alias("n_shots"),
            sf.count_distinct(sf.when(is_shot, sf.struct(*MATCH))).alias("n_matches"),
            sf.count_if(~is_shot).alias("n_problems"),
            sf.count_if(sf.col(f"{PROBLEM}.severity") == "match").alias("n_left_out"),
        ).first()
        assert counts is not None  # noqa: S101  (an aggregate has a row)
        problems = built.where(~is_shot).select(f"{PROBLEM}.*")
        first = tuple(Problem(**row.asDict()) for row in problems.orderBy("severity", "match_id").take(SHOWN))
        if not counts["n_shots"]:
            raise _nothing(source, first)
        parts = {"": built.where(is_shot).drop(PROBLEM)}
        write_whole(parts | ({"_problems": problems} if counts["n_problems"] else {}), to)
    return Built(**counts.asDict(), path=to, problems=first)


def _nothing(source: str, problems: tuple[Problem, ...]) -> SourceError:
    if problems:
        return SourceError(problems[0].reason, where=problems[0].path, advice=problems[0].advice)
    return SourceError("there is no shot in these archives", where=source, advice="Check --source")
