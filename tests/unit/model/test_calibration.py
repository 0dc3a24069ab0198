"""Calibration: the check finds what is wrong and no more, and a correction lives inside the booster, exactly."""

import json

import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.linear_model import LogisticRegression

from xgoals.domain.errors import ModelError
from xgoals.explain import exact_shapley
from xgoals.model import calibration
from xgoals.model.calibration import Correction
from xgoals.model.folds import OutOfSample, match_folds
from xgoals.model.losses import probability
from xgoals.model.recalibration import corrected, judge_calibration
from xgoals.model.resampling import Draws


def league(n=6000, *, seed=1, slope=1.0, shift=0.0):
    """Log-odds of a model whose truth is ``slope * m + shift``, outcomes, and matches of 20 shots."""
    rng = np.random.default_rng(seed)
    margin = rng.normal(-2.3, 1.1, n)
    goal = rng.random(n) < probability(slope * margin + shift)
    return margin, goal, np.repeat(np.arange(n // 20), 20)


def frame_of(goal, match):
    place = {"shot_type": "open_play", "x_m": 40.0, "y_m": 0.0, "pitch_length_m": 105.0}
    return pd.DataFrame({"is_goal": goal, "is_penalty": False, "match_id": match.astype(str), **place})


def judged(margin, goal, match):
    frame = frame_of(goal, match)
    return judge_calibration(frame, OutOfSample(match_folds(frame["match_id"]), probability(margin)))


def test_the_fit_is_logistic_regression():
    margin, goal, _ = league(slope=0.7, shift=-0.4)
    peer = LogisticRegression(C=np.inf, tol=1e-10).fit(margin[:, None], goal)
    found = calibration.fit_correction(margin, goal)
    assert found.slope == pytest.approx(peer.coef_[0, 0], abs=1e-4)
    assert found.shift == pytest.approx(peer.intercept_[0], abs=1e-4)


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.7, -0.69), (1.0, 0.3)])
def test_the_check_finds_what_is_wrong(slope, shift):
    margin, goal, match = league(20_000, slope=slope, shift=shift)
    found = calibration.fit_calibration(margin, goal, match)
    assert found.slope_interval[0] < slope < found.slope_interval[1]
    assert found.slope_interval[1] - found.slope_interval[0] < 0.12
    low, high = found.intercept_interval
    assert (low < 0 < high) == ((slope, shift) == (1.0, 0.0))


def test_intervals_cover_the_truth_as_often_as_they_say_though_matches_differ():
    covered = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        margin, match = rng.normal(-2, 1, 1200), np.repeat(np.arange(60), 20)
        form = np.repeat(rng.normal(0, 0.5, 60), 20)
        # the average of a sigmoid of m + form is not quite the sigmoid of m: the truth is what many matches give
        goal = rng.random(1200) < probability(margin + form)
        low, high = calibration.fit_calibration(margin, goal, match).intercept_interval
        covered += low < 0.049 < high
    assert 135 <= covered <= 149


def test_a_good_model_is_left_alone_and_a_miscalibrated_one_is_not():
    good = judged(*league(seed=2))
    assert good["correction"] is None
    assert good["reason"].startswith("Left as it is")
    assert good["xg_per_goal_interval"][0] < 1 < good["xg_per_goal_interval"][1]
    for wrong in ({"slope": 0.7, "shift": -0.7}, {"shift": 0.4}):
        bad = judged(*league(seed=2, **wrong))
        assert bad["correction"]["slope"] == pytest.approx(wrong.get("slope", 1.0), abs=0.1)
        assert bad["correction"]["shift"] == pytest.approx(wrong["shift"], abs=0.2)
        assert bad["gain"]["interval"][1] < 0
        assert bad["reason"].startswith("Corrected")
        assert bad["ece"] > 2 * bad["ece_by_chance"]


def test_good_models_are_left_alone_nearly_always():
    corrected = sum(judged(*league(2000, seed=seed))["correction"] is not None for seed in range(40))
    assert corrected <= 2


def test_a_correction_learns_from_the_other_folds_only():
    margin, goal, match = league(2000)
    frame = frame_of(goal, match)
    folds = match_folds(frame["match_id"])
    predicted = OutOfSample(folds, probability(margin))
    these = folds[0][1]
    turned = frame.assign(is_goal=np.where(np.isin(np.arange(2000), these), ~goal, goal))
    before, after = (corrected(f, predicted, by=predicted.xg).xg for f in (frame, turned))
    np.testing.assert_array_equal(before[these], after[these])
    assert not np.allclose(before, after)


@pytest.mark.parametrize(
    "goal_of", [lambda m: np.zeros(len(m), bool), lambda m: m > -2.3, lambda m: m < -3.5]
)
def test_what_cannot_be_checked_is_left_alone_and_says_why(goal_of):
    """No goals; a model that knows the outcome; one that runs against it: training goes on to the verdict."""
    margin, _, match = league(1000)
    found = judged(margin, goal_of(margin), match)
    assert found["correction"] is None
    assert found["reason"].startswith("Not checked: ")


def test_penalties_teach_no_correction():
    margin, goal, match = league(2000)
    frame = frame_of(goal, match).assign(is_penalty=np.arange(2000) % 10 == 0)
    predicted = OutOfSample(match_folds(frame["match_id"]), probability(margin))
    turned = frame.assign(is_goal=frame["is_goal"] ^ frame["is_penalty"])
    before, after = (corrected(f, predicted, by=predicted.xg).xg for f in (frame, turned))
    np.testing.assert_array_equal(before, after)


def test_the_gain_is_the_difference_of_log_losses():
    margin, goal, match = league(400)
    after = 0.8 * margin

    def log_loss(m):
        p = probability(m)
        return -np.mean(np.where(goal, np.log(p), np.log(1 - p)))

    found = calibration.gain(margin, after, goal, Draws.of(match, 100, seed=1))
    assert found["log_loss"] == pytest.approx(log_loss(after) - log_loss(margin))
    assert found["interval"][0] < found["log_loss"] < found["interval"][1]


@pytest.mark.parametrize("goals", ["none", "all", "separated", "alike", "backwards"])
def test_what_cannot_be_checked_says_why(goals):
    margin, _, match = league(400)
    goal = {
        "none": np.zeros(400, bool), "all": np.ones(400, bool), "separated": margin > -2,
        "alike": np.arange(400) % 9 == 0, "backwards": margin < np.quantile(margin, 0.3),
    }[goals]  # fmt: skip
    if goals == "alike":
        margin = np.full(400, -2.0)
    if goals == "backwards":
        goal = goal ^ (np.arange(400) % 7 == 0)
    with pytest.raises(ModelError, match="calibration"):
        calibration.fit_calibration(margin, goal, match)


@pytest.fixture(scope="module")
def booster():
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.normal(size=(3000, 5)).astype(np.float32), columns=list("abcde"))
    X.iloc[::7, 2] = np.nan
    y = rng.random(3000) < probability(X["a"].to_numpy() - 2)
    parameters = {"objective": "binary:logistic", "max_depth": 4, "eta": 0.1, "seed": 1, "base_score": 0.13}
    return xgboost.train(parameters, xgboost.DMatrix(X, y), 60), X


@pytest.mark.parametrize(("slope", "shift"), [(0.8, -0.3), (1.3, 0.5), (1.0, 0.0)])
def test_the_correction_is_inside_the_booster(booster, slope, shift):
    plain, X = booster
    correction = Correction(slope, shift)
    corrected = calibration.built_in(plain, correction)
    before = plain.predict(xgboost.DMatrix(X), output_margin=True).astype(np.float64)
    after = corrected.predict(xgboost.DMatrix(X), output_margin=True)
    np.testing.assert_allclose(after, correction(before), rtol=0, atol=3e-6)
    np.testing.assert_allclose(
        corrected.predict(xgboost.DMatrix(X)), probability(correction(before)), rtol=1e-5
    )


def test_the_bytes_of_a_corrected_booster_bring_it_back(booster):
    corrected = calibration.built_in(booster[0], Correction(0.8, -0.3))
    again = xgboost.Booster(model_file=bytearray(corrected.save_raw("ubj")))
    rows = xgboost.DMatrix(booster[1])
    np.testing.assert_array_equal(again.predict(rows), corrected.predict(rows))
    assert again.feature_names == list("abcde")


@pytest.mark.parametrize("space", ["probability", "log_odds"])
def test_explanations_of_a_corrected_booster_are_exact(booster, space):
    """They add up, and in log-odds they are the plain ones times the slope: a correction favours no feature."""
    plain, X = booster
    corrected = calibration.built_in(plain, Correction(0.8, -0.3))
    rows, baseline = X.iloc[:50], pd.Series(0.0, index=list("abcde"))
    found = exact_shapley(corrected, rows, baseline, space=space)
    values = found.values  # noqa: PD011
    predicted = corrected.predict(xgboost.DMatrix(rows), output_margin=space == "log_odds")
    np.testing.assert_allclose(found.base_value + values.sum(axis=1), predicted, atol=2e-6)
    if space == "log_odds":
        before = exact_shapley(plain, rows, baseline, space=space).values  # noqa: PD011
        np.testing.assert_allclose(values, 0.8 * before, atol=1e-6)


def test_the_ranking_stays(booster):
    plain, X = booster
    corrected = calibration.built_in(plain, Correction(0.6, 0.2))
    before, after = (b.predict(xgboost.DMatrix(X)) for b in (plain, corrected))
    order = np.argsort(before, kind="stable")
    assert (np.diff(after[order]) > -1e-6).all()


def test_trees_keep_their_splits(booster):
    def splits(model):
        trees = json.loads(model.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
        return [
            (t["split_indices"], [c for c, left in zip(t["split_conditions"], t["left_children"], strict=True)
                                  if left != -1])
            for t in trees
        ]  # fmt: skip

    assert splits(booster[0]) == splits(calibration.built_in(booster[0], Correction(0.8, -0.3)))


@pytest.mark.parametrize("slope", [0.0, -1.0, float("nan")])
def test_a_correction_never_turns_the_ranking_round(booster, slope):
    with pytest.raises(ModelError, match="positive slope"):
        calibration.built_in(booster[0], Correction(slope, 0.0))


def test_other_boosters_are_refused():
    X, y = np.random.default_rng(1).random((50, 2)), np.arange(50.0)
    plain = xgboost.train({"objective": "reg:squarederror"}, xgboost.DMatrix(X, y), 2)
    with pytest.raises(ModelError, match="only binary:logistic"):
        calibration.built_in(plain, Correction(0.9, 0.0))
