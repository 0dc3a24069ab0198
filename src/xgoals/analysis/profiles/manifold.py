"""Where a curve leaves the shots that there are: a value of a feature makes them unlike any learned from."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
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
        The model's features by name; evenly spread ones of those that have a value of the feature are asked, at least
        one has.
    support
        The shots that the model has learned from.

    Returns
    -------
    dict
        Feature -> shape (g,).
    """
    alike: dict[str, npt.NDArray[np.int64]] = {}
    for names in _known_together(shots, grids):
        known = shots[shots[names[0]].notna()]
        asked = known.iloc[np.unique(np.linspace(0, len(known) - 1, N_ASKED).round().astype(int))]
        alike |= support.alike_along(asked, {name: grids[name].points for name in names})
    return {name: (alike[name] < FEW).mean(axis=0) for name in grids}


def _known_together(shots: pd.DataFrame, names: Iterable[str]) -> Iterable[list[str]]:
    """Features that the same shots have values of: most often all of them, and one search does."""
    found: dict[bytes, list[str]] = {}
    for name in names:
        found.setdefault(shots[name].notna().to_numpy().tobytes(), []).append(name)
    return found.values()
