"""Importance by club: agreement, and who is shown."""

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.agreement import ndcg
from xgoals.analysis.clubs import importance_by_club
from xgoals.model.resampling import clustered_error


def league(shots, n_matches=60, per_club=6, odd=None, shift=0.0):
    """Two clubs a match out of six; ``odd`` has its angle count for more by ``shift``."""
    rng = np.random.default_rng(8)
    rows = []
    for match in range(n_matches):
        for club in (f"Club {match % 6}", f"Club {(match + 1) % 6}"):
            extra = shift if club == odd else 0.0
            rows += [
                {
                    "match_id": f"m{match}",
                    "team": club,
                    "shap_AngleToGoal": 0.5 + extra + rng.normal(0, 0.05),
                    "shap_Header": 0.1 + rng.normal(0, 0.02),
                }
                for _ in range(per_club)
            ]
    return shots(*rows)


def test_clubs_stand_beside_all_others(shots):
    found = importance_by_club(league(shots, odd="Club 3", shift=0.2), ["AngleToGoal", "Header"])
    assert found.n_clubs == 6
    assert found.least_agreement == pytest.approx(1.0)
    low, width = found.spans[0]
    assert low == min(row.mean_abs[0] for row in found.clubs)
    assert low + width == max(row.mean_abs[0] for row in found.clubs) == pytest.approx(0.7, abs=0.02)
    assert found.clubs[0].ndcg == pytest.approx(1.0)


def test_a_club_with_three_shots_is_left_out_and_counted(shots):
    frame = pd.concat([league(shots), shots(*[{"team": "Tiny", "match_id": "t"}] * 3)])
    found = importance_by_club(frame, ["AngleToGoal", "Header"])
    assert "Tiny" not in [row.club for row in found.clubs]
    assert found.n_small == 1


def test_too_few_clubs(shots):
    found = importance_by_club(shots({}, {}), ["AngleToGoal"])
    assert (found.clubs, found.least_agreement) == ((), None)


def test_the_clustered_error_is_the_plain_one_for_matches_of_one_shot_and_larger_for_clones():
    rng = np.random.default_rng(2)
    values = rng.normal(size=(400, 2))
    plain = clustered_error(values, np.arange(400))
    assert plain == pytest.approx(values.std(axis=0, ddof=1) / 20)
    clones = clustered_error(np.repeat(values, 5, axis=0), np.repeat(np.arange(400), 5))
    assert clones == pytest.approx(plain)  # five copies of a shot say no more than one


def test_ndcg_by_hand():
    weights = np.array([4.0, 2.0, 1.0])
    assert ndcg(np.array([3.0, 2.0, 1.0]), weights) == pytest.approx(1.0)
    best = 4 + 2 / np.log2(3) + 1 / 2
    assert ndcg(np.array([1.0, 3.0, 2.0]), weights) == pytest.approx((2 + 1 / np.log2(3) + 4 / 2) / best)
    assert ndcg(np.array([1.0, 2.0]), np.zeros(2)) is None
