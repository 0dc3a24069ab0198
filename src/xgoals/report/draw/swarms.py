"""Beeswarms on a page: one strip a feature, over all shots or side by side for seasons and clubs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.importance import FeatureImportance
from xgoals.analysis.shots import FloatArray, attributions, without_penalties
from xgoals.report.draw.beeswarm import png, shades, strip_pixels, ticks
from xgoals.report.draw.figures import Missing
from xgoals.report.facts import Facts

_SMALL_WIDTH, _SMALL_HEIGHT = 150, 26
_MOST_COLUMNS = 8
_INNER_PCT = (0.25, 99.75)
"""Strips side by side show this part of the values; what lies beyond stands at the edge."""


@dataclass(frozen=True)
class Swarm:
    """Strips of a beeswarm on one common axis.

    Attributes
    ----------
    strips
        Feature name -> ``data:`` address of its picture.
    zero_pct
        Where 0 lies, in per cent of the width.
    ticks
        (value, place in per cent) of the axis.
    """

    strips: dict[str, str]
    zero_pct: float
    ticks: list[tuple[float, float]]


@dataclass(frozen=True)
class SwarmGrid:
    """The same strips for several parts of the shots, a column each.

    Attributes
    ----------
    columns
        ``name, n`` and ``strips`` (feature name -> ``data:`` address) of each part.
    zero_pct, ticks
        As of :class:`Swarm`.
    """

    columns: list[Facts]
    zero_pct: float
    ticks: list[tuple[float, float]]


def swarm_of_all(shots: pd.DataFrame, ranked: Sequence[FeatureImportance]) -> Swarm | Missing:
    """A strip for each feature over all shots without penalties."""
    cut = without_penalties(shots)
    names = [feature.name for feature in ranked]
    if cut.empty or not names:
        return Missing("swarm", "no shot without penalties is explained")
    features = cut[names].to_numpy(dtype=float)
    return swarm(attributions(cut, names), features, names, [feature.kind for feature in ranked])


def swarm(values: FloatArray, features: FloatArray, names: list[str], kinds: list[str]) -> Swarm:
    """A strip for each feature.

    Parameters
    ----------
    values, features
        Attributions and feature values, shape (shots, len(names)).
    names, kinds
        Of each column; a ``"category"`` has no low and high and is painted in one colour.
    """
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    strips = {}
    for i, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        shade = None if kind == "category" else shades(features[:, i])
        strips[name] = png(strip_pixels(values[:, i], shade, low=low, high=high))
    return Swarm(strips, _zero(low, high), ticks(low, high))


def swarm_grid(
    shots: pd.DataFrame, ranked: Sequence[FeatureImportance], part: Sequence[str], wanted: Sequence[str]
) -> SwarmGrid:
    """Strips side by side for the first eight of the wanted parts.

    Parameters
    ----------
    shots
        The frame of shots, without penalties.
    ranked
        The features to show, in their order.
    part
        The season or club of each shot, shape (shots,).
    wanted
        Names of the parts to show, in their order.
    """
    names = [feature.name for feature in ranked]
    values = attributions(shots, names)
    low, high = _inner(values)
    shade = [
        None if feature.kind == "category" else shades(shots[feature.name].to_numpy(dtype=float))
        for feature in ranked
    ]
    label, columns = np.asarray(part), []
    for name in wanted[:_MOST_COLUMNS]:
        own = label == name
        strips = {}
        for i, feature in enumerate(names):
            of_feature = shade[i]
            pixels = strip_pixels(
                np.clip(values[own, i], low, high),
                None if of_feature is None else of_feature[own],
                low=low,
                high=high,
                width=_SMALL_WIDTH,
                height=_SMALL_HEIGHT,
            )
            strips[feature] = png(pixels)
        columns.append({"name": name, "n": int(own.sum()), "strips": strips})
    return SwarmGrid(columns, _zero(low, high), ticks(low, high, most=3))


def _inner(values: FloatArray) -> tuple[float, float]:
    """The widest inner range of any feature, 0 among it."""
    edges = np.percentile(values, _INNER_PCT, axis=0)
    return min(float(edges[0].min()), 0.0), max(float(edges[1].max()), 0.0)


def _zero(low: float, high: float) -> float:
    return 100 * -low / (high - low if high > low else 1.0)
