"""A feature as the model report shows it: everybody's mean curve, single shots' curves, support and peer."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.profiles.curves import Curves
from xgoals.analysis.profiles.everybody import Everybody, EverybodysCurve
from xgoals.analysis.profiles.glass_box import TwoShapes, two_shapes
from xgoals.analysis.shots import FloatArray

N_SINGLE = 16
"""Single shots whose curves are drawn: evenly spread from the smallest xG to the largest."""


@dataclass(frozen=True, eq=False)
class FeatureProfile:
    """One feature.

    Attributes
    ----------
    single
        Curves of single shots, shape (k, g).
    shapes
        Beside the glass-box peer; None without one.
    """

    everybody: EverybodysCurve
    single: FloatArray
    shapes: TwoShapes | None


def feature_profiles(
    everybody: Everybody, curves: Curves, xg: FloatArray, steps: pd.DataFrame
) -> dict[str, FeatureProfile]:
    """By feature.

    Parameters
    ----------
    everybody
        As :func:`xgoals.analysis.profiles.everybody.everybody_of` makes it of the curves.
    xg
        What the model says of the shots as they are, (n,).
    steps
        As for :func:`xgoals.analysis.profiles.glass_box.two_shapes`.
    """
    return {
        name: FeatureProfile(
            everybody[name],
            curves.xg(name)[_spread(xg[curves.shot[name]])],
            two_shapes(grid, curves.log_odds[name][:, :-1], steps),
        )
        for name, grid in curves.grids.items()
    }


def _spread(xg: FloatArray) -> npt.NDArray[np.intp]:
    """Places of single shots, evenly from the smallest xG to the largest."""
    by_size = np.argsort(xg, kind="stable")
    return np.asarray(by_size[np.unique(((np.arange(N_SINGLE) + 0.5) / N_SINGLE * len(xg)).astype(int))])
