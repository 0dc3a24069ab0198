"""How many trees a model gets: log loss decides, not AUC."""

import numpy as np
import pandas as pd
import pytest
import xgboost

from xgoals.model import training
from xgoals.model.folds import match_folds


@pytest.fixture
def shots():
    rng = np.random.default_rng(3)
    X = pd.DataFrame(rng.normal(size=(1500, 4)), columns=list("abcd"))
    chance = 1 / (1 + np.exp(2 - X["a"] - 0.5 * X["b"]))
    return X, rng.random(len(X)) < chance, pd.Series(np.arange(len(X)) // 25)


def test_training_stops_where_the_log_loss_of_the_folds_is_lowest(shots):
    X, y, match_ids = shots
    parameters = {**training.PARAMETERS, "seed": 5}
    history = xgboost.cv(
        parameters, xgboost.DMatrix(X, y), num_boost_round=150, folds=match_folds(match_ids), seed=5
    )
    by_log_loss = int(history["test-logloss-mean"].argmin()) + 1
    by_auc = int(history["test-auc-mean"].argmax()) + 1
    assert by_log_loss + training.EARLY_STOPPING_ROUNDS < len(history), "the example must not run to its end"
    assert by_auc != by_log_loss, "the example must tell the two apart"
    assert training._number_of_trees(X, y, match_ids, parameters) == by_log_loss
