"""The steps of a shot, and the scale that all of a page share."""

import pytest

from xgoals.domain.reason import Part, PartValue, ShotReasons
from xgoals.report.shot.waterfall import Scale, waterfall


def reasons(*values, told=(), n_refits=20):
    parts = {
        part: PartValue(value, 0.01, 20, is_told=part in told)
        for part, value in zip(Part, values, strict=True)
    }
    xg = 0.1 + sum(value or 0.0 for value in values)
    return ShotReasons(0.1, xg, parts, n_refits=n_refits)


def test_steps_stand_in_footballs_order_touch_and_end_at_the_shot():
    found = reasons(0.3, -0.15, 0.05, 0.0, told=(Part.PLACE,))
    fall = waterfall(found, Scale.of([found]))
    assert [step.part for step in fall.steps] == list(Part)[:-1], "a zero has no row"
    place, keeper, opponents = fall.steps
    assert place.left_pct == pytest.approx(fall.average_pct)
    assert place.left_pct + place.width_pct == pytest.approx(keeper.left_pct + keeper.width_pct)
    assert keeper.left_pct == pytest.approx(opponents.left_pct)
    assert opponents.left_pct + opponents.width_pct == pytest.approx(fall.xg_pct)
    assert [step.is_held for step in fall.steps] == [True, False, False]


def test_a_tenth_of_xg_is_as_long_on_every_card():
    small, large = reasons(0.02, 0.0, 0.0, 0.0), reasons(0.8, 0.0, -0.1, 0.0)
    scale = Scale.of([small, large])
    a, b = waterfall(small, scale).steps[0], waterfall(large, scale).steps[1]
    assert b.width_pct / a.width_pct == pytest.approx(5.0)
    for found in (small, large):
        fall = waterfall(found, scale)
        assert all(step.left_pct >= 0 and step.right_pct <= 100 for step in fall.steps)


def test_a_number_stands_on_the_side_of_its_bar_where_there_is_room():
    large = reasons(0.8, 0.0, -0.1, 0.0)
    fall = waterfall(large, Scale.of([large]))
    assert [step.is_right for step in fall.steps] == [True] * 2
    assert fall.ends_right
    small = reasons(-0.05, 0.0, 0.0, 0.0)
    fall = waterfall(small, Scale.of([small, large]))
    assert [step.is_right for step in fall.steps] == [False]
    assert not fall.ends_right


def test_a_part_that_is_not_known_has_no_bar_and_the_next_goes_on_from_there():
    found = reasons(0.1, None, -0.03, 0.02)
    place, keeper, opponents, _ = waterfall(found, Scale.of([found])).steps
    assert keeper.value is None
    assert opponents.right_pct == pytest.approx(place.right_pct)


def test_where_nobodys_position_is_known_keeper_and_opponents_have_no_row():
    found = reasons(0.1, None, None, None)
    place, strike = waterfall(found, Scale.of([found])).steps
    assert (place.part, strike.part, strike.value) == (Part.PLACE, Part.STRIKE, None), (
        "said to be not recorded"
    )


def test_a_sum_below_zero_on_the_way_stays_in_the_picture():
    found = reasons(-0.05, -0.1, 0.1, 0.0)
    assert min(step.left_pct for step in waterfall(found, Scale.of([found])).steps) == pytest.approx(0.0)


def test_a_penalty_has_no_steps_and_a_page_without_reasons_a_scale_all_the_same():
    penalty = ShotReasons(0.1, 0.78, {})
    scale = Scale.of([penalty])
    assert waterfall(penalty, scale) is None
    assert scale.high > scale.low
    assert Scale.of([]).high > 0
