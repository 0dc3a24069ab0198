"""The mean curves of all shots, which every group stands beside: worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xgoals.analysis.profiles.curves import Curves
from xgoals.analysis.profiles.grid import Grid
from xgoals.analysis.profiles.mean_curve import MeanCurve, mean_curve
from xgoals.analysis.shots import FloatArray
from xgoals.model.resampling import clustered_error


@dataclass(frozen=True, eq=False)
class EverybodysCurve:
    """One feature of all shots.

    Attributes
    ----------
    curve
        Partial dependence, in xG.
    at_missing
        The same, were the value missing.
    worst, best
        The places in the grid of its lowest and highest usual value.
    swing, swing_error
        By how much xG rises from one to the other, and its standard error with matches as the unit.
    """

    grid: Grid
    curve: MeanCurve
    at_missing: float
    worst: int
    best: int
    swing: float
    swing_error: float


Everybody = Mapping[str, EverybodysCurve]
"""By feature."""


def everybody_of(curves: Curves) -> Everybody:
    """What groups are compared with."""
    return {name: _curve(curves, name, grid) for name, grid in curves.grids.items()}


def _curve(curves: Curves, name: str, grid: Grid) -> EverybodysCurve:
    xg = curves.xg(name)
    curve = mean_curve(xg, curves.match)
    usual = np.where(grid.is_usual, curve.mean, np.nan)
    asked = curve.mean if np.isnan(usual).all() else usual
    worst, best = int(np.nanargmin(asked)), int(np.nanargmax(asked))
    rise, error = swing(xg, curves, worst, best)
    return EverybodysCurve(grid, curve, float(curves.xg_at_missing(name).mean()), worst, best, rise, error)


def swing(xg: FloatArray, curves: Curves, worst: int, best: int) -> tuple[float, float]:
    """By how much the mean of curves (n, g) rises between two places, and its standard error; NaN for one match."""
    rise = (xg[:, best] - xg[:, worst])[:, None]
    is_one_match = len(np.unique(curves.match)) < 2
    return float(rise.mean()), float("nan") if is_one_match else float(clustered_error(rise, curves.match)[0])
