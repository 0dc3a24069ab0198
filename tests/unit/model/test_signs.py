"""Nobody in the way makes a chance better: in every model, wherever people stand, whatever chance has taught."""

import numpy as np
import pandas as pd
import pytest
import xgboost

from xgoals.features.catalogue import BEST_17
from xgoals.model import fitting
from xgoals.model.signs import SIGNS_OF_PEOPLE
from xgoals.model.training import PARAMETERS


@pytest.fixture(scope="module")
def shots():
    """Outcomes that teach the opposite: the more people in the way, the more goals."""
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.random((1500, 17)), columns=list(BEST_17.names))
    wrong = sum(-sign * X[name] for name, sign in SIGNS_OF_PEOPLE.items() if name in X)
    return X, rng.random(1500) < 1 / (1 + np.exp(2 - 2 * wrong))


@pytest.mark.parametrize("name", [name for name in SIGNS_OF_PEOPLE if name in BEST_17.names])
def test_one_more_in_the_way_never_raises_the_xg(shots, name):
    X, goal = shots
    booster = fitting.fit(X, goal, {**PARAMETERS, "n_seeds": 1, "seed": 1}, 20)
    ladder = pd.concat([X.head(40).assign(**{name: value}) for value in np.linspace(0, 1, 11)])
    xg = booster.predict(xgboost.DMatrix(ladder)).reshape(11, 40)
    steps = np.diff(xg, axis=0) * SIGNS_OF_PEOPLE[name]
    assert (steps >= 0).all()


def test_without_the_signs_the_same_shots_teach_the_opposite(shots):
    X, goal = shots
    free = {**PARAMETERS, "n_seeds": 1, "seed": 1, "monotone_constraints": "()"}
    booster = fitting.fit(X, goal, free, 20)
    low, high = (X.assign(UnblockedShare=value) for value in (0.0, 1.0))
    assert (booster.predict(xgboost.DMatrix(high)) < booster.predict(xgboost.DMatrix(low))).mean() > 0.5
