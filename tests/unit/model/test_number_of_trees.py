"""How many trees a model gets: log loss decides, not AUC."""

import numpy as np
import pandas as pd
import pytest
import xgboost

from xgoals.model import training
from xgoals.model.fitting import in_own_order
from xgoals.model.folds import match_folds


@pytest.fixture
def shots():
    rng = np.random.default_rng(3)
    X = pd.DataFrame(rng.normal(size=(1500, 4)), columns=list("abcd"))
    chance = 1 / (1 + np.exp(2 - X["a"] - 0.5 * X["b"]))
    return X, (rng.random(len(X)) < chance).to_numpy(), pd.Series(np.arange(len(X)) // 25)


def test_training_takes_the_fewest_trees_that_are_as_good_as_the_best(shots):
    X, y, match_ids = shots
    parameters = {**training.PARAMETERS, "seed": 5, "eta": 0.03}
    rows, outcomes = in_own_order(X, y)
    folds = match_folds(match_ids[rows.index])
    history = xgboost.cv(
        parameters, xgboost.DMatrix(rows, outcomes), num_boost_round=250, folds=folds, seed=5
    )
    loss = history["test-logloss-mean"]
    best, by_auc = int(loss.argmin()) + 1, int(history["test-auc-mean"].argmax()) + 1
    assert best + training.EARLY_STOPPING_ROUNDS < len(history), "the example must not run to its end"
    n_trees = training._number_of_trees(X, y, match_ids, parameters)
    assert n_trees not in (best, by_auc), "the example must tell them apart"
    assert loss[n_trees - 1] <= loss.min() + training.LOSS_WORTH_MORE_TREES < loss[n_trees - 2]
