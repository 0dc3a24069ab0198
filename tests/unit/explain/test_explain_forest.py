"""A booster read as arrays predicts what the booster predicts."""

import numpy as np
import pytest
import xgboost as xgb

from xgoals.explain.forest import LEAF, forest_of, read_forest


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(500, 5))
    X[rng.random(X.shape) < 0.2] = np.nan
    return X, (np.nan_to_num(X[:, 0]) + rng.normal(size=500) > 0.5).astype(int)


def agrees(booster, X):
    forest = read_forest(booster)
    plain = booster.predict(xgb.DMatrix(X, feature_names=booster.feature_names), output_margin=True)
    np.testing.assert_allclose(forest.margin(X.astype(np.float32)), plain, atol=1e-5)
    return forest


@pytest.mark.parametrize(
    "parameters",
    [
        {"tree_method": "hist"},
        {"tree_method": "exact"},
        {"tree_method": "approx", "max_depth": 8},
        {"num_parallel_tree": 4, "subsample": 0.5},
        {"grow_policy": "lossguide", "max_leaves": 50, "max_depth": 0},
        {"base_score": 0.03},
        {"scale_pos_weight": 5.0},
        {"gamma": 2.0, "max_depth": 6},  # pruned: the arrays hold deleted nodes
        {"objective": "reg:logistic"},
    ],
)
def test_same_margins(data, parameters):
    X, y = data
    agrees(xgb.train({"objective": "binary:logistic"} | parameters, xgb.DMatrix(X, y), 30), X)


@pytest.mark.parametrize("label", [0, 1])
def test_a_model_of_one_class_only(data, label):
    X, _ = data
    agrees(xgb.train({"objective": "binary:logistic"}, xgb.DMatrix(X, np.full(len(X), label)), 3), X)


def test_all_trees_count_whatever_early_stopping_found_best(data):
    X, y = data
    train, test = xgb.DMatrix(X[:250], y[:250]), xgb.DMatrix(X[250:], y[250:])
    booster = xgb.train(
        {"objective": "binary:logistic", "eta": 1.0},
        train,
        60,
        evals=[(test, "test")],
        early_stopping_rounds=5,
        verbose_eval=False,
    )
    whole, best = agrees(booster, X), agrees(booster[: booster.best_iteration + 1], X)
    assert len(whole.roots) == booster.num_boosted_rounds() > len(best.roots) == booster.best_iteration + 1
    with pytest.warns(UserWarning, match=rf"stopped early.*pass booster\[:{len(best.roots)}\]"):
        forest_of(booster)
    forest_of(booster[: booster.best_iteration + 1])  # without a word: warnings are errors here
    assert forest_of(whole) is whole


def test_names_are_the_boosters_or_none(data):
    X, y = data
    named = xgb.train({"objective": "binary:logistic"}, xgb.DMatrix(X, y, feature_names=list("abcde")), 2)
    assert read_forest(named).feature_names == tuple("abcde")
    assert (
        read_forest(xgb.train({"objective": "binary:logistic"}, xgb.DMatrix(X, y), 2)).feature_names is None
    )


def test_a_saved_model_reads_the_same(data, tmp_path):
    X, y = data
    booster = xgb.train({"objective": "binary:logistic"}, xgb.DMatrix(X, y), 10)
    booster.save_model(tmp_path / "model.ubj")
    again = xgb.Booster(model_file=tmp_path / "model.ubj")
    np.testing.assert_array_equal(
        read_forest(again).margin(X.astype(np.float32)), read_forest(booster).margin(X.astype(np.float32))
    )


def test_leaves_and_nodes_are_what_was_written(booster_by_hand):
    forest = read_forest(booster_by_hand([(1, 2.5, -1.0, 1.0, True), 0.5], ["a", "b"]))
    assert forest.feature.tolist() == [1, LEAF, LEAF, LEAF]
    assert forest.threshold[0] == 2.5
    assert forest.default_left[0]
    assert (forest.left[0], forest.right[0]) == (1, 2)
    assert forest.weight.tolist() == [0, -1, 1, 0.5]
    assert forest.roots.tolist() == [0, 3]
    assert forest.n_features == 2
