"""Features by what they move: bars, and every row as a point."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from xgoals.clarify.facts import JobFacts
from xgoals.clarify.page.numbers import decimals_for, decimals_of
from xgoals.clarify.shap import Explained
from xgoals.report.draw.swarms import Swarm, swarm

SHOWN = 30
"""Features on the page; the rest stands in the table."""
_CHARACTER_PCT = 2.4
"""Width of a digit at the axis on the narrowest screen, in per cent of it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A feature: its global value, the length of its bar in per cent of the longest, its share of all of them."""

    name: str
    value: float
    bar: float
    share: float


@dataclass(frozen=True, slots=True)
class Importance:
    """All explained features, the one that moves most first; strips of the first of them.

    Attributes
    ----------
    axis
        (value, place in per cent) of the strips' axis; ``axis_decimals`` tell them apart.
    decimals
        Of global values.
    """

    features: tuple[Ranked, ...]
    shown: tuple[Ranked, ...]
    swarm: Swarm
    axis: tuple[tuple[float, float], ...]
    axis_decimals: int
    decimals: int


def importance(facts: JobFacts, explained: Explained) -> Importance:
    """Rank the features and draw a strip for each of the first."""
    by_name = dict(zip(explained.names, np.abs(explained.global_values), strict=True))
    signed = dict(zip(explained.names, explained.global_values.tolist(), strict=True))
    longest, total = max(by_name.values()) or 1.0, sum(by_name.values()) or 1.0
    features = tuple(
        Ranked(name, signed[name], float(100 * by_name[name] / longest), float(by_name[name] / total))
        for name in explained.ranked
    )
    shown = features[:SHOWN]
    names = [feature.name for feature in shown]
    columns = [explained.names.index(name) for name in names]
    kinds: list[str] = [facts.kinds[name] for name in names]
    strips = swarm(
        explained.values[:, columns], facts.table.features[names].to_numpy(np.float64), names, kinds
    )
    axis, axis_decimals = _axis(strips)
    return Importance(
        features, shown, strips, axis, axis_decimals, decimals_for(max(by_name.values()), least=4)
    )


def _axis(strips: Swarm) -> tuple[tuple[tuple[float, float], ...], int]:
    """The ticks whose numbers have room side by side on a narrow screen, 0 among them, and their decimals."""
    if len(strips.ticks) < 2:
        return tuple(strips.ticks), 2
    (low, left), (high, right) = strips.ticks[:2]
    decimals = max(decimals_of(high - low), 2)
    every = ceil(_CHARACTER_PCT * (decimals + 4) / (right - left))
    kept = (tick for tick in strips.ticks if round(tick[0] / (high - low)) % every == 0)
    return tuple(kept), decimals
