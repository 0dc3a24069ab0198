"""A peer that can be read like a table: an explainable boosting machine (EBM), a sum of one curve a feature.

What the model gains over it is what features do together; where both say the same of a feature, its curve is no
peculiarity of trees (Nori et al. 2019, after Lou et al. 2012). It learns from the same shots in the same folds, without
pairs of features: with the ten strongest pairs a fit takes four times as long (docs/models.md has what they gain).
"""

import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.model.folds import FloatArray, Folds
from xgoals.model.shots.eligible import teaches

if TYPE_CHECKING:
    from interpret.glassbox import ExplainableBoostingClassifier

log = logging.getLogger(__name__)

MIN_SHOTS = 5_000
"""Of fewer shots, half a season of a league, the difference of two good models is chance."""
OUTER_BAGS = 4
"""Fits that are averaged: each leaves out other shots to know when to stop."""
MAX_SHAPE_BINS = 64
"""So many steps a curve has at most where it is shown; what predicts has the library's own 1024."""


@dataclass(frozen=True, slots=True)
class ShapeStep:
    """A step of a feature's curve.

    Attributes
    ----------
    value_from, value_to
        The values that it is of, the latter not among them; None: open. Both None: the missing value.
    log_odds
        What they add; over the shots that it has learned from, a feature adds 0 on average.
    sd
        Of that over the fits that are averaged.
    n_shots
        How many such shots it has learned from.
    """

    feature: str
    value_from: float | None
    value_to: float | None
    log_odds: float
    sd: float
    n_shots: int


@dataclass(frozen=True)
class GlassBox:
    """What the peer says.

    Attributes
    ----------
    predicted
        Probabilities by fits that have not seen the match, shape (n,); NaN in no fold. All NaN without a peer.
    shape
        The curves of one fit on all shots; none without a peer.
    note
        Why there is no peer; None if there is one.
    """

    predicted: FloatArray
    shape: tuple[ShapeStep, ...] = ()
    note: str | None = None


def glass_box(frame: pd.DataFrame, feature_names: Sequence[str], folds: Folds, *, seed: int) -> GlassBox:
    """Fit the peer in every fold and once on all shots. Never fails: without a peer its note says why.

    Parameters
    ----------
    frame
        Features and ``is_goal``, in the order of :func:`xgoals.model.training.in_order`: the same shots and seed make
        the same peer.
    folds
        Those that the model is judged by.
    """
    nothing = np.full(len(frame), np.nan)
    if len(frame) < MIN_SHOTS:
        return GlassBox(
            nothing, note=f"{len(frame)} shots: fewer than {MIN_SHOTS}, too few for a glass-box peer"
        )
    try:
        return _fitted(frame, [name for name in feature_names if frame[name].notna().any()], folds, seed)
    except (
        Exception
    ) as error:  # a yardstick that breaks, or is not installed, must not cost the night's training
        log.warning("no glass-box peer", exc_info=True)
        return GlassBox(nothing, note=f"the glass-box peer failed ({type(error).__name__}: {error})")


def _fitted(frame: pd.DataFrame, names: list[str], folds: Folds, seed: int) -> GlassBox:
    X, goal = frame[names].astype(np.float64), frame["is_goal"].to_numpy().astype(int)
    taught = teaches(frame)
    predicted = np.full(len(frame), np.nan)
    for train, test in folds:
        learn = train[taught[train]]
        peer = _fit(X.iloc[learn], goal[learn], seed)
        predicted[test] = peer.predict_proba(X.iloc[test])[:, 1]
    whole = _fit(X[taught], goal[taught], seed, max_bins=MAX_SHAPE_BINS)
    return GlassBox(predicted, tuple(step for n in range(len(names)) for step in _steps(whole, names[n], n)))


def _fit(X: pd.DataFrame, goal: npt.NDArray[Any], seed: int, **more: int) -> "ExplainableBoostingClassifier":
    from interpret.glassbox import ExplainableBoostingClassifier

    peer = ExplainableBoostingClassifier(
        feature_types=["continuous"] * X.shape[1],  # codes have an order here as in the model
        interactions=0,
        outer_bags=OUTER_BAGS,
        random_state=seed,
        n_jobs=1,
        **more,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that its own charts, which nobody draws, do not show missing values
        return peer.fit(X, goal)


def _steps(peer: "ExplainableBoostingClassifier", feature: str, n: int) -> list[ShapeStep]:
    """The missing value, where there was one, and the steps in ascending order.

    The library keeps the missing value first and values never seen last.
    """
    cuts = [float(cut) for cut in peer.bins_[n][0]]
    of_bin = zip(peer.term_scores_[n], peer.standard_deviations_[n], peer.bin_weights_[n], strict=True)
    missing, *steps = [(float(score), float(sd), round(float(shots))) for score, sd, shots in of_bin][:-1]
    edges = zip([None, *cuts], [*cuts, None], steps, strict=True)
    found = [ShapeStep(feature, low, high, *step) for low, high, step in edges]
    return ([ShapeStep(feature, None, None, *missing)] if missing[2] else []) + found
