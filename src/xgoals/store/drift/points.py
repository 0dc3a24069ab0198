"""What was found of drift, matchday by matchday."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from xgoals.analysis.drift.points import Point
from xgoals.store.database import as_json, copy_rows

if TYPE_CHECKING:  # quiet nights import this, and no pandas
    from xgoals.analysis.drift.alarms import Alarm, Cause
    from xgoals.analysis.drift.series import Kind, Value
    from xgoals.analysis.drift.told import Drift, PointRow

_COLUMNS = (
    "model_version", "competition", "is_learned", "point_n", "first_season", "first_matchday", "season", "matchday",
    "first_date", "last_date", "n_matches", "n_shots", "reference", "kind", "name", "value", "low", "high",
    "window_value", "mean", "window_mean", "mean_low", "mean_high", "is_beyond", "alarm_over", "is_standing", "cause",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What a point came to.

    Attributes
    ----------
    has_own_reference
        Whether it is held against the competition's own matches in the window, or against all of it.
    causes
        Kind and name -> the cause, of alarms that stand.
    """

    point: Point
    values: "tuple[Value, ...]"
    has_own_reference: bool
    causes: "Mapping[tuple[Kind, str], Cause]"


def replace_points(
    connection: Connection, model_version: str, competitions: Iterable[str], found: Iterable[Found]
) -> None:
    """Put these in place of all points of these competitions."""
    connection.execute(
        text("delete from drift_point where model_version = :version and competition = any(:competitions)"),
        {"version": model_version, "competitions": list(competitions)},
    )
    copy_rows(connection, "drift_point", _COLUMNS, _rows(model_version, found))


def _rows(model_version: str, found: Iterable[Found]) -> Iterator[tuple[object, ...]]:
    for of in found:
        point, first, last = of.point, of.point.first, of.point.last
        days = [match.match_date for match in point.matches]
        head = (
            model_version, point.competition, point.is_learned, point.n, first.season, first.matchday, last.season,
            last.matchday, min(days), max(days), len(point.matches), point.n_shots,
            "competition" if of.has_own_reference else "window",
        )  # fmt: skip
        for v in of.values:
            cause = of.causes.get((v.kind, v.name))
            told = as_json(cause.as_json()) if cause else None
            yield (
                *head, v.kind, v.name, v.value, v.low, v.high, v.window, v.mean, v.window_mean, v.mean_low,
                v.mean_high, v.is_beyond, v.alarm_over, cause is not None, told,
            )  # fmt: skip


def forget_points(connection: Connection, model_version: str) -> None:
    """Remove all of a model's: there is too little to hold anything against."""
    for table in ("drift_point", "drift_sum"):
        connection.execute(
            text(f"delete from {table} where model_version = :version"),  # noqa: S608
            {"version": model_version},
        )


def standing_alarms(connection: Connection, model_version: str) -> "list[Alarm]":
    """The alarms of the newest matchdays, by competition, kind and name."""
    from xgoals.analysis.drift.alarms import Alarm, Cause, Matchday

    rows = connection.execute(
        text(
            """select competition, kind, name, season, matchday, last_date, cause from drift_point
               where model_version = :version and is_standing
               order by competition, array_position(array['attribution', 'feature', 'calibration', 'venue',
                   'body_part', 'provider', 'club'], kind), value desc, name"""
        ),
        {"version": model_version},
    )
    return [
        Alarm(
            row.competition, row.kind, row.name, Matchday(row.season, row.matchday, row.last_date.isoformat()),
            Cause.from_json(row.cause),
        )
        for row in rows
    ]  # fmt: skip


def read_points(connection: Connection, model_version: str) -> "list[PointRow]":
    """Every value of every point of a model, each competition's in the order of time."""
    from xgoals.analysis.drift.told import PointRow

    names = ", ".join(field.name for field in fields(PointRow))
    rows = connection.execute(
        text(
            f"""select {names} from drift_point where model_version = :version
                order by competition, is_learned desc, point_n, kind, name"""  # noqa: S608
        ),
        {"version": model_version},
    )
    return [PointRow(**row._mapping) for row in rows]


def read_drift(connection: Connection, model_version: str, ndcg_below: float) -> "Drift":
    """All that is told of a model's drift; without rows where nothing was held against anything yet."""
    from xgoals.analysis.drift.told import Drift

    return Drift(
        tuple(read_points(connection, model_version)),
        tuple(standing_alarms(connection, model_version)),
        ndcg_below,
    )


def drift_figures(connection: Connection, model_version: str) -> dict[str, object]:
    """``n_drift_alarms`` that stand, and ``attribution_ndcg`` of each competition's newest point, as monitored."""
    newest = connection.execute(
        text(
            """select distinct on (competition) competition, value from drift_point
               where model_version = :version and kind = 'attribution'
               order by competition, is_learned, point_n desc"""
        ),
        {"version": model_version},
    )
    n = connection.scalar(
        text("select count(*) from drift_point where model_version = :version and is_standing"),
        {"version": model_version},
    )
    return {"n_drift_alarms": int(n or 0), "attribution_ndcg": {row.competition: row.value for row in newest}}
