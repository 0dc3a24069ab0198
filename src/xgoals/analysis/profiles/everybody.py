"""The mean curves of all shots, which every group stands beside: worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.analysis.profiles.curves import Curves
from xgoals.analysis.profiles.grid import Grid
from xgoals.analysis.profiles.manifold import MAX_SHARE
from xgoals.analysis.profiles.mean_curve import MeanCurve, mean_curve
from xgoals.analysis.shots import BoolArray, FloatArray
from xgoals.model.resampling import clustered_error


@dataclass(frozen=True, eq=False)
class EverybodysCurve:
    """One feature of all shots that have a value of it.

    Attributes
    ----------
    curve
        Partial dependence, in xG.
    at_missing
        The same, were the value missing.
    off
        The share of shots that each value makes unlike any learned from, shape (g,).
    is_on_map
        Whether two usual values at least are no such ones for more than ``MAX_SHARE``: else nothing is compared.
    worst, best
        The places in the grid where it is lowest and highest among these values; without them among the usual ones.
    xg, match
        The curves that it is the mean of, (n, g), and the matches of their shots, (n,).
    """

    grid: Grid
    curve: MeanCurve
    at_missing: float
    off: FloatArray
    is_on_map: bool
    worst: int
    best: int
    xg: FloatArray
    match: npt.NDArray[np.intp]

    def ends(self, on_map: BoolArray) -> tuple[int, int]:
        """Where it is lowest and highest among these places of the grid, (g,); its own ends where there are no two."""
        if int(on_map.sum()) < 2:
            return self.worst, self.best
        asked = np.where(on_map, self.curve.mean, np.nan)
        return int(np.nanargmin(asked)), int(np.nanargmax(asked))


Everybody = Mapping[str, EverybodysCurve]
"""By feature."""


def everybody_of(curves: Curves, off: Mapping[str, FloatArray]) -> Everybody:
    """What groups are compared with; ``off`` as :func:`xgoals.analysis.profiles.manifold.off_manifold` finds it."""
    return {name: _curve(curves, name, grid, off[name]) for name, grid in curves.grids.items()}


def _curve(curves: Curves, name: str, grid: Grid, off: FloatArray) -> EverybodysCurve:
    xg = curves.xg(name)
    match = curves.match_of(name)
    curve = mean_curve(xg, match)
    on_map = grid.is_usual & (off <= MAX_SHARE)
    is_on_map = int(on_map.sum()) > 1
    asked = np.where(on_map if is_on_map else grid.is_usual, curve.mean, np.nan)
    asked = curve.mean if np.isnan(asked).all() else asked
    worst, best = int(np.nanargmin(asked)), int(np.nanargmax(asked))
    missing = float(curves.xg_at_missing(name).mean())
    return EverybodysCurve(grid, curve, missing, off, is_on_map, worst, best, xg, match)


def swing(xg: FloatArray, match: npt.NDArray[np.intp], worst: int, best: int) -> tuple[float, float]:
    """By how much the mean of curves (n, g) rises between two places, and its standard error; NaN for one match."""
    rise = (xg[:, best] - xg[:, worst])[:, None]
    is_one_match = len(np.unique(match)) < 2
    return float(rise.mean()), float("nan") if is_one_match else float(clustered_error(rise, match)[0])
