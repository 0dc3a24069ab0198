"""Several baselines side by side, as pages, tables and programs are told of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from xgoals.analysis.baselines.moves import BaselineMoves
from xgoals.baselines.own import NamedShot, ToldBaseline


@dataclass(frozen=True, slots=True)
class ShotAgainst:
    """One shot's values against one baseline: groups, and features, each add up to its xG with the base value."""

    base_value: float
    groups: Mapping[str, float]
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ComparedBaseline:
    """One of them: what it is, what moves the model against it, and the one shot's values if one was asked about."""

    told: ToldBaseline
    moves: BaselineMoves
    of_shot: ShotAgainst | None


@dataclass(frozen=True, slots=True)
class AskedShot:
    """The one shot asked about: its xG by who speaks of it, and its features; NaN is missing."""

    shot: NamedShot
    xg: float
    scored_by: str
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ComparedBaselines:
    """The same shots against several baselines.

    Attributes
    ----------
    n_shots, n_matches
        Shots compared, without penalties, and their matches.
    n_stored
        How many there are: more than were compared where that would have taken long.
    n_seen
        Shots that are spoken of by a model that has learned from their match, for want of another.
    baselines
        The stored one first.
    additivity_gap
        How far any shot's values, base value and xG are from adding up.
    """

    model_version: str
    catalogue: str
    n_shots: int
    n_matches: int
    n_stored: int
    n_seen: int
    goal_rate: float
    mean_prediction: float
    baselines: tuple[ComparedBaseline, ...]
    shot: AskedShot | None
    additivity_gap: float
    providers: tuple[str, ...]
    is_simulated: bool
