"""The level of a provider: three numbers that are added to a model's log-odds on its shots.

Operators differ in what they call a shot and where they place it: a model that has learned from one provider's shots
ranks another's nearly as well, and promises too few goals, of headers above all. So a provider gets an intercept, and
something for headers and for direct free kicks, learnt from its own matches. The provider never is a feature.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.errors import ModelError
from xgoals.model.losses import probability
from xgoals.model.shots.eligible import has

FloatArray = npt.NDArray[np.float64]

PRIOR_SD = 0.5
"""In log-odds: how far headers and free kicks are expected to be from a provider's other shots. Fifty matches hold some
twenty headed goals and two or three from free kicks; a few goals must not move a kind by more than they can know."""
_MAX_STEPS = 50


@dataclass(frozen=True, slots=True)
class Level:
    """What is added to log-odds: to all shots but penalties, and beside it to headers and to direct free kicks."""

    intercept: float
    header: float
    free_kick: float

    def added(self, X: pd.DataFrame) -> FloatArray:
        """What shots get, by their features ``Header`` and ``FreeKick``, (n,); an unknown kind gets nothing."""
        return np.asarray(
            self.intercept + self.header * has(X, "Header") + self.free_kick * has(X, "FreeKick")
        )


def fit_level(margin: FloatArray, X: pd.DataFrame, is_goal: npt.NDArray[Any]) -> Level:
    """The level under which outcomes are most likely; a logistic regression on top of a model's log-odds.

    Parameters
    ----------
    margin
        Log-odds by models that have not seen the matches, (n,).
    X
        ``Header`` and ``FreeKick``; a frame that lacks one of them gets nothing for it.

    Raises
    ------
    ModelError
        If there are no goals or nothing but goals.

    Notes
    -----
    Headers and free kicks have a normal prior of ``PRIOR_SD`` around no difference; the intercept has none.
    """
    goal = np.asarray(is_goal, dtype=np.float64)
    if len(goal) == 0 or goal.min() == goal.max():
        raise ModelError(
            "no goals, or nothing but goals: no level can be learnt", advice="Give it more matches"
        )
    columns = np.column_stack([np.ones(len(goal)), has(X, "Header"), has(X, "FreeKick")]).astype(np.float64)
    prior = np.array([0.0, PRIOR_SD**-2, PRIOR_SD**-2])
    found = np.zeros(3)
    for _ in range(_MAX_STEPS):
        p = probability(margin + columns @ found)
        curvature = (columns * (p * (1 - p))[:, None]).T @ columns + np.diag(prior)
        step = np.linalg.solve(curvature, columns.T @ (goal - p) - prior * found)
        found = found + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    intercept, header, free_kick = found.tolist()
    return Level(intercept, header, free_kick)
