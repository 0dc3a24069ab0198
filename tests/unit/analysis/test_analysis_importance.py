"""Importance by hand; what is never used is named, not shown as a zero."""

import numpy as np
import pytest

from xgoals.analysis.agreement import rank_correlation
from xgoals.analysis.importance import importance
from xgoals.analysis.seasons import MIN_SHOTS_OF_A_SEASON, importance_by_season


@pytest.fixture
def three(shots):
    return shots(
        {"shap_AngleToGoal": 0.4, "shap_Header": -0.1},
        {"shap_AngleToGoal": -0.2, "shap_Header": 0.0},
        {"is_penalty": True, "shap_AngleToGoal": 9.0, "shap_Penalty": 2.0},
    )


def test_mean_of_absolute_values_without_penalties(three, model):
    found = importance(three, model)
    assert [row.name for row in found.features] == ["AngleToGoal", "Header"]
    assert [row.mean_abs for row in found.features] == pytest.approx([0.3, 0.05])
    assert [row.share for row in found.features] == pytest.approx([6 / 7, 1 / 7])
    assert (found.n_shots, found.scale) == (2, pytest.approx(0.3))


def test_intervals_take_whole_matches_as_units(three, model):
    one_match = importance(three, model).features[0]
    assert (one_match.standard_error, one_match.low, one_match.high) == (None, None, None)
    found = importance(three.assign(match_id=["m1", "m2", "m3"]), model)
    angle = found.features[0]
    assert angle.standard_error == pytest.approx(0.1)  # sd of .4 and .2, over root 2
    assert (angle.low, angle.high) == pytest.approx((0.3 - 0.196, 0.3 + 0.196))
    assert found.features[1].low == 0.0  # a mean of absolute values is never below zero
    assert found.scale == pytest.approx(0.496)


def test_unused_features_are_told_apart(three, model):
    found = importance(three, model)
    assert [row["name"] for row in found.only_penalties] == ["Penalty"]
    reasons = {row.name: row.reason for row in found.never}
    assert reasons == {"DistanceToGoal": "unused", "TakerSetup": "unused", "PlayerSpeed": "missing"}


def test_groups_are_shown_only_with_values_of_their_own(three, model):
    assert importance(three, model).groups == ()
    three["group_place"] = [0.5, -0.1, 9.0]
    group = importance(three, model).groups[0]
    assert group.mean_abs == pytest.approx(0.3)
    assert group.members == ("Angle to goal", "Distance to goal")


def test_no_shot_at_all(shots, model):
    found = importance(shots({"is_penalty": True}), model)
    assert found.features == ()
    assert found.n_shots == 0


def test_seasons_are_compared_only_when_large_enough(shots):
    n = MIN_SHOTS_OF_A_SEASON
    same = {"shap_AngleToGoal": 0.3, "shap_Header": 0.1}
    turned = {"shap_AngleToGoal": 0.1, "shap_Header": 0.3}
    frame = shots(
        *[{"season": "a", **same}] * (n + 1), *[{"season": "b", **turned}] * n, *[{"season": "c", **same}] * 3
    )
    found = importance_by_season(frame, ["AngleToGoal", "Header"])
    assert [(row.season, row.n_shots, row.enough) for row in found.seasons] == [
        ("a", n + 1, True),
        ("b", n, True),
        ("c", 3, False),
    ]
    assert found.seasons[0].mean_abs == pytest.approx([0.3, 0.1])
    assert found.seasons[1].agreement == pytest.approx(-1.0)
    assert found.seasons[2].agreement is None
    assert found.least_agreement == pytest.approx(-1.0)
    assert found.top == pytest.approx(0.3)


def test_one_season_has_nothing_to_agree_with(shots):
    frame = shots(*[{"shap_AngleToGoal": 0.3}] * (MIN_SHOTS_OF_A_SEASON + 5))
    found = importance_by_season(frame, ["AngleToGoal", "Header"])
    assert found.least_agreement is None


def test_rank_correlation_by_hand():
    assert rank_correlation(np.array([1.0, 2, 3]), np.array([10.0, 30, 20])) == pytest.approx(0.5)
    assert rank_correlation(np.array([1.0, 1, 1]), np.array([1.0, 2, 3])) is None
    assert rank_correlation(np.array([1.0]), np.array([1.0])) is None
