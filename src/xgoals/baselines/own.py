"""Baselines of one's own: how they are asked for, what they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

BaselineSource = Literal["model", "file", "shot", "segment", "clusters", "sample"]
"""Where baseline rows come from: the model's stored row, a file, a shot, shots of a kind, clusters, drawn shots."""


@dataclass(frozen=True, slots=True)
class AskedBaseline:
    """A baseline as a person asks for it.

    Attributes
    ----------
    text
        As it was typed: ``segment:season=2023/24``.
    path, shot
        Of a file and of a shot; else empty.
    where
        Of a segment: column -> value.
    n
        Of clusters and samples; else 0.
    """

    text: str
    source: BaselineSource
    path: str = ""
    shot: str = ""
    where: Mapping[str, str] | None = None
    n: int = 0


@dataclass(frozen=True, slots=True)
class NamedShot:
    """Who shot when, in which match."""

    name: str
    provider: str
    match_id: str
    player: str | None
    team: str
    home_team: str
    away_team: str
    match_date: date
    minute: int
    is_goal: bool


@dataclass(frozen=True, slots=True)
class ToldBaseline:
    """A baseline as it is told.

    Attributes
    ----------
    n_rows
        Of how many rows it is.
    n_made_from
        Of how many stored shots those were made or drawn; 0 where they come from a file.
    unlike_share
        Share of the rows, by weight, that are like no shot that the model has learned from.
    seen_share
        Of one shot: the share of the shots compared that are spoken of by who has learned from its match; else 0.
    base_error
        Half of the 95 % interval of the base value, for which shots were drawn; None where none were.
    typical
        Feature -> value: of several rows the weighted mean, of binary features and categories the value with most
        weight; NaN is missing.
    missing
        Features that it lacks and a shot that is compared has.
    shot
        The one that it is; None where it is something else.
    """

    asked: AskedBaseline
    n_rows: int
    n_made_from: int
    unlike_share: float
    seen_share: float
    base_error: float | None
    typical: Mapping[str, float]
    missing: tuple[str, ...]
    shot: NamedShot | None
