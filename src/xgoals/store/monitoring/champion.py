"""How good the champion is, as it was measured when it was trained and when providers were judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, text

from xgoals.domain.provider_level import LevelVerdict

Split = Literal["held_out", "out_of_fold"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % interval; the bounds are None where there is none."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class SplitQuality:
    """On matches that the model had not seen, without penalties: the latest ones, or all of the window out of fold.

    ``log_loss``, ``auc``: None where they are not defined, as without a goal.
    """

    split: Split
    log_loss: float | None
    auc: float | None
    n_shots: int
    n_goals: int


@dataclass(frozen=True, slots=True)
class Level:
    """Sum of xG over goals of a provider's shots; None where they are too few to say anything."""

    provider: str
    verdict: LevelVerdict
    n_shots: int
    n_goals: int
    xg_per_goal: Interval | None


@dataclass(frozen=True, slots=True)
class ChampionFigures:
    """The champion; slope and ``xg_per_goal`` are of the split out of fold."""

    model_version: str
    catalogue: str
    trained_at: datetime
    champion_since: datetime
    quality: tuple[SplitQuality, ...]
    calibration_slope: Interval | None
    xg_per_goal: Interval | None
    levels: tuple[Level, ...]


def read_champion(connection: Connection) -> ChampionFigures | None:
    """What is known of the present champion, None where there is none; its bytes are not read."""
    row = connection.execute(
        text(
            """select v.model_version, v.catalogue, v.created_at, v.metrics, p.decided_at
               from champion c join model_version v using (model_version) join promotion p using (decision_n)"""
        )
    ).one_or_none()
    if row is None:
        return None
    calibration = row.metrics.get("calibration") or {}
    return ChampionFigures(
        model_version=row.model_version,
        catalogue=row.catalogue,
        trained_at=row.created_at,
        champion_since=row.decided_at,
        quality=tuple(_quality(row.metrics, split) for split in get_args(Split) if row.metrics.get(split)),
        calibration_slope=_interval(calibration, "slope"),
        xg_per_goal=_interval(calibration, "xg_per_goal"),
        levels=_levels(connection, row.model_version),
    )


def _quality(metrics: Mapping[str, Any], split: Split) -> SplitQuality:
    model = metrics[split]["model"]
    return SplitQuality(split, model["log_loss"], model["auc"], model["n_shots"], model["goals"])


def _interval(calibration: Mapping[str, Any], name: str) -> Interval | None:
    value = calibration.get(name)
    if value is None:
        return None
    low, high = calibration.get(f"{name}_interval") or (None, None)
    return Interval(value, low, high)


def _levels(connection: Connection, model_version: str) -> tuple[Level, ...]:
    rows = connection.execute(
        text(
            """select provider, verdict, n_shots, n_goals, xg_per_goal, low, high from provider_level
               where model_version = :version order by provider"""
        ),
        {"version": model_version},
    )
    levels = []
    for row in rows:
        is_known = row.verdict != "too_few" and row.xg_per_goal is not None
        told = Interval(row.xg_per_goal, row.low, row.high) if is_known else None
        levels.append(Level(row.provider, row.verdict, row.n_shots, row.n_goals, told))
    return tuple(levels)
