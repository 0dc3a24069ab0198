"""Exact values double their time with each feature that varies: a job that would take days is refused beforehand."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.errors import ModelError
from xgoals.explain.forest import Forest

_FEW = 20
"""So many features at most take no time worth mentioning, whatever their values."""
_COALITIONS_A_SECOND = 5e7
_MOST_S = 4 * 3600.0


def refuse_what_never_ends(
    forest: Forest, X: pd.DataFrame, baseline: npt.NDArray[np.float64], advice: str
) -> None:
    """Count the coalitions of exact values in probability, and refuse what would take hours.

    Parameters
    ----------
    baseline
        (m, F) baseline rows.

    Raises
    ------
    ModelError
        With how long it would take, roughly.
    """
    if forest.n_features <= _FEW:
        return
    k = np.stack([n_varying(forest, X.to_numpy(np.float64), row) for row in baseline])
    seconds = float(np.exp2(k.astype(np.float64)).sum()) / _COALITIONS_A_SECOND
    if seconds > _MOST_S:
        raise ModelError(
            f"exact values would take about {seconds / 3600:,.0f} hours: rows differ from the baseline in up to "
            f"{k.max()} features that the model tells apart, and each one doubles the time",
            advice=advice,
        )


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
