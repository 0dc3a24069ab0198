"""The columns of the archive as data, and how times are kept."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa

from xgoals.domain.circumstances import FLAGS

VERSION = "1"
VERSION_KEY = b"xgoals.archive_version"
"""Key of the version in the file's metadata."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_S = 86_400
_TIME = pa.timestamp("us", tz="UTC")

PERSON_FIELDS = [
    ("x_m", pa.float64()),
    ("y_m", pa.float64()),
    ("is_teammate", pa.bool_()),
    ("is_keeper", pa.bool_()),
    ("player_id", pa.string()),
    ("vx_ms", pa.float64()),
    ("vy_ms", pa.float64()),
]
"""In the order of `xgoals.domain.scene.Person`."""

PEOPLE = "people"
CLIPS_FILE = "clips_file"
CLIPS_FOLDER = "_clips"
"""Beside the archive. Spark, as whatever lists Parquet files, takes names that begin so for no data."""

MATCH_COLUMNS = [
    ("provider", pa.string()),
    ("match_id", pa.string()),
    ("competition_id", pa.string()),
    ("competition", pa.string()),
    ("season_id", pa.string()),
    ("season", pa.string()),
    ("match_date", pa.date32()),
    ("home_team_id", pa.string()),
    ("home_team", pa.string()),
    ("away_team_id", pa.string()),
    ("away_team", pa.string()),
    ("pitch_length_m", pa.float64()),
    ("pitch_width_m", pa.float64()),
    ("matchday", pa.int32()),
    ("stage", pa.string()),
    ("kick_off", _TIME),
    ("kick_off_offset_s", pa.int32()),
    ("home_score", pa.int32()),
    ("away_score", pa.int32()),
    ("message_time", _TIME),
    ("message_time_offset_s", pa.int32()),
    ("is_simulated", pa.bool_()),
    ("status", pa.string()),
    # In the first row of a match only:
    ("teams", pa.list_(pa.struct([("team_id", pa.string()), ("name", pa.string())]))),
    (
        "players",
        pa.list_(
            pa.struct([("player_id", pa.string()), ("name", pa.string()), ("short_name", pa.string())]),
        ),
    ),
    (
        "own_goals",
        pa.list_(
            pa.struct([("team_id", pa.string()), ("player_id", pa.string()), ("minute", pa.int32())]),
        ),
    ),
    ("own_goal_times", pa.list_(pa.struct([("period", pa.int32()), ("second", pa.int32())]))),
    (
        "incidents",
        pa.list_(
            pa.struct(
                [
                    ("kind", pa.string()),
                    ("team_id", pa.string()),
                    ("player_id", pa.string()),
                    ("period", pa.int32()),
                    ("minute", pa.int32()),
                    ("second", pa.int32()),
                    ("replacement_id", pa.string()),
                ]
            )
        ),
    ),
    (CLIPS_FILE, pa.string()),
]
"""``clips_file`` is the path of the match's clips (:mod:`xgoals.feeds.clips`), relative to the archive's folder."""

SHOT_COLUMNS = [
    ("shot_id", pa.string()),
    ("event_n", pa.int32()),
    ("period", pa.int32()),
    ("minute", pa.int32()),
    ("second", pa.int32()),
    ("period_time_s", pa.float64()),
    ("team_id", pa.string()),
    ("player_id", pa.string()),
    ("x_m", pa.float64()),
    ("y_m", pa.float64()),
    ("body_part", pa.string()),
    ("shot_type", pa.string()),
    ("outcome", pa.string()),
    ("ball_control", pa.string()),
    ("set_up", pa.string()),
    ("technique", pa.string()),
    ("event_time", _TIME),
    ("event_time_offset_s", pa.int32()),
    ("provider_xg", pa.float64()),
    ("official", pa.map_(pa.string(), pa.float64())),
    ("raw", pa.map_(pa.string(), pa.string())),
]
"""``event_n`` is null in a row without a shot."""

CIRCUMSTANCE_COLUMNS = [
    ("assist_player_id", pa.string()),
    ("assist_kind", pa.string()),
    ("assist_height", pa.string()),
    ("assist_is_switch", pa.bool_()),
    ("end_x_m", pa.float64()),
    ("end_y_m", pa.float64()),
    ("end_z_m", pa.float64()),
    *((name, pa.bool_()) for name in FLAGS),
]
"""``assist_kind`` is null where no assist is known, ``end_x_m`` where no end is."""

SCENE_COLUMNS = [
    ("scene_n", pa.int32()),
    ("frame_source", pa.string()),
    ("frame_n", pa.int64()),
    ("clock_offset_s", pa.float64()),
    ("confidence", pa.float64()),
    ("shooter_vx_ms", pa.float64()),
    ("shooter_vy_ms", pa.float64()),
    ("ball_x_m", pa.float64()),
    ("ball_y_m", pa.float64()),
    ("ball_z_m", pa.float64()),
    (PEOPLE, pa.list_(pa.struct(PERSON_FIELDS))),
]
"""``scene_n`` is the scene's place among the match's scenes, null in a row without a scene."""

OPTIONAL = frozenset(
    {"status", "own_goal_times", "incidents", CLIPS_FILE, *(name for name, _ in CIRCUMSTANCE_COLUMNS)}
)
"""Columns that archives of earlier releases lack."""

SCHEMA = pa.schema(
    [*MATCH_COLUMNS, *SHOT_COLUMNS, *CIRCUMSTANCE_COLUMNS, *SCENE_COLUMNS], metadata={VERSION_KEY: VERSION}
)


def to_stored_time(time: datetime | None) -> tuple[datetime | None, int | None]:
    """A time as UTC and its offset in seconds; the offset is None where the feed named no time zone."""
    if time is None:
        return None, None
    offset = time.utcoffset()
    if offset is None:
        return time.replace(tzinfo=UTC), None
    return time.astimezone(UTC), round(offset.total_seconds())


def from_stored_time(time: datetime | None, offset_s: int | None) -> datetime | None:
    """The inverse of `to_stored_time`; a named zone comes back as its offset, the moment is the same.

    An offset of a day or more is none: the time is taken as UTC.
    """
    if time is None:
        return None
    if offset_s is None:
        return time.replace(tzinfo=None)
    if offset_s == 0 or abs(offset_s) >= DAY_S:
        return time
    try:
        return time.astimezone(timezone(timedelta(seconds=offset_s)))
    except OverflowError:  # at the ends of the calendar
        return time


def age_order_s(time: datetime | None) -> float:
    """By which the messages of a match are ordered: seconds since 1970, the least where there is no time.

    A time without zone counts as UTC: by this machine's clock its calendar may end before ours.
    """
    if time is None:
        return float("-inf")
    return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - EPOCH).total_seconds()


def plain_rows(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a table; times and dates that no calendar has come as its first or last day.

    People come as tuples of the fields of `xgoals.domain.scene.Person`.
    """
    columns: dict[str, list[Any]] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name == PEOPLE:
            columns[name] = _people(column)
        elif pa.types.is_timestamp(column.type):
            columns[name] = [_moment(value) for value in column.cast(pa.int64()).to_pylist()]
        elif pa.types.is_date(column.type):
            columns[name] = [_day(value) for value in column.cast(pa.int32()).to_pylist()]
        else:
            columns[name] = column.to_pylist()
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _moment(microseconds: int | None) -> datetime | None:
    if microseconds is None:
        return None
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return (datetime.max if microseconds > 0 else datetime.min).replace(tzinfo=UTC)


def _day(days: int | None) -> date | None:
    if days is None:
        return None
    try:
        return EPOCH.date() + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date(2, 1, 1)


def _people(column: pa.ChunkedArray) -> list[list[tuple[Any, ...]]]:
    """Field by field, far faster than a dict for each person; a missing number is None or NaN."""
    lists = column.combine_chunks()
    structs = lists.flatten()
    fields = [structs.field(name).to_numpy(zero_copy_only=False).tolist() for name, _ in PERSON_FIELDS]
    everybody = list(zip(*fields, strict=True))
    lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths).tolist()
    return [everybody[end - n : end] for end, n in zip(ends, lengths.tolist(), strict=True)]
