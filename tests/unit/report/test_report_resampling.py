"""Intervals against textbook values, scikit-learn and the definition of a cluster bootstrap."""

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from xgoals.report.resampling import (
    log_losses,
    match_weights,
    metric_intervals,
    weighted_auc,
    wilson_interval,
)


def test_wilson_interval_of_five_in_ten():
    # (0.5 + 1.96^2/20 -+ 1.96 sqrt(0.025 + 1.96^2/400)) / (1 + 1.96^2/10)
    low, high = wilson_interval(5, 10)
    assert (low, high) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_wilson_interval_stays_inside_0_and_1():
    assert wilson_interval(0, 20)[0] == 0.0
    assert 0.1 < wilson_interval(0, 20)[1] < 0.2
    assert wilson_interval(20, 20)[1] == pytest.approx(1.0)
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_auc_by_hand_with_a_tie():
    # goals at 0.9 and 0.5, misses at 0.5 and 0.1: pairs 1 + 1 + 1/2 + 1 = 3.5 of 4
    auc = weighted_auc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1, 0, 0]), np.ones((1, 4)))
    assert auc[0] == pytest.approx(3.5 / 4)


def test_auc_with_weights_is_auc_of_repeated_shots():
    rng = np.random.default_rng(3)
    prediction, goal = rng.random(60).round(1), (rng.random(60) < 0.3).astype(float)
    weights = rng.integers(0, 4, 60)
    again = np.repeat(np.arange(60), weights)
    expected = roc_auc_score(goal[again], prediction[again])
    assert weighted_auc(prediction, goal, weights[None, :].astype(float))[0] == pytest.approx(expected)


def test_auc_without_a_goal_is_unknown():
    assert np.isnan(weighted_auc(np.array([0.1, 0.2]), np.zeros(2), np.ones((1, 2)))[0])


def test_log_loss_agrees_with_scikit_learn_and_survives_certainty():
    p, y = np.array([0.9, 0.2, 0.4]), np.array([1.0, 0.0, 1.0])
    assert log_losses(p, y).mean() == pytest.approx(log_loss(y, p))
    assert np.isfinite(log_losses(np.array([0.0, 1.0]), np.array([1.0, 0.0]))).all()


def test_shots_of_a_match_are_drawn_together():
    weights = match_weights(["a", "b", "a", "c"], resamples=50, seed=1)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(axis=1) == 3).all()
    assert weights[:, 0].std() > 0


def test_a_forecaster_does_not_differ_from_itself_and_beats_noise():
    rng = np.random.default_rng(5)
    p = rng.random(600)
    goal = (rng.random(600) < p).astype(float)
    matches = np.repeat(np.arange(60), 10)
    found = metric_intervals({"model": p, "twin": p, "noise": rng.random(600)}, goal, matches)
    assert found["twin"]["auc_difference"] == (0.0, 0.0)
    assert found["noise"]["auc_difference"][0] > 0.1
    assert found["noise"]["log_loss_difference"][1] < 0
    low, high = found["model"]["auc"]
    assert low < roc_auc_score(goal, p) < high
    assert "auc_difference" not in found["model"]
