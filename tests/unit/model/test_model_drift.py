"""Drift is told where it is and not where it is not, and chance is measured by matches."""

import numpy as np
import pandas as pd
import pytest

from xgoals.model.drift import MIN_SHOTS, find_drift

KINDS = {"Distance": "continuous", "SetUp": "category", "Header": "binary"}


def simulated(n_known: int, n_new: int, seed: int, *, match_effect: float = 0.0):
    """Shots of 25 a match: features with a common part in each match, goals as expected."""
    rng = np.random.default_rng(seed)
    n = (n_known + n_new) * 25
    match = np.repeat(np.arange(n_known + n_new), 25)
    xg = rng.uniform(0.02, 0.2, n)
    shots = pd.DataFrame({
        "match_n": match,
        "Distance": rng.normal(size=n) + match_effect * rng.normal(size=n_known + n_new)[match],
        "SetUp": rng.integers(0, 5, n).astype(float),
        "Header": np.where(rng.random(n) < 0.2, 1.0, -1.0),
        "is_goal": rng.random(n) < xg,
    })  # fmt: skip
    return shots, match >= n_known, xg


def found(shots, is_new, xg):
    return find_drift(shots, shots["match_n"].to_numpy(), is_new, KINDS, xg, seed=1)


def test_the_same_football_is_no_drift_in_a_hundred_seasons():
    drifts = [found(*simulated(100, 20, seed)) for seed in range(100)]
    assert sum(bool(drift.moved) for drift in drifts) == 0
    assert sum(drift.goals_are_off for drift in drifts) <= 3


def test_shots_of_a_match_that_are_alike_are_no_drift():
    # Every match has a level of its own: 12 matches differ from 30 by far more than their 300 shots would by chance.
    drifts = [found(*simulated(30, 12, seed, match_effect=2.0)) for seed in range(60)]
    distances = [
        abs(shots["Distance"][is_new].median() - shots["Distance"][~is_new].median())
        for shots, is_new, _ in (simulated(30, 12, seed, match_effect=2.0) for seed in range(60))
    ]
    assert max(distances) > 1.0, "or this shows nothing"
    assert sum(bool(drift.moved) for drift in drifts) <= 2


@pytest.mark.parametrize(
    ("feature", "change"),
    [
        ("Distance", lambda values: values + 0.6),
        ("SetUp", lambda values: values.where(values != 3, 0.0)),
        ("Header", lambda values: -values),
        ("Distance", lambda values: values.where(values > -0.8)),  # missing where it was known
    ],
)
def test_a_feature_that_is_measured_otherwise_is_named_and_no_other(feature, change):
    shots, is_new, xg = simulated(100, 20, 7)
    shots.loc[is_new, feature] = change(shots.loc[is_new, feature])
    drift = found(shots, is_new, xg)
    assert list(drift.moved) == [feature]
    assert f"a label for {feature} (0." in drift.sentence({feature: f"a label for {feature}"})


def test_a_small_change_is_not_told_however_sure_it_is():
    shots, is_new, xg = simulated(400, 400, 3)
    shots.loc[is_new, "Distance"] += 0.3  # Kolmogorov and Smirnov: 0.12
    assert not found(shots, is_new, xg).moved


def test_goals_beyond_chance_are_told_with_both_numbers():
    shots, is_new, xg = simulated(100, 20, 5)
    drift = found(shots, is_new, np.where(is_new, 2 * xg, xg))
    assert drift.goals_are_off
    assert not drift.moved
    assert drift.goals == shots["is_goal"][is_new].sum()
    assert drift.expected_goals == pytest.approx(2 * xg[is_new].sum())
    assert f"{drift.goals} goals where it expects {drift.expected_goals:.1f}" in drift.sentence({})


def test_a_champion_that_expects_too_much_everywhere_has_not_drifted():
    shots, is_new, xg = simulated(100, 20, 5)
    assert not found(shots, is_new, 2 * xg).goals_are_off


def test_goals_of_a_small_window_have_their_share_of_chance():
    # Champions that know nothing but the goal rate of 20 matches, meeting 100 more.
    n_off = 0
    for seed in range(200):
        shots, is_new, xg = simulated(20, 100, seed)
        rate = shots["is_goal"][~is_new].mean()
        n_off += find_drift(
            shots, shots["match_n"].to_numpy(), is_new, {}, np.full(len(xg), rate), seed=1
        ).goals_are_off
    assert n_off <= 2


def test_too_few_new_shots_say_nothing():
    shots, is_new, xg = simulated(100, MIN_SHOTS // 25 - 1, 5)
    assert found(shots, is_new, xg) is None
    assert found(*simulated(100, MIN_SHOTS // 25, 5)) is not None


def test_the_state_is_the_same_until_something_else_drifts():
    shots, is_new, xg = simulated(100, 20, 7)
    shots.loc[is_new, "Distance"] += 0.6
    first = found(shots, is_new, xg)
    shots.loc[is_new, "Distance"] += 0.1
    more = found(shots, is_new, xg)
    shots.loc[is_new, "Header"] *= -1
    both = found(shots, is_new, xg)
    assert first.moved != more.moved
    assert first.state("m") == more.state("m") != both.state("m")
    assert first.state("m") != first.state("n")
