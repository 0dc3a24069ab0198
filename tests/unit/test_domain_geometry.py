"""Geometry of a shot against numbers worked out by hand: goal line at x = 52.5, posts at y = ±3.66."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xgoals.domain import geometry as g

GOAL_X = 52.5
place_x = st.floats(-40, 52.4)
place_y = st.floats(-33, 33)


class TestAngleToGoal:
    def test_at_the_penalty_spot_it_is_twice_atan_of_half_goal_over_eleven(self) -> None:
        assert g.angle_to_goal_deg(41.5, 0, GOAL_X) == pytest.approx(2 * math.degrees(math.atan(3.66 / 11)))

    def test_beside_the_goal_it_is_the_difference_of_two_bearings(self) -> None:
        # 10 m out, 7.66 m to the left: posts at 4 m and 11.32 m to the right.
        expected = math.degrees(math.atan2(11.32, 10) - math.atan2(4.0, 10))
        assert g.angle_to_goal_deg(42.5, 7.66, GOAL_X) == pytest.approx(expected)

    def test_close_to_the_line_between_the_posts_it_opens_beyond_ninety_degrees(self) -> None:
        assert g.angle_to_goal_deg(52.5 - 3.66, 0, GOAL_X) == pytest.approx(90)
        assert g.angle_to_goal_deg(52.5 - 1, 0, GOAL_X) == pytest.approx(2 * math.degrees(math.atan(3.66)))

    @pytest.mark.parametrize(("y", "expected"), [(0.0, 180.0), (5.0, 0.0), (3.66, 0.0)])
    def test_on_the_goal_line(self, y: float, expected: float) -> None:
        assert g.angle_to_goal_deg(GOAL_X, y, GOAL_X) == pytest.approx(expected)

    def test_behind_the_line_counts_as_on_the_line(self) -> None:
        assert g.angle_to_goal_deg(53.0, 1.0, GOAL_X) == pytest.approx(180)
        assert g.angle_to_goal_deg(53.0, 9.0, GOAL_X) == pytest.approx(0)

    @given(place_x, place_y)
    def test_mirroring_the_pitch_changes_nothing(self, x: float, y: float) -> None:
        assert g.angle_to_goal_deg(x, y, GOAL_X) == pytest.approx(g.angle_to_goal_deg(x, -y, GOAL_X))


class TestDistances:
    def test_to_the_centre_of_the_goal_line(self) -> None:
        assert g.distance_to_goal_m(49.5, 4.0, GOAL_X) == pytest.approx(5.0)

    def test_to_the_closest_point_straight_ahead_and_at_the_post(self) -> None:
        np.testing.assert_allclose(
            g.distance_to_goal_closest_m([42.5, 49.5, 49.5], [2.0, 7.66, -7.66], GOAL_X), [10.0, 5.0, 5.0]
        )


class TestPressure:
    @pytest.mark.parametrize(
        ("person", "expected"),
        [
            ((44.5, 0.0), (1 - 4.5 / 9) ** 1.75),  # ahead: z = 1, L = 9
            ((38.5, 0.0), (1 - 1.5 / 3) ** 1.75),  # behind: z = 0, L = 3
            # abreast: z = .5, L = 3 + 6 (.125 + .15) / 1.3 = 4.26923
            ((40.0, 2.0), (1 - 2 / (3 + 6 * 0.275 / 1.3)) ** 1.75),
            ((40.0, 0.0), 1.0),
            ((50.0, 0.0), 0.0),
        ],
    )
    def test_by_hand(self, person: tuple[float, float], expected: float) -> None:
        assert g.pressure(40.0, 0.0, *person, GOAL_X) == pytest.approx(expected)

    def test_the_oval_points_to_the_goal_not_along_the_pitch(self) -> None:
        # Shooter at (42.5, 10): the goal's centre lies at (10, -10) from him, so does the opponent.
        step = 4.5 / math.sqrt(2)
        assert g.pressure(42.5, 10, 42.5 + step, 10 - step, GOAL_X) == pytest.approx(0.5**1.75)

    def test_other_parameters(self) -> None:
        assert g.pressure(40, 0, 42.5, 0, GOAL_X, d_front_m=5, d_back_m=2, q=1) == pytest.approx(0.5)
        assert g.pressure(40, 0, 39, 0, GOAL_X, d_front_m=5, d_back_m=2, q=1) == pytest.approx(0.5)

    def test_shooter_in_the_goals_centre_is_pressed_as_from_the_side(self) -> None:
        expected = (1 - 2 / (3 + 6 * 0.275 / 1.3)) ** 1.75
        assert g.pressure(GOAL_X, 0, GOAL_X - 2, 0, GOAL_X) == pytest.approx(expected)

    @given(place_x, place_y, place_x, place_y)
    def test_between_zero_and_one_and_the_same_in_the_mirror(
        self, x: float, y: float, px: float, py: float
    ) -> None:
        value = g.pressure(x, y, px, py, GOAL_X)
        assert 0 <= value <= 1
        assert value == pytest.approx(g.pressure(x, -y, px, -py, GOAL_X), abs=1e-12)


class TestInShotTriangle:
    # Shooter at (42.5, 0): at x = 47.5 the triangle is 1.83 m to either side.
    @pytest.mark.parametrize(
        ("person", "expected"),
        [
            ((47.5, 0.0), 1),
            ((47.5, 1.82), 1),
            ((47.5, 1.84), 0),
            ((47.5, -1.82), 1),
            ((47.5, -1.84), 0),
            ((42.4, 0.0), 0),
            ((52.6, 0.0), 0),
            ((52.5, 3.65), 1),
        ],
    )
    def test_strict(self, person: tuple[float, float], expected: int) -> None:
        assert g.in_shot_triangle(42.5, 0, *person, GOAL_X) == expected

    @pytest.mark.parametrize(
        ("person", "expected"),
        [
            ((47.5, 1.83 + 0.99 / math.cos(math.atan(0.366))), 1),  # 0.99 m square to the left side
            ((47.5, 1.83 + 1.01 / math.cos(math.atan(0.366))), 0),
            ((47.5, -1.83 - 0.99 / math.cos(math.atan(0.366))), 1),
            ((42.4, 0.0), 0),  # behind the shooter, however close
            ((53.4, 0.0), 1),  # 0.9 m behind the line
            ((53.6, 0.0), 0),
        ],
    )
    def test_with_a_margin_of_one_metre(self, person: tuple[float, float], expected: int) -> None:
        assert g.in_shot_triangle(42.5, 0, *person, GOAL_X, margin_m=1.0) == expected

    def test_from_beside_the_goal_nobody_is_in_front(self) -> None:
        assert g.in_shot_triangle(GOAL_X, 10, 50.0, 5.0, GOAL_X) == 0

    def test_shooter_on_a_post_gives_no_warning(self) -> None:
        assert g.in_shot_triangle(GOAL_X, 3.66, 51.0, 5.0, GOAL_X, margin_m=0.5) == 0

    @given(place_x, place_y, st.floats(0.001, 0.999), st.floats(-0.999, 0.999))
    def test_every_point_between_shooter_and_goal_mouth_is_inside(
        self, x: float, y: float, along: float, across: float
    ) -> None:
        target = across * g.HALF_GOAL_M
        px, py = x + along * (GOAL_X - x), y + along * (target - y)
        assert g.in_shot_triangle(x, y, px, py, GOAL_X) == 1


class TestKeeper:
    def test_coverage_on_the_axis_by_hand(self) -> None:
        # 11 m out, keeper 3 m before the line: 8 m away, half a metre hides 2 atan(.5/8) of 2 atan(3.66/11).
        expected = math.atan(0.5 / 8) / math.atan(3.66 / 11)
        value = g.keeper_coverage_share(41.5, 0, 49.5, 0, GOAL_X, half_reach_m=0.5)
        assert value == pytest.approx(expected)

    def test_a_keeper_who_overlaps_one_post_hides_only_what_lies_inside(self) -> None:
        # Keeper on the line to the left post: one half of his shadow falls outside.
        value = g.keeper_coverage_share(41.5, 0, 47.0, 1.83, GOAL_X, half_reach_m=1.0)
        shadow = math.atan(1.0 / math.hypot(5.5, 1.83))
        assert value == pytest.approx(shadow / (2 * math.atan(3.66 / 11)))

    @pytest.mark.parametrize(("keeper", "expected"), [((41.6, 0.0), 1.0), ((38.0, 0.0), 0.0), ((41.5, 0), 1)])
    def test_right_before_behind_and_on_the_shooter(self, keeper: tuple[float, float], expected: int) -> None:
        assert g.keeper_coverage_share(41.5, 0, *keeper, GOAL_X, half_reach_m=1.6) == pytest.approx(expected)

    def test_without_an_opening_there_is_no_share(self) -> None:
        assert np.isnan(g.keeper_coverage_share(GOAL_X, 10, 52, 0, GOAL_X, half_reach_m=1.0))

    def test_off_bisector_is_signed_to_the_attackers_left(self) -> None:
        assert g.off_bisector_deg(42.5, 0, 47.5, 5, GOAL_X) == pytest.approx(45)
        assert g.off_bisector_deg(42.5, 0, 47.5, -5, GOAL_X) == pytest.approx(-45)

    def test_off_bisector_uses_the_bisector_of_the_opening_not_the_line_to_the_centre(self) -> None:
        # 3.66 m before the right post: bearings 0 and atan2(7.32, 3.66); the bisector lies between them.
        bisector = math.degrees(math.atan2(7.32, 3.66)) / 2
        assert g.off_bisector_deg(52.5 - 3.66, -3.66, GOAL_X, -3.66, GOAL_X) == pytest.approx(-bisector)

    @given(place_x, place_y, place_x, place_y, st.floats(0.1, 3))
    def test_a_longer_reach_never_hides_less(
        self, x: float, y: float, kx: float, ky: float, reach: float
    ) -> None:
        less = g.keeper_coverage_share(x, y, kx, ky, GOAL_X, half_reach_m=reach)
        more = g.keeper_coverage_share(x, y, kx, ky, GOAL_X, half_reach_m=reach + 0.5)
        assert 0 <= less <= more + 1e-9 <= 1 + 1e-9


class TestMissing:
    def test_nan_stays_nan_and_leaves_its_neighbours_alone(self) -> None:
        x, y = np.array([np.nan, 40.0]), np.array([0.0, 1.0])
        for values in (
            g.angle_to_goal_deg(x, y, GOAL_X),
            g.distance_to_goal_m(x, y, GOAL_X),
            g.distance_to_goal_closest_m(x, y, GOAL_X),
            g.pressure(x, y, 45.0, 0.0, GOAL_X),
            g.in_shot_triangle(x, y, 45.0, 0.0, GOAL_X, margin_m=1.5),
            g.in_shot_triangle(45.0, 0.0, x + 6, y, GOAL_X),
            g.off_bisector_deg(x, y, 50.0, 0.0, GOAL_X),
            g.keeper_coverage_share(x, y, 50.0, 0.0, GOAL_X, half_reach_m=1.6),
        ):
            assert np.isnan(values[0])
            assert np.isfinite(values[1])

    def test_shots_broadcast_against_people(self) -> None:
        shots, people = np.array([[40.0], [30.0]]), np.array([[41.0, 42.0, 43.0]])
        assert g.pressure(shots, 0.0, people, 0.0, GOAL_X).shape == (2, 3)
