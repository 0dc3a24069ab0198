"""The mean of many shots' curves, and how sure it is: matches are the unit, for shots of one share much."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit  # quantiles of Student's t; scipy.stats takes a second to import

from xgoals.analysis.shots import FloatArray
from xgoals.model.resampling import clustered_error


@dataclass(frozen=True, eq=False)
class MeanCurve:
    """A mean curve with its 95 % interval; the latter NaN where one match alone tells.

    The interval is of which matches were played, not of how the model was fitted.

    Attributes
    ----------
    mean, low, high
        Shape (g,).
    """

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    n_shots: int
    n_matches: int


def mean_curve(curves: FloatArray, match: npt.NDArray[np.intp]) -> MeanCurve:
    """The mean of curves (n, g) of shots of these matches, n at least one."""
    mean, n_matches = curves.mean(axis=0), len(np.unique(match))
    if n_matches < 2:
        unknown = np.full(len(mean), np.nan)
        return MeanCurve(mean, unknown, unknown, len(curves), n_matches)
    half = float(stdtrit(n_matches - 1, 0.975)) * clustered_error(curves, match)
    return MeanCurve(mean, mean - half, mean + half, len(curves), n_matches)
