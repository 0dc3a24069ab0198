"""The logit worked out by hand, and what happens where somebody is missing."""

import math

import numpy as np
import pytest

from xgoals.feeds.simulator.goals import INTERCEPT, PENALTY_GOAL_RATE, goal_log_odds, outcomes
from xgoals.feeds.simulator.scenes import Kind, Moments


def moment(kind: Kind, keeper: tuple[float, float] = (49.5, 0.0)) -> Moments:
    """A shot 10 m out on the axis, keeper 3 m before goal, one opponent 4.5 m ahead and one out of reach."""
    opponents = np.full((1, 10, 2), np.nan)
    opponents[0, 0] = 47.0, 0.0
    opponents[0, 1] = 20.0, 30.0
    return Moments(
        kind=np.array([kind], dtype=np.int64),
        x_m=np.array([42.5]),
        y_m=np.array([0.0]),
        keeper_m=np.array([keeper]),
        opponents_m=opponents,
        teammates_m=np.full((1, 9, 2), np.nan),
    )


ANGLE_DEG = 2 * math.degrees(math.atan(0.366))
WITHOUT_KEEPER = INTERCEPT - 2.02 * math.log(10) + 0.127 * ANGLE_DEG / 10 - 0.32 - 0.68 * 0.5**1.75
KEEPER = -2.19 * math.atan(1 / 7) / math.atan(0.366) - 0.28 * math.log(8) + 0.203 * 3


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.FOOT, WITHOUT_KEEPER + KEEPER),
        (Kind.HEADER, WITHOUT_KEEPER + KEEPER - 0.90),
        (Kind.FREE_KICK, WITHOUT_KEEPER + KEEPER + 1.35),
        (Kind.PENALTY, math.log(PENALTY_GOAL_RATE / (1 - PENALTY_GOAL_RATE))),
    ],
)
def test_log_odds_by_hand(kind: Kind, expected: float) -> None:
    assert goal_log_odds(moment(kind))[0] == pytest.approx(expected)


def test_a_keeper_off_the_bisector_costs_034_for_ten_degrees() -> None:
    off = math.radians(10)
    keeper = (42.5 + 7 * math.cos(off), 7 * math.sin(off))
    distance = math.hypot(10 - 7 * math.cos(off), 7 * math.sin(off))
    expected = WITHOUT_KEEPER + KEEPER - 0.34 + 0.203 * (distance - 3)
    assert goal_log_odds(moment(Kind.FOOT, keeper))[0] == pytest.approx(expected)


def test_without_a_keeper_his_terms_are_left_out() -> None:
    alone = goal_log_odds(moment(Kind.FOOT, (np.nan, np.nan)))[0]
    assert alone == pytest.approx(WITHOUT_KEEPER)


def test_certain_shots_go_in_and_hopeless_ones_never() -> None:
    rng = np.random.default_rng(0)
    assert {str(outcomes(rng, moment(Kind.FOOT), np.ones(1))[0]) for _ in range(50)} == {"goal"}
    others = {str(outcomes(rng, moment(Kind.FOOT), np.zeros(1))[0]) for _ in range(300)}
    assert others == {"saved", "blocked", "off_target", "woodwork"}
    assert "blocked" not in {str(outcomes(rng, moment(Kind.PENALTY), np.zeros(1))[0]) for _ in range(300)}
