"""How the features differ between the sources of the shots: feeds where there are several, else competitions."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from xgoals.analysis.shots import (
    BoolArray,
    Feature,
    FloatArray,
    Model,
    floats,
    season_label,
    without_penalties,
)
from xgoals.features.distances import distance

NOTABLE = 0.1
"""A distance from all other shots above this is named: one in ten shots would have to move."""

_MIN_SHOTS = 100
_SHOWN = 8


@dataclass(frozen=True)
class Source:
    """A feed, or a competition's season, and how many of the shots it has."""

    name: str
    n_shots: int


@dataclass(frozen=True)
class SourceCell:
    """One feature in one source.

    Attributes
    ----------
    middle
        The median; of a yes/no the share of yes, of a category its commonest value; None without any value.
    missing
        Share of the source's shots without a value.
    distance
        Share of shots by which its distribution differs from that in all other shots, 0 to 1 (see
        :func:`xgoals.features.distances.distance`); None without values on both sides.
    """

    middle: float | None
    missing: float
    distance: float | None


@dataclass(frozen=True)
class SourceRow:
    """One feature, a cell a source."""

    feature: Feature
    cells: tuple[SourceCell, ...]


@dataclass(frozen=True)
class NotableDistance:
    """A feature (its label) whose distribution in a source is far from that in all other shots."""

    label: str
    source: str
    distance: float


@dataclass(frozen=True)
class SourceDifferences:
    """Each feature's distribution in each source beside all other shots.

    Attributes
    ----------
    by
        What a source is.
    sources
        Those with at least 100 shots, the largest first; fewer than two where there is nothing to compare.
    more
        How many others there are.
    rows
        One a feature; none where there is nothing to compare.
    notable
        Distances above :data:`NOTABLE`, the largest first.
    """

    by: Literal["feed", "competition"]
    sources: tuple[Source, ...]
    more: int
    rows: tuple[SourceRow, ...]
    notable: tuple[NotableDistance, ...]


def source_differences(shots: pd.DataFrame, model: Model) -> SourceDifferences:
    """Whether the sources measure the same: a model that learned from one and scores another relies on it."""
    cut = without_penalties(shots)
    by_feed = len(cut["provider"].unique()) > 1
    label = (cut["provider"].astype(str) if by_feed else season_label(cut)).to_numpy()
    names, counts = np.unique(label, return_counts=True)
    large = [
        Source(str(names[i]), int(counts[i]))
        for i in np.argsort(-counts, kind="stable")
        if counts[i] >= _MIN_SHOTS
    ]
    sources = tuple(large[:_SHOWN])
    rows = (
        tuple(_row(cut, label, sources, feature) for feature in model["features"]) if len(sources) > 1 else ()
    )
    return SourceDifferences(
        by="feed" if by_feed else "competition",
        sources=sources,
        more=len(names) - len(sources),
        rows=rows,
        notable=tuple(sorted(_notable(rows, sources), key=lambda row: -row.distance)),
    )


def _row(cut: pd.DataFrame, label: "np.ndarray", sources: tuple[Source, ...], feature: Feature) -> SourceRow:
    value = floats(cut[feature["name"]])
    return SourceRow(
        feature, tuple(_cell(value, label == source.name, feature["kind"]) for source in sources)
    )


def _notable(rows: tuple[SourceRow, ...], sources: tuple[Source, ...]) -> list[NotableDistance]:
    return [
        NotableDistance(row.feature["label"], source.name, cell.distance)
        for row in rows
        for source, cell in zip(sources, row.cells, strict=True)
        if cell.distance is not None and cell.distance > NOTABLE
    ]


def _cell(value: FloatArray, own: BoolArray, kind: str) -> SourceCell:
    missing = np.isnan(value)
    here, others = value[own & ~missing], value[~own & ~missing]
    return SourceCell(
        middle=_middle(here, kind),
        missing=float(missing[own].mean()),
        distance=distance(here, others, kind) if len(here) and len(others) else None,
    )


def _middle(value: FloatArray, kind: str) -> float | None:
    if len(value) == 0:
        return None
    if kind == "binary":
        return float((value > 0).mean())
    if kind == "category":
        values, counts = np.unique(value, return_counts=True)
        return float(values[counts.argmax()])
    return float(np.median(value))
