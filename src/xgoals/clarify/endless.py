"""How long exact values will take: each feature that varies doubles the time of a row, each baseline row adds one.

A job that would take hours is refused beforehand, one that takes minutes says so.
"""

import logging
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.errors import ModelError
from xgoals.explain.forest import Forest

FEW = 20
"""With so many features at most some of the rows say how long all take."""
_SOME = 500
_A_ROW_S = 2e-5
_COALITIONS_A_SECOND = 2e8
"""Measured on models of 60 to 300 trees, 12 to 23 features."""
_LONG_S, _TOO_LONG_S = 60.0, 4 * 3600.0
_log = logging.getLogger(__name__)


def refuse_what_never_ends(
    forest: Forest, X: pd.DataFrame, baseline: npt.NDArray[np.float64], advice: str
) -> None:
    """Estimate the time of exact values in probability, refuse what would take hours, and log what takes minutes.

    Parameters
    ----------
    baseline
        (m, F) baseline rows.

    Raises
    ------
    ModelError
        With how long it would take, roughly, and why.
    """
    seconds, most = _estimate(forest, X, baseline)
    why = f"{len(X):,} rows against {len(baseline):,} baseline rows"
    if most > FEW:
        why += f", of which they differ in up to {most} features that the model tells apart"
    if seconds > _TOO_LONG_S:
        raise ModelError(
            f"exact values would take about {seconds / 3600:,.0f} hours ({why})",
            advice=f"Fewer baseline rows or clusters take less. {advice}",
        )
    if seconds > _LONG_S:
        _log.warning("exact values take about %.0f minutes of one core (%s)", seconds / 60, why)


def _estimate(forest: Forest, X: pd.DataFrame, baseline: npt.NDArray[np.float64]) -> tuple[float, int]:
    """CPU seconds, and the number of features in which a row differs at most (0 where that is not counted)."""
    pairs = len(X) * len(baseline)
    if pairs * _A_ROW_S > _TOO_LONG_S:
        return pairs * _A_ROW_S, 0
    rows = X.to_numpy(np.float64)
    if forest.n_features <= FEW:
        rows, baseline = _some(rows, _SOME), _some(baseline, _SOME // 20)
    k = np.stack([n_varying(forest, rows, row) for row in baseline])
    coalitions = float(np.exp2(k.astype(np.float64)).mean()) if k.size else 0.0
    return pairs * (_A_ROW_S + coalitions / _COALITIONS_A_SECOND), int(k.max(initial=0))


def _some(rows: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.float64]:
    """At most so many rows, from everywhere."""
    return rows[:: max(-(-len(rows) // most), 1)]


def n_varying(forest: Forest, X: npt.NDArray[Any], row: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """(n,) in how many features each row falls into another bin of the model's thresholds than the baseline row."""
    varying = np.zeros(len(X), np.int64)
    for feature in range(forest.n_features):
        thresholds = np.unique(forest.threshold[forest.feature == feature])
        if len(thresholds):
            values = np.append(X[:, feature], row[feature]).astype(np.float32)
            bins = np.searchsorted(thresholds, values, side="right")
            bins[np.isnan(values)] = -1  # a bin of its own
            varying += bins[:-1] != bins[-1]
    return varying
