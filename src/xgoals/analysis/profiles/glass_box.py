"""A glass-box peer's curves beside the model's: both in log-odds, both 0 on average over the same shots."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.profiles.grid import Grid
from xgoals.analysis.shots import FloatArray


@dataclass(frozen=True, eq=False)
class TwoShapes:
    """What values of a feature add, shape (g,) each: the model's partial dependence, and the peer's own curve.

    ``apart`` is how far they lie from each other at the mean shot, in log-odds.
    """

    model: FloatArray
    peer: FloatArray
    apart: float


def two_shapes(grid: Grid, log_odds: FloatArray, steps: pd.DataFrame) -> TwoShapes | None:
    """Both curves of one feature; None where the peer has none.

    Parameters
    ----------
    log_odds
        The model's, of every shot along the grid, (n, g).
    steps
        The peer's, as :func:`xgoals.store.evaluations.read_glass_box` returns them.
    """
    own = steps[(steps["feature"] == grid.feature["name"]) & (steps["step"] > 0)]
    if own.empty:
        return None
    ends = own["value_to"].to_numpy(dtype=np.float64)[:-1]  # the last one is open
    peer = own["log_odds"].to_numpy(dtype=np.float64)[np.searchsorted(ends, grid.points, side="right")]
    model, peer = (_centred(curve, grid) for curve in (log_odds.mean(axis=0), peer))
    return TwoShapes(model, peer, float(np.average(np.abs(model - peer), weights=grid.shares)))


def _centred(curve: FloatArray, grid: Grid) -> FloatArray:
    return np.asarray(curve - np.average(curve, weights=grid.shares))
