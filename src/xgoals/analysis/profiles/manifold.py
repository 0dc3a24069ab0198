"""Where a curve leaves the shots that there are: a value of a feature makes them unlike any learned from."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xgoals.analysis.profiles.grid import Grid
from xgoals.analysis.shots import FloatArray
from xgoals.model.seen.support import FEW, Support

MAX_SHARE = 0.25
"""Where more of the shots than this would be unlike any, pages hatch the curve."""
N_ASKED = 120
"""Shots that are asked: a share is known to 9 points then."""


def off_manifold(shots: pd.DataFrame, support: Support, grids: Mapping[str, Grid]) -> dict[str, FloatArray]:
    """At each value of each grid, the share of shots that have fewer than ``FEW`` like them once they are given it.

    Parameters
    ----------
    shots
        The model's features by name; evenly spread ones of them are asked.
    support
        The shots that the model has learned from.

    Returns
    -------
    dict
        Feature -> shape (g,).
    """
    asked = shots.iloc[np.unique(np.linspace(0, len(shots) - 1, N_ASKED).round().astype(int))]
    alike = support.alike_along(asked, {name: grid.points for name, grid in grids.items()})
    return {name: (counts < FEW).mean(axis=0) for name, counts in alike.items()}
