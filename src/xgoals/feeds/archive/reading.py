"""Parquet to match records, one row group at a time."""

from functools import lru_cache
from pathlib import Path

from xgoals.domain.bounds import MATCHDAY
from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.scene import Clip, MatchRecord
from xgoals.feeds import Announcement, Delivery
from xgoals.feeds.archive.opening import ADVICE, open_archive, read_group, rows_of
from xgoals.feeds.archive.rows import Row, record_from_rows
from xgoals.feeds.archive.schema import CLIPS_FILE, CLIPS_FOLDER, SCHEMA
from xgoals.feeds.clips import read_clips

_ANNOUNCED = [
    "provider", "match_id", "competition_id", "competition", "season_id", "season", "matchday", "home_team_id",
    "away_team_id",
]  # fmt: skip

Key = tuple[str, str]


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
        With the provider and the ids it was written with.
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
    clips = _clips(delivery, problems)
    return record_from_rows(rows, str(path), problems, clips=clips), problems


def _clips(delivery: Delivery, problems: list[Problem]) -> tuple[Clip, ...]:
    """The clips that lie beside the archive; that they are not there, or broken, costs the match nothing else."""
    named = delivery.extra.get(CLIPS_FILE)
    if named is None:
        return ()
    reason = f"its clips are not there ({named})"
    try:
        if len(delivery.files) > 1:
            return tuple(read_clips(delivery.files[1]))
    except FeedError as error:
        reason = error.what
    problems.append(
        Problem(
            str(delivery.files[0]),
            f"{reason}: its shots have no animation",
            f"Copy the folder {CLIPS_FOLDER} together with the archive, then run again",
            delivery.match_id,
            field=CLIPS_FILE,
            value=str(named),
            provider=delivery.provider,
        )
    )
    return ()


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
    with open_archive(path) as file:
        for number in groups:
            for row in rows_of(read_group(file, path, number, _ANNOUNCED), path):
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
    with open_archive(path) as file:
        for number in groups:
            if number >= file.num_row_groups:
                raise FeedError(
                    "the file has changed since it was listed", where=str(path), advice="Run again"
                )
            table = read_group(file, path, number, SCHEMA.names)
            for row in rows_of(table, path):
                result.setdefault((row["provider"], row["match_id"]), []).append(row)
    return result
