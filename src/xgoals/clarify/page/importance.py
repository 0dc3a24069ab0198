"""Features by what they move: bars, and every row as a point."""

from dataclasses import dataclass

import numpy as np

from xgoals.clarify.facts import JobFacts
from xgoals.clarify.shap import Explained
from xgoals.report.draw.swarms import Swarm, swarm

SHOWN = 30
"""Features on the page; the rest stands in the table."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A feature: its global value, the length of its bar in per cent of the longest, its share of all of them."""

    name: str
    value: float
    bar: float
    share: float


@dataclass(frozen=True, slots=True)
class Importance:
    """All explained features, the one that moves most first; strips of the first of them."""

    features: tuple[Ranked, ...]
    shown: tuple[Ranked, ...]
    swarm: Swarm


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
    return Importance(
        features,
        shown,
        swarm(explained.values[:, columns], facts.table.features[names].to_numpy(np.float64), names, kinds),
    )
