"""The curve of every single shot along every feature, by a booster that has not seen its match."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.profiles.grid import Grid
from xgoals.analysis.shots import FloatArray, match_codes
from xgoals.explain.forest import Forest
from xgoals.explain.partial import partial_dependences
from xgoals.explain.proof import sigmoid
from xgoals.model.artifact import by_sister

ForestOf = Callable[[int], Forest]
"""The trees of a sister, by her number; 0: the champion's."""


@dataclass(frozen=True, eq=False)
class Curves:
    """What a model says of n shots, were one feature another: of those that have a value of it.

    What nobody saw of a shot cannot be different: with a value beside all that is missing it would be like no shot.

    Attributes
    ----------
    grids
        By feature.
    log_odds
        By feature, shape (m, g + 1): at each value of its grid, and at the missing one.
    match
        The match of each shot as a number, (n,).
    shot
        By feature: which of the shots its m curves are of, (m,).
    """

    grids: Mapping[str, Grid]
    log_odds: Mapping[str, FloatArray]
    match: npt.NDArray[np.intp]
    shot: Mapping[str, npt.NDArray[np.intp]]

    def match_of(self, feature: str) -> npt.NDArray[np.intp]:
        """The match of each of a feature's curves, (m,)."""
        return self.match[self.shot[feature]]

    def xg(self, feature: str) -> FloatArray:
        """Probabilities along a feature's grid, (m, g): the shots' ICE curves."""
        return sigmoid(self.log_odds[feature][:, :-1])

    def xg_at_missing(self, feature: str) -> FloatArray:
        """Probabilities, were its value missing, (m,)."""
        return sigmoid(self.log_odds[feature][:, -1])


def curves_of(
    shots: pd.DataFrame, feature_names: Sequence[str], forest_of: ForestOf, grids: Mapping[str, Grid]
) -> Curves:
    """The curves of shots.

    Parameters
    ----------
    shots
        The model's features by name, ``sister`` (who has not seen the match), ``match_id`` and, where it is told,
        ``provider``.
    feature_names
        All that the model asks about, in its order.
    grids
        Of some of them.
    """
    place = {name: feature_names.index(name) for name in grids}
    asked = {place[name]: np.append(grid.points, np.nan) for name, grid in grids.items()}
    rows = shots[list(feature_names)].to_numpy(dtype=np.float64, na_value=np.nan)
    found = {name: np.empty((len(shots), len(grid.points) + 1)) for name, grid in grids.items()}
    for sister, own in by_sister(shots["sister"].to_numpy(dtype=np.int64)):
        said = partial_dependences(forest_of(sister), rows[own], asked, space="log_odds")
        for name, column in place.items():
            found[name][own] = said[column].curves
    known = {name: np.flatnonzero(~np.isnan(rows[:, column])) for name, column in place.items()}
    return Curves(grids, {name: found[name][known[name]] for name in grids}, match_codes(shots), known)
