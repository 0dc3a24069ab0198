"""Parquet to match records: a cheap listing first, then one row group at a time."""

import hashlib
import json
from collections.abc import Collection, Container
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xgoals.domain.bounds import MATCHDAY
from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.scene import MatchRecord
from xgoals.domain.text import is_id
from xgoals.feeds import Announcement, Delivery
from xgoals.feeds.archive.rows import Row, record_from_rows
from xgoals.feeds.archive.schema import (
    OPTIONAL,
    PEOPLE,
    PERSON_FIELDS,
    SCHEMA,
    VERSION,
    VERSION_KEY,
    from_stored_time,
    plain_rows,
)
from xgoals.feeds.files import why_no_file
from xgoals.feeds.handover import as_text, from_text
from xgoals.feeds.seen import SeenFiles

ADVICE = "Write archives with 'xgoals export scenes' or 'xgoals simulate'"
_KEY_COLUMNS = ["provider", "match_id", "message_time", "message_time_offset_s"]
_ANNOUNCED = [
    "provider", "match_id", "competition_id", "competition", "season_id", "season", "matchday", "home_team_id",
    "away_team_id",
]  # fmt: skip
_UNREADABLE = (pa.ArrowException, OSError, UnicodeDecodeError)

Key = tuple[str, str]


def discover(
    source: Path,
    *,
    stored_sha256: Container[str] = (),
    match_ids: Collection[str] | None = None,
    seen: SeenFiles | None = None,
) -> tuple[list[Delivery], list[Problem]]:
    """List the matches of an archive without reading its scenes.

    Parameters
    ----------
    source
        A Parquet file, or a folder of them (files below it in folders of their own are not looked at).
    stored_sha256
        Of no use here: of a match that comes twice the last file stands.
    match_ids
        Ids of the matches to list; None lists all.
    seen
        Knows the matches of files that have not changed.

    Returns
    -------
    list of Delivery
        ``fingerprint`` is the SHA-256 of the row groups that hold the match; ``extra["row_groups"]`` their
        numbers. Of a match that comes in several files, the one with the latest message time is taken, then
        the last by file name.
    list of Problem
        Files of a folder that cannot be read, matches that come more than once.

    Raises
    ------
    SourceError
        If there is no such source, nothing in it, or nothing in it that can be read.
    """
    deliveries: dict[Key, Delivery] = {}
    problems: list[Problem] = []
    seen = seen or SeenFiles()
    for path in _files(source, problems):
        try:
            listed = _matches_of(path, seen)
        except FeedError as error:
            problems.append(Problem(str(path), error.what, error.advice or ADVICE, severity="match"))
            continue
        for delivery in listed:
            if match_ids is not None and delivery.match_id not in match_ids:
                continue
            if not is_id(delivery.match_id):
                reason = f"'{delivery.match_id[:60]}' is no id of a match"
                problems.append(Problem(str(path), reason, ADVICE, severity="match"))
                continue
            _keep_latest(deliveries, delivery, problems)
    if not deliveries and match_ids is None:
        first = problems[0] if problems else Problem(str(source), "the archive holds no match", ADVICE)
        raise SourceError(first.reason, where=first.path, advice=first.advice)
    return list(deliveries.values()), problems


def announce(delivery: Delivery) -> Announcement:
    """What the first row of the match says; its scenes are not decoded.

    Raises
    ------
    FeedError
        If the file is damaged, or has changed since it was listed.
    """
    path, key = delivery.files[0], (delivery.provider, delivery.match_id)
    announced = _announcements(path, _row_groups(delivery)[:1], _state(path)).get(key)
    if announced is None:
        what = f"match {delivery.match_id} does not say who plays, or is no longer where it was listed"
        raise FeedError(what, where=str(path), advice=f"Run again. {ADVICE}")
    return announced


def read_match(delivery: Delivery) -> tuple[MatchRecord, list[Problem]]:
    """Read one match.

    The row groups decoded last are kept, so matches read in the order of `discover` cost one decoding for
    each row group, not for each match.

    Returns
    -------
    MatchRecord
        With the provider and the ids it was written with; no clips.
    list of Problem
        What had to be left missing.

    Raises
    ------
    FeedError
        If the file or the match cannot be read.
    """
    path = delivery.files[0]
    rows = _decode(path, _row_groups(delivery), _state(path)).get((delivery.provider, delivery.match_id))
    if not rows:
        raise FeedError(
            f"match {delivery.match_id} is no longer where it was listed",
            where=str(path),
            advice="The file has changed since; run again",
        )
    problems: list[Problem] = []
    return record_from_rows(rows, str(path), problems), problems


def _files(source: Path, problems: list[Problem]) -> list[Path]:
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise SourceError("there is no such file or folder", where=str(source), advice=ADVICE)
    files = []
    for path in sorted(path for path in source.glob("*.parquet") if not path.is_dir()):
        reason = why_no_file(path)
        if reason is None:
            files.append(path)
        else:
            advice = "Put the file there, or take it out of the folder"
            problems.append(Problem(str(path), reason, advice, severity="match"))
    if not files:
        raise SourceError("the folder holds no .parquet file", where=str(source), advice=ADVICE)
    return files


def _open(path: Path) -> pq.ParquetFile:
    """The file, once it is known to be an archive of our version with all its columns.

    Raises
    ------
    FeedError
        If it is not.
    """
    where = str(path)
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
    except _UNREADABLE as error:
        raise FeedError(
            "not a complete Parquet file", where=where, advice=f"Copy or write it again. {ADVICE}"
        ) from error
    schema = file.schema_arrow
    version = (schema.metadata or {}).get(VERSION_KEY)
    if version is None:
        file.close()
        raise FeedError("a Parquet file, but not an archive of scenes", where=where, advice=ADVICE)
    if version.decode() != VERSION:
        file.close()
        raise FeedError(
            f"archive version {version.decode()} where version {VERSION} is expected",
            where=where,
            advice="Write it again with this version of xgoals",
        )
    wrong = [field.name for field in SCHEMA if field.name not in {*schema.names, *OPTIONAL}]
    wrong += [field.name for field in SCHEMA if field.name in schema.names and not _same_type(schema, field)]
    if wrong:
        file.close()
        raise FeedError(
            f"columns are missing or of another type: {', '.join(wrong)}", where=where, advice=ADVICE
        )
    return file


def _same_type(schema: pa.Schema, field: pa.Field) -> bool:
    return bool(schema.field(field.name).type.equals(field.type))


def _matches_of(path: Path, seen: SeenFiles) -> list[Delivery]:
    """The matches of a file, as listed now or when it was looked at before."""

    def find_out() -> str:
        return json.dumps([as_text(delivery) for delivery in _list_matches(path)])

    try:
        return [from_text(text) for text in json.loads(seen.answer("matches", [str(path)], find_out))]
    except OSError as error:
        raise FeedError(f"cannot be read: {error.strerror}", where=str(path), advice="Run again") from error


def _list_matches(path: Path) -> list[Delivery]:
    groups: dict[Key, list[int]] = {}
    times: dict[Key, datetime | None] = {}
    hashes = []
    with _open(path) as file, path.open("rb") as raw:
        for number in range(file.num_row_groups):
            rows = _rows(_read_group(file, path, number, _KEY_COLUMNS), path)
            start, end = _byte_range(file.metadata.row_group(number))
            raw.seek(start)
            hashes.append(hashlib.sha256(raw.read(end - start)).digest())
            for row in rows:
                key = row["provider"], row["match_id"]
                if groups.setdefault(key, [number])[-1] != number:
                    groups[key].append(number)
                times[key] = from_stored_time(row["message_time"], row["message_time_offset_s"])
    if any(part is None for key in groups for part in key):
        raise FeedError("a row names no provider or no match", where=str(path), advice=ADVICE)
    return [
        Delivery(
            provider=provider,
            match_id=match_id,
            files=(path,),
            fingerprint=hashlib.sha256(b"".join(hashes[n] for n in numbers)).hexdigest(),
            message_time=times[provider, match_id],
            extra={"row_groups": tuple(numbers)},
        )
        for (provider, match_id), numbers in groups.items()
    ]


def _byte_range(group: pq.RowGroupMetaData) -> tuple[int, int]:
    """Where the row group's bytes lie in the file."""
    starts, ends = [], []
    for i in range(group.num_columns):
        column = group.column(i)
        start = column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset
        starts.append(start)
        ends.append(start + column.total_compressed_size)
    return min(starts), max(ends)


def _read_group(file: pq.ParquetFile, path: Path, number: int, columns: list[str]) -> pa.Table:
    try:
        return file.read_row_group(number, columns=columns, use_threads=False)
    except _UNREADABLE as error:
        raise FeedError(
            "the file is damaged", where=str(path), advice=f"Copy or write it again. {ADVICE}"
        ) from error


def _rows(table: pa.Table, path: Path) -> list[Row]:
    try:
        return plain_rows(table)
    except _UNREADABLE as error:
        raise FeedError(
            f"the file is damaged ({error})", where=str(path), advice=f"Copy or write it again. {ADVICE}"
        ) from error


def _keep_latest(deliveries: dict[Key, Delivery], new: Delivery, problems: list[Problem]) -> None:
    key = new.provider, new.match_id
    old = deliveries.get(key)
    newer = old is None or _age(new) >= _age(old)
    if newer:
        deliveries[key] = new
    if old is not None and old.fingerprint != new.fingerprint:
        taken, left = (new, old) if newer else (old, new)
        reason = f"the match comes in {taken.files[0].name} too, which is taken"
        problems.append(
            Problem(
                str(left.files[0]),
                reason,
                "Remove the file that is out of date",
                new.match_id,
                provider=new.provider,
            )
        )


def _age(delivery: Delivery) -> float:
    return delivery.message_time.timestamp() if delivery.message_time else float("-inf")


def _row_groups(delivery: Delivery) -> tuple[int, ...]:
    groups = delivery.extra["row_groups"]
    if not isinstance(groups, list | tuple):
        raise TypeError(f"row_groups of an archive's delivery must be a list, not {groups!r}")
    return tuple(groups)


def _state(path: Path) -> tuple[int, int]:
    """Size and time of change: what was decoded from another state of the file is not used again."""
    try:
        stat = path.stat()
    except OSError as error:
        raise FeedError("the file is gone", where=str(path), advice="Run again") from error
    return stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=2)
def _announcements(path: Path, groups: tuple[int, ...], _state: tuple[int, int]) -> dict[Key, Announcement]:
    found: dict[Key, Announcement] = {}
    with _open(path) as file:
        for number in groups:
            for row in _rows(_read_group(file, path, number, _ANNOUNCED), path):
                key = row["provider"], row["match_id"]
                if key not in found and (announced := _announcement(row)) is not None:
                    found[key] = announced
    return found


def _announcement(row: Row) -> Announcement | None:
    """Who plays when, where a row says it."""
    provider, match_id, *said, home, away = (row[name] for name in _ANNOUNCED)
    competition_id, competition, season_id, season, matchday = said
    if None in (provider, match_id, competition_id, season_id, home, away):
        return None
    if matchday is not None and matchday not in MATCHDAY:
        matchday = None
    names = competition or competition_id, season or season_id
    return Announcement(match_id, competition_id, names[0], season_id, names[1], matchday, (home, away))


@lru_cache(maxsize=2)
def _decode(path: Path, groups: tuple[int, ...], _state: tuple[int, int]) -> dict[Key, list[Row]]:
    """The rows of some row groups by match; the people as tuples of the fields of `Person`."""
    result: dict[Key, list[Row]] = {}
    with _open(path) as file:
        for number in groups:
            if number >= file.num_row_groups:
                raise FeedError(
                    "the file has changed since it was listed", where=str(path), advice="Run again"
                )
            table = _read_group(file, path, number, SCHEMA.names)
            people = _people(table.column(PEOPLE))
            for row, present in zip(_rows(table.drop_columns(PEOPLE), path), people, strict=True):
                row[PEOPLE] = present
                result.setdefault((row["provider"], row["match_id"]), []).append(row)
    return result


def _people(column: pa.ChunkedArray) -> list[list[tuple[Any, ...]]]:
    """Field by field, far faster than a dict for each person; a missing number is None or NaN."""
    lists = column.combine_chunks()
    structs = lists.flatten()
    fields = [structs.field(name).to_numpy(zero_copy_only=False).tolist() for name, _ in PERSON_FIELDS]
    everybody = list(zip(*fields, strict=True))
    lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths).tolist()
    return [everybody[end - n : end] for end, n in zip(ends, lengths.tolist(), strict=True)]
