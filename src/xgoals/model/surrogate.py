"""A model of another's numbers: the provider's xG as far as our features can say it.

It learns the provider's log-odds, by squares, and ends in a sigmoid like every model here, so that whatever explains
ours explains it. As the champion has sisters, it has: each shot is told by one that has not seen its match, and what is
left is what the features cannot say, not what was forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.model.fitting import binned, in_own_order
from xgoals.model.losses import log_odds, probability

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MIN_SHOTS = 1000
"""Of fewer shots with the provider's own xG no surrogate is fitted."""
LOWEST_XG = 0.001
"""Numbers closer to 0 or 1 count as this far from it: squares in log-odds would see nothing but them."""
N_TREES = 120
PARAMETERS = {
    "objective": "reg:logistic", "tree_method": "hist", "max_bin": 256, "max_depth": 6, "eta": 0.12,
    "colsample_bynode": 0.5, "min_child_weight": 5, "nthread": 1,
}  # fmt: skip
EVERYBODY = 0
"""The number of the surrogate that has learned from all matches: it tells those that came later."""


@dataclass(frozen=True, slots=True)
class Surrogate:
    """The provider's xG, as our features say it.

    Attributes
    ----------
    boosters
        By sister: 0 has learned from every match, n from all but those that sister n has not seen.
    r2
        Share of the variance of the provider's log-odds that it tells of matches it has not seen.
    average_xg
        The mean of what it tells of them.
    n_shots
        How many shots that is measured on.
    """

    boosters: Mapping[int, xgboost.Booster]
    r2: float
    average_xg: float
    n_shots: int


def fit_surrogate(
    X: pd.DataFrame, provider_xg: FloatArray, sister: IntArray, *, seed: int = 0
) -> Surrogate | None:
    """Fit a surrogate and its sisters.

    Parameters
    ----------
    X
        Features of n shots without penalties, as the champion reads them.
    provider_xg
        The provider's numbers, (n,).
    sister
        Which sister has not seen the shot's match, (n,), from 1 on.

    Returns
    -------
    Surrogate or None
        None where there are fewer than ``MIN_SHOTS``, fewer than two sisters, or the provider always says the same.
    """
    target = log_odds(np.clip(provider_xg, LOWEST_XG, 1 - LOWEST_XG))
    numbers = np.unique(sister).tolist()
    if len(X) < MIN_SHOTS or len(numbers) < 2 or target.min() == target.max():
        return None
    boosters = {EVERYBODY: _fit(X, target, seed)}
    told = np.empty(len(X))
    for number in numbers:
        unseen = sister == number
        boosters[number] = _fit(X[~unseen], target[~unseen], seed)
        rows = xgboost.DMatrix(X[unseen].astype(np.float32))
        told[unseen] = boosters[number].predict(rows, output_margin=True)
    r2 = 1 - np.square(target - told).sum() / np.square(target - target.mean()).sum()
    return Surrogate(boosters, float(r2), float(probability(told).mean()), len(X))


def _fit(X: pd.DataFrame, target: FloatArray, seed: int) -> xgboost.Booster:
    """Trees whose margin is the target's mean at the least squares."""
    X, target = in_own_order(X.astype(np.float32), target)
    mean = 1 / (1 + np.exp(-target.mean()))
    matrix = binned(X, target, PARAMETERS)

    def squares(margin: FloatArray, _: xgboost.DMatrix) -> tuple[FloatArray, FloatArray]:
        """Gradient and curvature of half the squared error in log-odds."""
        return margin - target, np.ones_like(margin)

    parameters = PARAMETERS | {"base_score": float(mean), "seed": seed}
    return xgboost.train(parameters, matrix, N_TREES, obj=squares)
