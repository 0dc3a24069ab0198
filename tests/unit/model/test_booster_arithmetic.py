"""Boosters added up: the log-odds are what the arithmetic says, and explanations stay exact."""

import json

import numpy as np
import pandas as pd
import pytest
import xgboost

from xgoals.domain.errors import ModelError
from xgoals.explain import exact_shapley
from xgoals.model import fitting
from xgoals.model.booster_arithmetic import average, scaled_and_shifted

PARAMETERS = {
    "objective": "binary:logistic", "max_depth": 4, "eta": 0.1, "subsample": 0.7, "colsample_bynode": 0.5, "nthread": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.normal(size=(3000, 5)).astype(np.float32), columns=list("abcde"))
    X.iloc[::7, 2] = np.nan
    return X, rng.random(3000) < 1 / (1 + np.exp(2 - X["a"].to_numpy()))


@pytest.fixture(scope="module")
def boosters(data):
    """Three that differ in seed, number of trees and base score."""
    matrix = xgboost.DMatrix(*data)
    return [
        xgboost.train({**PARAMETERS, "seed": seed, "base_score": base}, matrix, n_trees)
        for seed, base, n_trees in ((1, 0.1, 30), (2, 0.2, 40), (3, 0.3, 50))
    ]


def margins(booster, X):
    return booster.predict(xgboost.DMatrix(X), output_margin=True).astype(np.float64)


def test_the_average_has_the_mean_log_odds(boosters, data):
    X, _ = data
    merged = average(boosters)
    expected = np.mean([margins(booster, X) for booster in boosters], axis=0)
    np.testing.assert_allclose(margins(merged, X), expected, rtol=0, atol=5e-6)
    assert merged.num_boosted_rounds() == 120
    assert merged.feature_names == list("abcde")


def test_an_average_survives_being_stored_and_being_averaged_again(boosters, data):
    X, _ = data
    merged = average(boosters)
    again = xgboost.Booster(model_file=bytearray(merged.save_raw("ubj")))
    np.testing.assert_array_equal(margins(again, X), margins(merged, X))
    twice = average([again, again])
    np.testing.assert_allclose(margins(twice, X), margins(merged, X), rtol=0, atol=5e-6)


def test_an_average_can_be_cut_into_its_parts(boosters, data):
    X, _ = data
    first = average(boosters)[:30]
    base = np.mean([np.log(p / (1 - p)) for p in (0.1, 0.2, 0.3)])
    expected = base + (margins(boosters[0], X) - np.log(0.1 / 0.9)) / 3
    np.testing.assert_allclose(margins(first, X), expected, rtol=0, atol=5e-6)


def test_values_of_an_average_are_the_average_of_values(boosters, data):
    rows, baseline = data[0].iloc[:40], pd.Series(0.0, index=list("abcde"))

    def values(booster):
        return exact_shapley(booster, rows, baseline, space="log_odds").values  # noqa: PD011

    parts = [values(booster) for booster in boosters]
    np.testing.assert_allclose(values(average(boosters)), np.mean(parts, axis=0), atol=1e-6)


def test_scaling_and_shifting(boosters, data):
    X, _ = data
    changed = scaled_and_shifted(boosters[0], -0.5, 0.25)
    np.testing.assert_allclose(margins(changed, X), -0.5 * margins(boosters[0], X) + 0.25, rtol=0, atol=3e-6)


@pytest.mark.filterwarnings("ignore:.*is deprecated")  # since XGBoost 3.4
def test_what_cannot_be_averaged_is_refused(boosters, data):
    X, y = data
    with pytest.raises(ModelError, match="no booster"):
        average([])
    other = xgboost.train(PARAMETERS, xgboost.DMatrix(X[list("edcba")], y), 2)
    with pytest.raises(ModelError, match="different features"):
        average([boosters[0], other])
    line = xgboost.train({"objective": "binary:logistic", "booster": "gblinear"}, xgboost.DMatrix(X, y), 2)
    with pytest.raises(ModelError, match="plain trees"):
        average([boosters[0], line])


def test_a_fit_is_the_average_of_its_seeds(data):
    X, y = data
    parameters = {**PARAMETERS, "seed": 5}
    single = [fitting.fit(X, y, {**PARAMETERS, "seed": seed, "n_seeds": 1}, 20) for seed in (5, 6)]
    both = fitting.fit(X, y, {**parameters, "n_seeds": 2}, 20)
    expected = np.mean([margins(booster, X) for booster in single], axis=0)
    np.testing.assert_allclose(margins(both, X), expected, rtol=0, atol=5e-6)
    predicted = fitting.fit_and_predict(
        X, y, {**parameters, "n_seeds": 2}, 20, (np.arange(len(X)), np.arange(len(X)))
    )
    np.testing.assert_allclose(predicted, 1 / (1 + np.exp(-expected)), atol=1e-7)
    assert fitting.fit(X, y, parameters, 20).num_boosted_rounds() == 20 * fitting.N_SEEDS


def test_the_same_fit_twice_has_the_same_bytes(data):
    X, y = data
    one, other = (bytes(fitting.fit(X, y, {**PARAMETERS, "seed": 5}, 10).save_raw("ubj")) for _ in range(2))
    assert one == other


def test_splits_stay_as_they_are(boosters):
    def thresholds(booster):
        trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
        return [
            condition
            for tree in trees
            for condition, left in zip(tree["split_conditions"], tree["left_children"], strict=True)
            if left != -1
        ]

    assert thresholds(average(boosters)) == [t for booster in boosters for t in thresholds(booster)]
    assert thresholds(scaled_and_shifted(boosters[0], 0.5, 1.0)) == thresholds(boosters[0])
