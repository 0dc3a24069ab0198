"""A model that is read wrongly is never explained: the booster's own predictions have the last word."""

import json
import warnings
from dataclasses import replace

import numpy as np
import pytest
import xgboost as xgb

from xgoals.domain.errors import ModelError
from xgoals.explain import exact, exact_shapley, forest, proof
from xgoals.explain.forest import read_forest
from xgoals.model.booster_arithmetic import average

SPACES = ("probability", "log_odds")


@pytest.fixture(scope="module")
def shots():
    X = np.random.default_rng(3).normal(size=(3000, 6))
    X[::7, 2] = np.nan
    return X


@pytest.fixture(scope="module")
def booster(shots):
    goal = np.random.default_rng(4).random(len(shots)) < 1 / (1 + np.exp(2 - shots[:, 0]))
    return xgb.train({"objective": "binary:logistic", "max_depth": 4}, xgb.DMatrix(shots, goal), 60)


def with_one_leaf_changed(whole, by):
    weight = whole.weight.copy()
    weight[np.flatnonzero(whole.feature < 0)[:40]] += by
    return replace(whole, weight=weight)


@pytest.mark.parametrize("space", SPACES)
def test_a_forest_that_is_not_the_boosters_is_refused_with_the_difference(monkeypatch, booster, shots, space):
    exact_shapley(booster, shots[:300], np.zeros(6), space=space)  # the whole one passes
    monkeypatch.setattr(forest, "read_forest", lambda b: with_one_leaf_changed(read_forest(b), 0.14))
    with pytest.raises(ModelError, match=r"own prediction differ by 0\.\d+") as said:
        exact_shapley(booster, shots[:300], np.zeros(6), space=space)
    assert said.value.where.startswith("row ")
    assert "allowed" in said.value.what


def test_leaves_so_large_that_the_boosters_sums_are_noise_are_refused(booster):
    """What may be off by ten thousand agrees with anything: explained was .00 where the booster said .58."""
    model = json.loads(booster.save_raw("json"))
    for tree in model["learner"]["gradient_booster"]["model"]["trees"]:
        for node, child in enumerate(tree["left_children"]):
            if child == -1:
                tree["split_conditions"][node] = 1e10 * (-1) ** node
    damaged = xgb.Booster(model_file=bytearray(json.dumps(model).encode()))
    with pytest.raises(ModelError, match=r"XGBoost's own sums are off by up to \d+") as said:
        read_forest(damaged)
    assert said.value.advice


@pytest.mark.parametrize("space", SPACES)
def test_values_that_do_not_add_up_to_the_boosters_prediction_are_refused(monkeypatch, booster, shots, space):
    def off_in_one_row(*arguments):
        values, *others = play(*arguments)
        values[-1, 0] += 1e-3
        return values, *others

    play = exact._play
    monkeypatch.setattr(exact, "_play", off_in_one_row)
    with pytest.raises(ModelError, match=r"base value plus values .* differ by 0\.00") as said:
        exact_shapley(booster, shots, np.zeros(6), space=space)
    difference = float(said.value.what.split("differ by ")[1].split()[0])
    assert difference == pytest.approx(1e-3, rel=0.01)
    assert said.value.where == "row 2999"  # of all, not of the sample


def test_reading_itself_asks_the_booster(monkeypatch, booster):
    """Who explains shots one by one hands in the forest: it was held against the booster when it was read."""
    read_forest(booster)
    monkeypatch.setattr(forest, "_base_margin", lambda text: -1.0)
    with pytest.raises(ModelError, match="the trees as they are read and the booster's own prediction"):
        read_forest(booster)


@pytest.fixture
def dart(shots):
    goal = np.random.default_rng(5).random(len(shots)) < 0.3
    parameters = {"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.5, "one_drop": 1}
    with warnings.catch_warnings():  # deprecated since XGBoost 3.4, which takes the dropout without the name
        warnings.filterwarnings("ignore", ".*is deprecated")
        return xgb.train(parameters, xgb.DMatrix(shots, goal), 12)


def without_weights(document):
    """The trees of a DART booster as plain ones, and their weights, from wherever this XGBoost writes them."""
    written = document["learner"]["gradient_booster"]
    plain = written.get("gbtree", written) | {"name": "gbtree"}
    weights = written.pop("weight_drop", None) or plain["model"].pop("weight_drop")
    document["learner"]["gradient_booster"] = plain
    return plain, weights


@pytest.mark.parametrize("where", ["beside the trees", "in the model"])
def test_dart_in_a_form_that_claims_to_be_plain_trees(monkeypatch, dart, shots, where):
    """Other versions of XGBoost write DART's weights elsewhere than the one that is installed."""

    def otherwise(self, raw_format="deprecated"):
        document = json.loads(save(self, raw_format))
        plain, weights = without_weights(document)
        (plain if where == "beside the trees" else plain["model"])["weight_drop"] = weights
        return json.dumps(document)

    save = xgb.Booster.save_raw
    monkeypatch.setattr(xgb.Booster, "save_raw", otherwise)
    with pytest.raises(ModelError, match="dart booster"):
        exact_shapley(dart, shots[:5], np.zeros(6))
    with pytest.raises(ModelError, match="plain trees can be scaled or averaged"):
        average([dart, dart])


def test_weights_under_a_name_that_nobody_knows_yet(monkeypatch, dart, shots):
    """Nothing in the document gives it away: only the predictions do."""

    def otherwise(self, raw_format="deprecated"):
        document = json.loads(save(self, raw_format))
        without_weights(document)
        return json.dumps(document)

    save = xgb.Booster.save_raw
    monkeypatch.setattr(xgb.Booster, "save_raw", otherwise)
    with pytest.raises(ModelError, match=r"own prediction differ by \d\.\d+"):
        exact_shapley(dart, shots[:5], np.zeros(6))


def test_float32_sums_of_large_leaves_are_no_difference(booster_by_hand):
    large = booster_by_hand([(0, 1.5, -900.3, 700.7), (1, 0.5, 1e4, -1e4)], ["a", "b"])
    found = exact_shapley(large, np.array([[2.0, 1.0], [0.0, 0.0]]), np.zeros(2), space="log_odds")
    assert found.predictions == pytest.approx([700.7 - 1e4, -900.3 + 1e4], rel=1e-6)


def test_the_booster_is_asked_for_a_sample_only_however_many_shots_there_are(monkeypatch, booster, shots):
    def counted(self, matrix, **options):
        asked.append(matrix.num_row())
        return predict(self, matrix, **options)

    asked, predict = [], xgb.Booster.predict
    monkeypatch.setattr(xgb.Booster, "predict", counted)
    exact_shapley(booster, shots, np.zeros(6))
    assert set(asked) == {proof.N_PROBES, proof.N_SAMPLE}
    assert len(asked) == 5  # the trees in both spaces by probes and by shots, and the values
    chosen = proof.sample_of(len(shots))
    assert (len(chosen), chosen[0], chosen[-1]) == (proof.N_SAMPLE, 0, len(shots) - 1)
    assert proof.sample_of(3).tolist() == [0, 1, 2]
    assert proof.sample_of(0).tolist() == []
