"""The physics of keeper and blockers, against hand-worked scenes and a brute-force search for the meeting point."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from xgoals.features.interception import (
    FITTED,
    KNOWN,
    MAX_SCREENING,
    N_LINES,
    Interception,
    meeting_margin_m,
)

OPPONENT = {"is_teammate": False, "is_keeper": False}
KEEPER = {"is_teammate": False, "is_keeper": True}
TEAMMATE = {"is_teammate": True, "is_keeper": False}
MIDDLE = N_LINES // 2

# Round numbers to work by hand, and a logistic curve so steep that it is a step.
PLAIN = Interception(
    foot_ball_ms=20.0, head_ball_ms=10.0, keeper_reaction_s=0.3, keeper_speed_ms=5.0, keeper_reach_m=0.5,
    screen_delay_s=0.1, screen_half_width_m=0.5, blocker_reaction_s=0.3, blocker_speed_ms=0.0,
    blocker_reach_m=0.5, keeper_softness_m=1e-3, blocker_softness_m=1e-3,
)  # fmt: skip


def lines(scenes, *people, model=PLAIN, **shot):
    return replace(scenes({**shot, "people": list(people)}), interception=model).lines


def test_a_person_at_rest_reaches_his_reach_minus_his_distance():
    margin = meeting_margin_m(
        np.array(5.0),
        np.array(0.2),
        np.array(11.0),
        np.array(20.0),
        reaction_s=1.0,
        speed_ms=5.0,
        reach_m=0.5,
    )
    assert margin == pytest.approx(0.3)  # the ball passes after 0.25 s, before he has reacted


def test_a_person_who_runs_gains_speed_times_the_time_he_has():
    # Beside the end of a 20 m line (1 s): he runs (1 - 0.4) s at 5 m/s = 3 m, reaches 0.5 m, has 3.2 m to go
    margin = meeting_margin_m(
        np.array(20.0),
        np.array(3.2),
        np.array(20.0),
        np.array(20.0),
        reaction_s=0.4,
        speed_ms=5.0,
        reach_m=0.5,
    )
    assert margin == pytest.approx(0.3)


def test_the_best_meeting_point_is_the_one_that_a_search_finds():
    rng = np.random.default_rng(7)
    along, off = rng.uniform(-5, 30, 300), rng.uniform(0, 8, 300)
    length, ball = rng.uniform(3, 30, 300), rng.uniform(10, 30, 300)
    person = {"reaction_s": 0.3, "speed_ms": 4.5, "reach_m": 0.6}
    at = np.linspace(0, 1, 40_001)[:, None] * length
    reach = 0.6 + 4.5 * np.maximum(0, at / ball - 0.3)
    searched = (reach - np.hypot(at - along, off)).max(axis=0)
    np.testing.assert_allclose(meeting_margin_m(along, off, length, ball, **person), searched, atol=1e-3)


def test_widths_add_up_to_the_angle_to_goal(scenes):
    assert lines(scenes).width_deg.sum() == pytest.approx(36.8074, abs=1e-4)


def test_an_empty_goal_with_its_keeper_far_away_is_open_altogether(scenes):
    made = lines(scenes, (KEEPER, 0.0, 30.0))
    assert made.keeper_share[0] == 0
    assert made.unblocked_share[0] == 1


def test_a_keeper_reaches_what_time_allows_on_the_line(scenes):
    # From 11 m: the ball takes about 0.55 s, he runs (0.55 - 0.3) x 5 = 1.25 m and reaches 0.5 m
    made = lines(scenes, (KEEPER, 50.0, 0.0))
    lateral = 3.66 * (2 * np.arange(N_LINES) + 1 - N_LINES) / N_LINES
    time_s = np.hypot(11.0, lateral) / 20
    expected = np.abs(lateral) <= 0.5 + 5 * (time_s - 0.3)
    # Coming off his line along the way helps by less than one line's distance.
    np.testing.assert_array_equal(made.keeper[0].round()[expected], 1)
    assert abs(made.keeper[0].sum() - expected.sum()) <= 2


def test_a_headed_ball_is_slower_so_the_keeper_gets_further(scenes):
    foot, head = (lines(scenes, (KEEPER, 50.0, 0.0), body_part=part) for part in ("left_foot", "head"))
    assert head.keeper_share[0] > foot.keeper_share[0]


@pytest.mark.parametrize("kind", [OPPONENT, TEAMMATE])
def test_whoever_stands_in_the_keepers_sight_delays_him(scenes, kind):
    free = lines(scenes, (KEEPER, 50.0, 0.0))
    screened = lines(scenes, (KEEPER, 50.0, 0.0), (kind, 45.0, 0.0))
    assert screened.keeper_share[0] < free.keeper_share[0]


def test_nobody_behind_shooter_or_keeper_screens(scenes):
    free = lines(scenes, (KEEPER, 48.0, 0.0))
    behind = lines(scenes, (KEEPER, 48.0, 0.0), (TEAMMATE, 49.0, 0.0), (TEAMMATE, 38.0, 0.0))
    np.testing.assert_array_equal(free.keeper, behind.keeper)


def test_a_crowd_screens_no_more_than_the_limit(scenes):
    crowd = [(TEAMMATE, 45.0, 0.0)] * 20
    few = replace(PLAIN, keeper_reaction_s=0.3 + 0.1 * MAX_SCREENING, screen_delay_s=0.0)
    np.testing.assert_allclose(
        lines(scenes, (KEEPER, 50.0, 0.0), *crowd).keeper,
        lines(scenes, (KEEPER, 50.0, 0.0), model=few).keeper,
    )


def test_a_blocker_close_to_the_shooter_closes_the_goal(scenes):
    # 1 m away with half-width 0.5 m: lines up to atan(...) = 30 degrees off; the posts are at 18.4 degrees
    made = lines(scenes, (KEEPER, 0.0, 30.0), (OPPONENT, 40.0, 0.0))
    assert made.unblocked.max() < 1e-6
    assert made.unblocked_share[0] == pytest.approx(0, abs=1e-6)


def test_a_blocker_far_away_closes_the_lines_that_pass_within_his_width(scenes):
    # 8.8 m away, where lines are 0.293 x 0.8 = 0.234 m apart: |k| x 0.234 <= 0.5 holds for 5 lines
    made = lines(scenes, (OPPONENT, 47.8, 0.0))
    blocked = made.unblocked[0] < 0.5
    assert blocked.sum() == 5
    assert blocked[MIDDLE - 2 : MIDDLE + 3].all()


@pytest.mark.parametrize("person", [(TEAMMATE, 40.0, 0.0), (OPPONENT, 38.0, 0.0), (OPPONENT, 45.0, 9.9)])
def test_teammates_and_opponents_out_of_the_way_block_nothing(scenes, person):
    np.testing.assert_allclose(lines(scenes, person).unblocked, 1)


def test_a_second_blocker_multiplies(scenes):
    soft = replace(PLAIN, blocker_softness_m=0.5)
    one = lines(scenes, (OPPONENT, 45.0, 1.0), model=soft).unblocked
    two = lines(scenes, (OPPONENT, 45.0, 1.0), (OPPONENT, 45.0, 1.0), model=soft).unblocked
    np.testing.assert_allclose(two, one**2)


def test_what_is_missing_stays_missing(scenes):
    without_keeper = lines(scenes, (OPPONENT, 45.0, 0.0))
    assert np.isnan(without_keeper.keeper_share[0])
    assert not np.isnan(without_keeper.unblocked).any()
    assert np.isnan(lines(scenes).unblocked_share[0])
    nowhere = lines(scenes, (KEEPER, 49.0, 0.0), x_m=np.nan, y_m=np.nan)
    assert np.isnan(nowhere.keeper_share[0])
    assert np.isnan(nowhere.unblocked_share[0])


@pytest.mark.parametrize("place", [(50.0, 0.0), (50.0, 3.66), (50.0, 20.0), (51.0, 2.0)])
def test_a_shooter_on_or_behind_the_goal_line_has_shares_within_their_ranges(scenes, place):
    made = lines(scenes, (KEEPER, 49.5, 1.0), (OPPONENT, *place), x_m=place[0], y_m=place[1])
    assert 0 <= made.keeper_share[0] <= 1
    assert 0 <= made.unblocked_share[0] <= 1


def test_a_keeper_where_the_shooter_stands_is_no_division_by_zero(scenes):
    assert lines(scenes, (KEEPER, 39.0, 0.0), (OPPONENT, 39.0, 0.0)).keeper_share[0] == pytest.approx(1)


def test_the_fitted_parameters_are_plausible():
    assert set(asdict(FITTED)) == set(KNOWN)
    for name, value in asdict(FITTED).items():
        known, sd = KNOWN[name]
        assert abs(value - known) <= 3 * sd, name
        assert value > 0, name
    assert FITTED.keeper_speed_ms < FITTED.head_ball_ms < FITTED.foot_ball_ms
