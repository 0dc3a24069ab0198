"""Intervals against textbook values, scikit-learn and the definition of a bootstrap of matches."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from xgoals.model.resampling import Draws, auc, interval, wilson_interval


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
    assert auc(np.array([0.9, 0.5, 0.5, 0.1]), [True, True, False, False]) == 3.5 / 4


@pytest.mark.parametrize("goal", [False, True])
def test_auc_without_a_goal_or_a_miss_is_unknown(goal):
    assert np.isnan(auc(np.array([0.1, 0.2]), [goal, goal]))


def test_a_resample_is_its_matches_as_often_as_they_were_drawn():
    rng = np.random.default_rng(3)
    match_ids = rng.integers(0, 8, 90).astype(str)
    prediction, goal = rng.random(90).round(1), rng.random(90) < 0.3
    draws = Draws.of(match_ids, resamples=20, seed=1)
    assert (draws.counts.sum(axis=1) == 8).all()
    aucs, means, sums = draws.aucs(prediction, goal), draws.means(prediction), draws.sums(prediction)
    for resample, counts in enumerate(draws.counts):
        again = np.repeat(np.arange(90), counts[draws.match])
        assert aucs[resample] == pytest.approx(roc_auc_score(goal[again], prediction[again]))
        assert means[resample] == pytest.approx(prediction[again].mean())
        assert sums[resample] == pytest.approx(prediction[again].sum())
    assert draws.counts.std(axis=0).min() > 0


def test_some_of_the_shots_keep_their_draws():
    draws = Draws.of(["a", "b", "a", "c"], resamples=50, seed=1)
    chosen = np.array([0, 3])
    part = draws.among(chosen)
    values = np.array([2.0, 5.0, 11.0, 7.0])
    whole = draws.sums(np.where(np.isin(np.arange(4), chosen), values, 0.0))
    np.testing.assert_allclose(part.sums(values[chosen]), whole)
    assert np.isnan(draws.among(np.array([1])).means(np.array([5.0]))).any(), "not every resample has match b"


def test_the_same_seed_draws_the_same():
    first, again, other = (Draws.of(list("abcdef"), 30, seed).counts for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_the_interval_covers_the_truth_as_often_as_it_says():
    """Goals come in matches that differ: a bootstrap of shots would be too sure, one of matches is not."""
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(200):
        rate = np.repeat(rng.beta(2, 8, 60), 10)
        draws = Draws.of(np.repeat(np.arange(60), 10), resamples=200, seed=1)
        low, high = interval(draws.means((rng.random(600) < rate).astype(float)))
        covered += low <= 0.2 <= high
    assert 180 <= covered <= 198


def test_interval_leaves_out_what_is_unknown():
    assert interval(np.array([np.nan, 1.0, 1.0])) == (1.0, 1.0)
    assert np.isnan(interval(np.array([np.nan]))).all()
