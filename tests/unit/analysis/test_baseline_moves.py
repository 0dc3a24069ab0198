"""What changes with the baseline, on four shots that can be worked by hand."""

import numpy as np
import pytest

from xgoals.analysis.baselines.moves import Against, baseline_moves, first_reasons

NAMES, GROUPS = ["far", "angle", "head"], ["place", "strike"]
STORED = Against(
    np.full(4, 0.1),
    np.array([[0.2, 0.1, 0.0], [-0.1, 0.05, 0.0], [0.3, -0.1, 0.1], [0.0, 0.1, -0.2]]),
    np.array([[0.3, 0.0], [-0.05, 0.0], [0.2, 0.1], [0.1, -0.2]]),
)
OTHER = Against(
    np.array([0.2, 0.2, 0.3, 0.3]),
    np.array([[0.1, 0.2, -0.1], [-0.1, -0.05, 0.0], [0.1, -0.1, 0.1], [0.0, -0.1, -0.2]]),
    np.array([[0.3, -0.1], [-0.05, -0.1], [0.1, 0.0], [-0.1, -0.2]]),
)
MATCH = np.array([0, 0, 1, 1])


def test_means_ranks_and_changes_by_hand():
    stored, other = baseline_moves([STORED, OTHER], MATCH, NAMES, GROUPS)
    assert [part.name for part in stored.features] == NAMES
    assert [part.mean_abs.value for part in stored.features] == pytest.approx([0.15, 0.0875, 0.075])
    assert [part.mean_abs.value for part in other.features] == pytest.approx([0.075, 0.1125, 0.1])
    assert [part.mean for part in other.features] == pytest.approx([0.025, -0.0125, -0.05])
    assert [part.rank for part in stored.features] == [1, 2, 3]
    assert [(part.rank, part.rank_before) for part in other.features] == [(3, 1), (1, 2), (2, 3)]
    # First features: far, far, far, head; against the other: angle, far, far (of three alike the first), head.
    assert stored.other_first_feature.value == 0
    assert other.other_first_feature.value == 0.25
    # First groups: place, place, place, strike; place, strike, place, strike.
    assert other.other_first_group.value == 0.25
    assert (other.base_value, other.base_low, other.base_high) == pytest.approx((0.25, 0.2, 0.3))


def test_base_value_and_mean_values_add_up_to_the_mean_prediction():
    for of, moves in zip((STORED, OTHER), baseline_moves([STORED, OTHER], MATCH, NAMES, GROUPS), strict=True):
        mean = float((of.base_values + of.feature_values.sum(axis=1)).mean())
        assert moves.base_value + sum(part.mean for part in moves.features) == pytest.approx(mean)


def test_intervals_are_over_matches_and_none_with_one():
    (_, other) = baseline_moves([STORED, OTHER], MATCH, NAMES, GROUPS)
    # Shares 0, 1 in the one match and 0, 0 in the other, about .25: sums .5 and -.5, error sqrt(.5 * 2) / 4 = .25.
    found = other.other_first_group
    assert (found.low, found.high) == pytest.approx((0.0, 0.25 + 1.96 * 0.25))
    (_, alone) = baseline_moves([STORED, OTHER], np.zeros(4, dtype=int), NAMES, GROUPS)
    assert alone.other_first_group.low is alone.other_first_group.high is None
    assert alone.features[0].mean_abs.low is None


def test_a_share_does_not_leave_0_to_1():
    sure = Against(OTHER.base_values, STORED.feature_values[:, ::-1], STORED.group_values[:, ::-1])
    (_, other) = baseline_moves([STORED, sure], MATCH, NAMES, GROUPS)
    assert other.other_first_group.value == 1.0
    assert other.other_first_group.high == 1.0


def test_the_first_reason_is_the_largest_whatever_its_sign():
    assert first_reasons(np.array([[0.1, -0.2], [0.2, -0.2]])).tolist() == [1, 0]
