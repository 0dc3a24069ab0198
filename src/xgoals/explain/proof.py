"""The booster's own word: what it predicts itself, beside what was read out of it and what was explained.

Whatever of a booster is read wrongly (a new version of XGBoost writes a field differently, an unknown kind of tree
weight) gives explanations that add up beautifully, to another model. So the trees are asked for a few made-up rows
when they are read, and a sample of the explained rows is predicted by the booster itself.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import xgboost as xgb
from numpy.typing import NDArray

from xgoals.domain.errors import ModelError

Space = Literal["probability", "log_odds"]
N_PROBES = 64
N_SAMPLE = 256
"""Rows of a call that are compared, evenly spread over all of them."""
MARGIN_TOLERANCE = 2e-5
MOST_TOLERANCE = 0.05
"""In log-odds. Where XGBoost's own sums may be off by more its predictions are noise, and agree with anything."""
PROBABILITY_ROUNDING = 2e-7
_PROBES_SEED = 0
_MISSING_SHARE = 0.1


def margin_tolerance(n_trees: int, largest: float) -> float:
    """By how much a float32 sum may be off in log-odds, whose terms and partial sums are at most ``largest``.

    Raises
    ------
    ModelError
        If that is more than `MOST_TOLERANCE`: leaves of real models are below 10.
    """
    tolerance = MARGIN_TOLERANCE + n_trees * largest * float(np.finfo(np.float32).eps) / 2
    if not tolerance <= MOST_TOLERANCE:
        raise ModelError(
            f"Cannot explain this model: its {n_trees} trees have log-odds of up to {largest:.3g}, of which "
            f"XGBoost's own sums are off by up to {tolerance:.3g}",
            advice="Its leaves are damaged, or it was trained without a limit on them: train it again",
        )
    return tolerance


def probes(
    feature: NDArray[np.int32], threshold: NDArray[np.float32], n_features: int
) -> NDArray[np.float32]:
    """Rows that lead into many leaves: thresholds and what lies below, and missing values; always the same ones.

    Parameters
    ----------
    feature, threshold
        Of every node; the feature is negative at leaves.

    Returns
    -------
    array (N_PROBES, n_features)
    """
    rng = np.random.default_rng(_PROBES_SEED)
    rows = np.zeros((N_PROBES, n_features), np.float32)
    for column in range(n_features):
        known = np.unique(threshold[feature == column])
        known = known[np.abs(known) < np.finfo(np.float32).max / 2]
        if len(known):
            below = known - np.maximum(np.abs(known), 1) * np.float32(1e-4)
            rows[:, column] = rng.choice(np.concatenate([known, below]), N_PROBES)
    rows[rng.random(rows.shape) < _MISSING_SHARE] = np.nan
    return rows


def sigmoid(margin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of log-odds; 0 where they are too small for one."""
    return np.asarray(1 / (1 + np.exp(-np.maximum(margin, -700.0))))


def sample_of(n: int) -> NDArray[np.intp]:
    """Numbers of the rows that are compared: all of a few, else the first, the last and others between."""
    return np.unique(np.linspace(0, n - 1, min(n, N_SAMPLE)).astype(np.intp))


def check_against_booster(
    booster: xgb.Booster,
    rows: NDArray[np.float32],
    claimed: Mapping[Space, NDArray[np.float64]],
    *,
    tolerance: float,
    what: str,
    row_numbers: NDArray[np.intp] | None = None,
) -> None:
    """Compare what is claimed of rows with what the booster predicts of them, in one space or both.

    Parameters
    ----------
    rows, claimed
        (n, F) rows, and (n,) predictions by the space that they are in.
    tolerance
        What float32 sums may be off, in log-odds.
    what
        What claims it, for the message.
    row_numbers
        The rows' numbers where they are a sample.

    Raises
    ------
    ModelError
        If one of them differs by more; names the row and the difference.
    """
    if not len(rows):
        return
    matrix = xgb.DMatrix(rows, feature_names=booster.feature_names, feature_types=booster.feature_types)
    for space, values in claimed.items():
        predicted = booster.predict(matrix, output_margin=space == "log_odds").astype(np.float64)
        # A probability moves by a quarter of its log-odds at most.
        allowed = tolerance if space == "log_odds" else tolerance / 4 + PROBABILITY_ROUNDING
        if predicted.shape != values.shape:
            raise ModelError(f"The booster predicts shape {predicted.shape}, {what} shape {values.shape}")
        gap = np.abs(values - predicted)
        if (gap <= allowed).all():  # NaN is no agreement
            continue
        worst = int(np.argmax(np.nan_to_num(gap, nan=np.inf)))
        raise ModelError(
            f"Cannot explain this model: {what} and the booster's own prediction differ by {gap[worst]:.3g} in "
            f"{space} (allowed {allowed:.2g}): {values[worst]:.6g} against {predicted[worst]:.6g}",
            where=f"row {worst if row_numbers is None else row_numbers[worst]}",
            advice=f"XGBoost {xgb.__version__} means something by this model that is not read; use none of it",
        )
