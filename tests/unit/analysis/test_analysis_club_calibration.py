"""Clubs against their honest xG: nobody is found where names are shuffled, and who is off is found."""

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.evaluated.club_calibration import beyond_chance, club_calibration

N_CLUBS, SHOTS = 12, 12


def league(n_matches=240, seed=1, *, sharp=None, factor=1.0):
    """Two clubs a match, strong ones with better chances; ``sharp`` scores ``factor`` times what is expected."""
    rng = np.random.default_rng(seed)
    match = np.repeat(np.arange(n_matches), 2 * SHOTS)
    side = np.tile(np.repeat([0, 1], SHOTS), n_matches)
    club = (match + side * (1 + match // N_CLUBS % (N_CLUBS - 1))) % N_CLUBS
    xg = np.clip(rng.beta(0.9, 8, len(match)) * np.where(club < 3, 1.6, 1.0), 0.005, 0.9)
    chance = np.minimum(0.95, xg * np.where(club == sharp, factor, 1.0))
    return pd.DataFrame({
        "match_id": match.astype(str), "team": [f"Club {number:02d}" for number in club], "xg_out_of_fold": xg,
        "is_goal": rng.random(len(match)) < chance, "is_penalty": False,
    })  # fmt: skip


def shuffled(frame, seed):
    """The same with club names drawn over the teams of all matches."""
    block = frame.groupby(["match_id", "team"]).ngroup().to_numpy()
    names = frame.groupby(block)["team"].first().to_numpy()
    return frame.assign(team=np.random.default_rng(seed).permutation(names)[block])


def test_shuffled_names_are_found_off_no_more_often_than_promised():
    frame = league()
    runs = [club_calibration(shuffled(frame, seed), n_shufflings=999) for seed in range(40)]
    assert sum(bool(run.off) for run in runs) <= 5, "5 % of 40, and what luck leaves"


def test_a_calibrated_model_is_off_for_no_club_though_strong_clubs_have_more_luck_to_have():
    runs = [club_calibration(league(seed=seed), n_shufflings=999) for seed in range(20)]
    assert sum(bool(run.off) for run in runs) <= 4
    outside = np.mean([run.n_outside for run in runs])
    assert outside <= 1.5 * runs[0].outside_by_chance


def test_a_club_that_scores_twice_what_is_expected_is_found_and_no_other():
    found = club_calibration(league(sharp=5, factor=1.8), n_shufflings=1999)
    assert [club.club for club in found.off] == ["Club 05"]
    (club,) = found.off
    own = league(sharp=5, factor=1.8).query("team == 'Club 05'")
    assert (club.n_shots, club.goals) == (len(own), own["is_goal"].sum())
    assert club.per_100 == pytest.approx(100 * (own["is_goal"] - own["xg_out_of_fold"]).mean())
    assert 0 < club.interval[0] < club.per_100 < club.interval[1]


def test_clubs_with_few_shots_are_counted_and_penalties_and_unrated_shots_left_out():
    frame = league(60)
    frame.loc[frame["team"] == "Club 00", "team"] = frame.loc[frame["team"] == "Club 00", "match_id"]
    some = frame.assign(
        is_penalty=frame.index < 10, xg_out_of_fold=frame["xg_out_of_fold"].where(frame.index >= 20)
    )
    found = club_calibration(some, n_shufflings=99)
    assert found.n_small > 5
    assert sum(club.n_shots for club in found.clubs) < len(frame) - 20
    assert club_calibration(frame[:0], n_shufflings=99).clubs == ()


def test_benjamini_and_hochberg_by_hand():
    # thresholds .0125, .025, .0375, .05: .03 passes as the third, and takes .026 with it
    assert beyond_chance([0.2, 0.001, 0.03, 0.026]) == [False, True, True, True]
    assert beyond_chance([0.2, 0.02, 0.3, 0.4]) == [False] * 4
    assert beyond_chance([]) == []
