"""How sure a figure is: resampling whole matches, because shots of one match are not independent."""

from typing import Any

import numpy as np
import numpy.typing as npt

from xgoals.report.shot_frame import FloatArray

_CHUNK = 50
_EPSILON = 1e-7


def wilson_interval(hits: float, n: float, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % score interval of a rate: honest for few shots and for rates near 0 or 1.

    Returns
    -------
    (low, high)
        ``(0, 1)`` where there is no shot at all.

    Notes
    -----
    Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    if n == 0:
        return 0.0, 1.0
    rate = hits / n
    centre = rate + z**2 / (2 * n)
    spread = z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return float(max(0.0, (centre - spread) / scale)), float(min(1.0, (centre + spread) / scale))


def weighted_auc(prediction: FloatArray, goal: FloatArray, weights: FloatArray) -> FloatArray:
    """Area under the ROC curve for each row of weights, ties counting half.

    Parameters
    ----------
    prediction, goal
        Shape (n,); goal is 0 or 1.
    weights
        Shape (resamples, n): how often each shot was drawn.

    Returns
    -------
    array (resamples,)
        NaN where a resample has no goal or only goals.
    """
    order = np.argsort(prediction, kind="stable")
    ranked = prediction[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    drawn = weights[:, order]
    goals = np.add.reduceat(drawn * goal[order], starts, axis=1)
    misses = np.add.reduceat(drawn * (1 - goal[order]), starts, axis=1)
    below = np.cumsum(misses, axis=1) - misses / 2
    pairs = goals.sum(axis=1) * misses.sum(axis=1)
    return np.asarray((goals * below).sum(axis=1) / np.where(pairs == 0, np.nan, pairs))


def log_losses(prediction: FloatArray, goal: FloatArray) -> FloatArray:
    """Log loss of each shot, in nats; predictions of exactly 0 or 1 are moved by 1e-7."""
    p = np.clip(prediction, _EPSILON, 1 - _EPSILON)
    return np.asarray(-(goal * np.log(p) + (1 - goal) * np.log(1 - p)))


def match_weights(match_ids: npt.ArrayLike, resamples: int, seed: int) -> FloatArray:
    """Draw matches with replacement: shape (resamples, shots), how often each shot was drawn."""
    _, match = np.unique(np.asarray(match_ids, dtype=str), return_inverse=True)
    n_matches = int(match.max()) + 1
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(n_matches, np.full(n_matches, 1 / n_matches), size=resamples)
    return np.asarray(draws[:, match], dtype=np.float64)


def metric_intervals(
    predictions: dict[str, FloatArray],
    goal: FloatArray,
    match_ids: npt.ArrayLike,
    *,
    resamples: int = 400,
    seed: int = 1,
) -> dict[str, dict[str, tuple[float, float]]]:
    """95 % intervals of AUC and log loss for each forecaster, and of the differences from the first.

    Parameters
    ----------
    predictions
        Name -> shape (n,), no NaN. The first is the model; the others are compared with it.
    goal, match_ids
        Shape (n,).

    Returns
    -------
    dict
        ``{name: {"auc": (low, high), "log_loss": (low, high)}}`` and, for each name but the first,
        ``"auc_difference"`` and ``"log_loss_difference"`` (first minus this one) from the same resamples.
    """
    weights = match_weights(match_ids, resamples, seed)
    chunks = [weights[start : start + _CHUNK] for start in range(0, resamples, _CHUNK)]
    samples: dict[str, dict[str, FloatArray]] = {}
    for name, prediction in predictions.items():
        losses = log_losses(prediction, goal)
        samples[name] = {
            "auc": np.concatenate([weighted_auc(prediction, goal, chunk) for chunk in chunks]),
            "log_loss": np.concatenate([chunk @ losses / chunk.sum(axis=1) for chunk in chunks]),
        }
    first = next(iter(samples))
    intervals: dict[str, dict[str, Any]] = {}
    for name, drawn in samples.items():
        intervals[name] = {metric: _interval(values) for metric, values in drawn.items()}
        if name != first:
            for metric, values in drawn.items():
                intervals[name][f"{metric}_difference"] = _interval(samples[first][metric] - values)
    return intervals


def _interval(values: FloatArray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return float("nan"), float("nan")
    low, high = np.percentile(finite, [2.5, 97.5])
    return float(low), float(high)


def clustered_error(values: FloatArray, match: npt.NDArray[np.intp]) -> FloatArray:
    """Standard error of the mean of each column, matches as independent units of unequal size.

    Parameters
    ----------
    values
        Shape (shots, features).
    match
        Shape (shots,): the match of each shot, as a number.

    Returns
    -------
    array (features,)
    """
    _, unit = np.unique(match, return_inverse=True)
    n_units = int(unit.max()) + 1
    off = values - values.mean(axis=0)
    sums = np.stack([np.bincount(unit, weights=column, minlength=n_units) for column in off.T], axis=1)
    return np.asarray(np.sqrt((sums**2).sum(axis=0) * n_units / (n_units - 1)) / len(values))
