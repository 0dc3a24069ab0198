"""Values against several baseline rows: the mean game by definition, over all coalitions; shap says the same."""

import numpy as np
import pytest
import xgboost as xgb
from shapley_oracle import coalition_values, interactions_by_definition, shapley_by_definition

from xgoals.domain.errors import ModelError
from xgoals.explain import exact_shapley
from xgoals.explain.background import background_shapley
from xgoals.explain.forest import read_forest
from xgoals.explain.verify import import_shap, verify_additivity

SHARES = np.array([0.2, 0.5, 0.3])
GROUPS = {"one": ["f0", "f2"], "two": ["f1"], "three": ["f3"]}


@pytest.fixture(scope="module")
def booster():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(400, 4))
    X[rng.random(X.shape) < 0.1] = np.nan
    goal = rng.random(400) < 1 / (1 + np.exp(-2 * np.nan_to_num(X[:, 0]) * (1 + np.nan_to_num(X[:, 1]))))
    names = [f"f{i}" for i in range(4)]
    data = xgb.DMatrix(X, goal, feature_names=names)
    return xgb.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1}, data, 12)


@pytest.fixture(scope="module")
def shots():
    shots = np.random.default_rng(7).normal(size=(6, 4)).astype(np.float32)
    shots[1, 2] = np.nan
    return shots


@pytest.fixture(scope="module")
def background():
    rows = np.random.default_rng(8).normal(size=(3, 4)).astype(np.float32)
    rows[2, 0] = np.nan
    return rows


def mean_game(booster, x, background, players, space):
    games = [coalition_values(booster, x, row, players, space) for row in background]
    return SHARES @ np.array(games)


@pytest.mark.parametrize("space", ["probability", "log_odds"])
def test_values_interactions_and_groups_are_those_of_the_mean_game(booster, shots, background, space):
    found = background_shapley(
        booster, shots, background, 10 * SHARES, space=space, interactions=True, groups=GROUPS
    )
    tolerance = 1e-6 if space == "probability" else 2e-5  # the oracle adds up in float32
    for i, x in enumerate(shots):
        alone = mean_game(booster, x, background, [[0], [1], [2], [3]], space)
        assert found.values[i] == pytest.approx(shapley_by_definition(alone), abs=tolerance)
        assert found.interactions[i] == pytest.approx(interactions_by_definition(alone), abs=tolerance)
        together = mean_game(booster, x, background, [[0, 2], [1], [3]], space)
        assert found.group_values[i] == pytest.approx(shapley_by_definition(together), abs=tolerance)
        assert found.base_value == pytest.approx(alone[0], abs=tolerance)
        assert found.predictions[i] == pytest.approx(alone[-1], abs=tolerance)
    assert verify_additivity(found, booster, shots).to_engine < 1e-12


def test_shap_with_a_background_says_the_same_in_log_odds(booster, shots, background):
    explainer = import_shap().TreeExplainer(
        booster, background.astype(np.float64), feature_perturbation="interventional"
    )
    found = background_shapley(booster, shots, background, space="log_odds")
    assert found.values == pytest.approx(explainer.shap_values(shots.astype(np.float64)), abs=2e-5)
    assert found.base_value == pytest.approx(explainer.expected_value, abs=2e-5)


def test_one_row_is_one_baseline_and_weights_may_leave_rows_out(booster, shots, background):
    alone = exact_shapley(booster, shots, background[1], groups=GROUPS)
    for found in (
        background_shapley(booster, shots, background[1], groups=GROUPS),
        background_shapley(read_forest(booster), shots, background, [0, 3, 0], groups=GROUPS),
    ):
        assert found.values == pytest.approx(alone.values, abs=1e-15)
        assert found.group_values == pytest.approx(alone.group_values, abs=1e-15)
        assert found.base_value == alone.base_value
        assert found.interactions is None
    twice = background_shapley(booster, shots, background[[0, 0, 1]])
    assert twice.values == pytest.approx(
        background_shapley(booster, shots, background[:2], [2, 1]).values, abs=1e-15
    )


@pytest.mark.parametrize(
    "weights", [[1, 1], [1, -1, 1], [0, 0, 0], [1, np.nan, 1], [1, np.inf, 1], [[1, 1, 1]]]
)
def test_weights_that_fit_no_rows_are_refused(booster, shots, background, weights):
    with pytest.raises(ModelError, match="A background of 3 rows needs as many weights"):
        background_shapley(booster, shots, background, weights)


def test_no_row_is_no_background(booster, shots):
    with pytest.raises(ModelError, match="at least one row"):
        background_shapley(booster, shots, np.empty((0, 4)))
