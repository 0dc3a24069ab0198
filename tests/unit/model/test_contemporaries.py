"""On the newest matches champion and challenger have learned from as many matches."""

import numpy as np
import pandas as pd
import pytest

from xgoals.model.contemporaries import as_of
from xgoals.model.evidence import Predictions
from xgoals.model.fitting import fit_and_predict
from xgoals.model.losses import log_odds, probability
from xgoals.model.training import PARAMETERS

N, KNOWN = 1500, 1200
PARAMS = {**PARAMETERS, "n_seeds": 2, "seed": 5, "n_trees": 30}


@pytest.fixture
def window():
    rng = np.random.default_rng(1)
    X = pd.DataFrame(
        {"DistanceToGoal": rng.uniform(3, 30, N), "Penalty": -1.0}, index=pd.RangeIndex(100, 100 + N)
    )
    return X.assign(is_goal=rng.random(N) < 1 / (1 + np.exp(0.15 * X["DistanceToGoal"] - 0.5)))


@pytest.fixture
def said(window):
    held_out = pd.Series(0.1, index=window.index)
    return Predictions.by(held_out, held_out)


def test_newer_matches_are_predicted_from_what_the_champion_knew_and_the_others_stay(window, said):
    is_known = pd.Series(np.arange(N) < KNOWN, index=window.index)
    found = as_of(said, window, PARAMS, None, is_known)
    own = {name: value for name, value in PARAMS.items() if name != "n_trees"}
    X = window.drop(columns="is_goal").astype(np.float32)
    expected = fit_and_predict(
        X, window["is_goal"].to_numpy(), own, 30, (np.arange(KNOWN), np.arange(KNOWN, N))
    )
    np.testing.assert_array_equal(found.unseen[~is_known], expected)
    assert (found.unseen[is_known] == 0.1).all()
    turned = window.assign(is_goal=window["is_goal"] ^ ~is_known)
    again = as_of(said, turned, PARAMS, None, is_known)
    np.testing.assert_array_equal(again.unseen, found.unseen)  # outcomes of newer matches teach nothing
    corrected = as_of(said, window, PARAMS, {"slope": 1.1, "shift": -0.2}, is_known)
    np.testing.assert_allclose(corrected.unseen[~is_known], probability(1.1 * log_odds(expected) - 0.2))


@pytest.mark.parametrize("n_known", [0, 30, N])
def test_without_newer_matches_or_too_few_known_ones_nothing_changes(window, said, n_known):
    is_known = pd.Series(np.arange(N) < n_known, index=window.index)
    assert as_of(said, window, PARAMS, None, is_known) is said
