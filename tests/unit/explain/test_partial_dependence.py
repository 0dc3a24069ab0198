"""One walk for a whole grid, against predicting every value of it."""

import numpy as np
import pytest
import xgboost as xgb

from xgoals.domain.errors import ModelError
from xgoals.explain.forest import read_forest
from xgoals.explain.partial import partial_dependence, partial_dependences

NAMES = ["a", "b", "c"]


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(5)
    X = np.round(rng.normal(size=(600, 3)), 1).astype(np.float32)
    X[rng.random(X.shape) < 0.1] = np.nan
    y = np.nan_to_num(X[:, 0]) * np.nan_to_num(X[:, 1]) + np.nan_to_num(X[:, 2]) > rng.normal(size=600)
    parameters = {"objective": "binary:logistic", "max_depth": 4, "seed": 1, "nthread": 1}
    booster = xgb.train(parameters, xgb.DMatrix(X, y, feature_names=NAMES), num_boost_round=25)
    return booster, X


def by_brute_force(booster, X, feature, grid, space="probability"):
    """Every row predicted anew for every value: the definition."""
    forest, changed, curves = read_forest(booster), X.copy(), np.empty((len(X), len(grid)))
    for at, value in enumerate(grid):
        changed[:, feature] = value
        margin = forest.margin(changed)
        curves[:, at] = margin if space == "log_odds" else 1 / (1 + np.exp(-margin))
    return curves


@pytest.mark.parametrize("space", ["probability", "log_odds"])
@pytest.mark.parametrize("feature", range(3))
def test_every_curve_is_what_predicting_every_value_gives(data, feature, space):
    booster, X = data
    thresholds = read_forest(booster).threshold.astype(float)  # on a threshold, where < and <= part
    grid = np.array([0.3, np.nan, -9.0, 9.0, 0.3, *thresholds[::40], -0.25])

    found = partial_dependence(booster, X, feature, grid, space=space)

    expected = by_brute_force(booster, X, feature, grid, space)
    assert np.abs(found.curves - expected).max() < 1e-12
    np.testing.assert_allclose(found.mean, expected.mean(axis=0), atol=1e-12)
    np.testing.assert_array_equal(found.grid, grid)


def test_several_features_in_one_walk_are_each_by_itself(data):
    booster, X = data
    grids = {2: [0.0, 1.0], 0: [np.nan]}

    found = partial_dependences(booster, X, grids)

    assert list(found) == [2, 0]
    for feature, grid in grids.items():
        assert np.abs(found[feature].curves - by_brute_force(booster, X, feature, grid)).max() < 1e-12


def test_the_booster_itself_says_the_same(data):
    booster, X = data
    changed = X.copy()
    changed[:, 1] = 0.7

    curve = partial_dependence(booster, X, 1, [0.7]).curves[:, 0]

    np.testing.assert_allclose(curve, booster.predict(xgb.DMatrix(changed, feature_names=NAMES)), atol=1e-6)


def test_what_scikit_learn_calls_partial_dependence_is_the_mean():
    from sklearn.inspection import partial_dependence as by_scikit_learn

    rng = np.random.default_rng(2)
    X = np.round(rng.normal(size=(80, 2)), 1).astype(np.float32)
    model = xgb.XGBClassifier(n_estimators=5, max_depth=3, nthread=1).fit(X, X[:, 0] > X[:, 1])

    oracle = by_scikit_learn(
        model, X, [0], grid_resolution=7, method="brute", response_method="predict_proba"
    )
    found = partial_dependence(model.get_booster(), X, 0, oracle["grid_values"][0])

    np.testing.assert_allclose(found.mean, oracle["average"][0], atol=1e-6)


def test_by_hand_and_centred(booster_by_hand):
    """One tree: below 1.5 in a it says -1, else by b; base_score 0.5 adds nothing."""
    booster = booster_by_hand([(0, 1.5, -1.0, (1, 0.5, 2.0, 3.0))], ["a", "b"])
    X = np.array([[0.0, 0.0], [9.0, 1.0]])

    found = partial_dependence(booster, X, 0, [1.0, 1.5, np.nan], space="log_odds")

    np.testing.assert_array_equal(found.curves, [[-1, 2, 2], [-1, 3, 3]])  # missing goes right
    np.testing.assert_array_equal(found.mean, [-1, 2.5, 2.5])
    np.testing.assert_array_equal(found.centred(1).curves, [[-3, 0, 0], [-4, 0, 0]])


@pytest.mark.parametrize(
    ("rows", "feature", "grid", "said"),
    [
        (0, 0, [1.0], "at least one row"),
        (5, 3, [1.0], "no feature 3, only 0 to 2"),
        (5, -1, [1.0], "no feature -1"),
        (5, 0, [np.inf], "finite numbers"),
        (5, 0, [1e39], "finite numbers"),
        (5, 0, [[1.0, 2.0]], "must be a list"),
    ],
)
def test_what_cannot_be_asked_is_refused(data, rows, feature, grid, said):
    booster, X = data
    with pytest.raises(ModelError, match=said):
        partial_dependence(booster, X[:rows], feature, grid)


def test_a_feature_goes_by_its_name_too(data):
    booster, X = data
    by_name, by_place = (partial_dependence(booster, X, which, [0.0, 1.0]) for which in ("b", np.int64(1)))
    np.testing.assert_array_equal(by_name.curves, by_place.curves)
    for unknown in ("B", 1.5):
        with pytest.raises(ModelError, match=rf"no feature {unknown!r}. There are: a, b, c"):
            partial_dependence(booster, X, unknown, [0.0])


def test_no_value_is_no_curve(data):
    booster, X = data
    assert partial_dependence(booster, X, 0, []).curves.shape == (600, 0)
