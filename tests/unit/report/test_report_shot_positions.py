"""What is measured of a scene, against hand-worked metres."""

import math

import pandas as pd
import pytest

from xgoals.domain.geometry import pressure
from xgoals.domain.reason import ShotReasons
from xgoals.language import language
from xgoals.report.shot.positions import WORTH_A_LINE, keeper_stand, positions
from xgoals.report.shot.positions_in_words import keeper_where, nearest, scene_first, who_and_where
from xgoals.report.shot.usual import usual_keepers

EN = language("en")
NAN = float("nan")
COLUMNS = ["x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms"]


def people(*rows):
    return pd.DataFrame([[*row, *([NAN] * (7 - len(row)))] for row in rows], columns=COLUMNS).assign(
        goal_x_m=52.5
    )


def at(x, y):
    return {"depth_m": 52.5 - x, "left_m": y}


def test_goal_on_top_and_left_stays_left():
    around = positions(at(41.5, 3.0), people((50.0, 1.0, False, True, "K"), (40.0, -5.0, True, False, None)))
    assert around.shooter == (-3.0, 11.0)
    assert [(p.x, p.y, p.kind, p.name, p.person_n) for p in around.people] == [
        (-1.0, 2.5, "keeper", "K", 0),
        (5.0, 12.5, "mate", "", 1),
    ]
    assert around.people[1].distance_m == pytest.approx(math.hypot(8.0, 1.5))


def test_pressure_is_that_of_the_feature_and_keepers_and_mates_press_nobody():
    near = (43.0, 0.5)
    around = positions(
        at(41.5, 0.0), people((*near, False, False), (*near, False, True), (*near, True, False))
    )
    expected = float(pressure(41.5, 0.0, *near, 52.5))
    assert expected > WORTH_A_LINE
    assert [p.pressure for p in around.people] == [pytest.approx(expected), 0.0, 0.0]
    assert [p.is_in_way for p in around.people] == [True, True, False]


def test_only_who_moves_is_on_his_way():
    around = positions(
        at(41.5, 0.0),
        people(
            (45.0, 0.0, False, False, "a", 5.0, 0.0),
            (45.0, 3.0, False, False, "b", 0.0, 0.5),
            (45.0, 5.0, False, False),
        ),
    )
    assert around.people[0].to == (pytest.approx(0.0), pytest.approx(7.5 - 2.0))
    assert [p.to for p in around.people[1:]] == [None, None]


def test_without_a_place_nothing_is_measured_and_who_has_none_is_left_out():
    assert positions({"depth_m": None, "left_m": None}, people()) is None
    assert positions(at(41.5, 0.0), people((NAN, NAN, False, False))).people == ()


def told_keeper(shooter, *keepers):
    return keeper_where(keeper_stand(positions(shooter, people(*keepers))), EN)


@pytest.mark.parametrize(
    ("shooter", "keeper", "said"),
    [
        (at(41.5, 0.0), (52.3, 0.0), "on his line, in the middle of the angle"),
        # 3 m before goal; the line from (0, 11) runs along x = 0: 1 m to the left of it
        (at(41.5, 0.0), (49.5, 1.0),
         "3.0 m off his line, 1.0 m off the middle of the angle, to the shooter's left"),
        # Straight before the left post, a goal's width out, the goal opens 45 degrees: the middle points 22.5 degrees
        # inwards. Five metres along it, and a metre to either side at right angles.
        (at(52.5 - 7.32, 3.66), (52.5 - 2.7006, 1.7466), "2.7 m off his line, in the middle of the angle"),
        (at(52.5 - 7.32, 3.66), (52.5 - 2.3179, 2.6705),
         "2.3 m off his line, 1.0 m off the middle of the angle, towards the near post"),
        (at(52.5 - 7.32, 3.66), (52.5 - 3.0833, 0.8227),
         "3.1 m off his line, 1.0 m off the middle of the angle, towards the far post"),
        (at(52.5 - 7.32, -3.66), (52.5 - 2.3179, -2.6705),
         "2.3 m off his line, 1.0 m off the middle of the angle, towards the near post"),
        (at(41.5, 0.0), (44.5, 15.0), "17.0 m from the middle of the goal, out of the way"),
        (at(49.5, 0.0), (40.5, 5.0), "13.0 m from the middle of the goal, behind the ball"),
    ],
)  # fmt: skip
def test_how_the_keeper_stood(shooter, keeper, said):
    assert told_keeper(shooter, (*keeper, False, True)) == said


@pytest.mark.parametrize(
    ("usual", "said"),
    [
        (2.4, "2.0 m off his line,"),
        (2.6, "2.0 m off his line (usually 2.6 m off it),"),
        (None, "2.0 m off his line,"),
    ],
)
def test_what_is_usual_is_told_where_it_is_another_thing(usual, said):
    stand = keeper_stand(positions(at(41.5, 0.0), people((50.5, 0.0, False, True))))
    assert keeper_where(stand, EN, usual_off_line_m=usual) == f"{said} in the middle of the angle"


def test_what_is_usual_is_the_mean_over_the_references_whose_keeper_is_known():
    def compared(*references):
        return ShotReasons(0.1, 0.2, {}, references=references)

    off = {11: 1.0, 12: 4.0}
    assert usual_keepers({1: compared(11, 12, 13), 2: compared(13), 3: compared()}, off) == {1: 2.5}


def test_of_two_keepers_the_deepest_counts_and_a_mate_in_gloves_is_none():
    both = ((45.0, 0.0, False, True), (52.3, 0.0, False, True))
    assert told_keeper(at(41.5, 0.0), *both).startswith("on his line")
    assert keeper_stand(positions(at(41.5, 0.0), people((0.0, 0.0, True, True)))) is None


@pytest.mark.parametrize(
    ("opponent", "said"),
    [
        ((43.0, 0.0, False, False, "Bo"), "Bo (1.5 m away, in the way)"),
        ((43.5, -4.8, False, False, None), "an opponent (5.2 m away, goal-side)"),
        ((41.5, 1.0, False, False, "Bo"), "Bo (1.0 m away, behind the ball)"),
    ],
)
def test_who_stood_where(opponent, said):
    (found,) = positions(at(41.5, 0.0), people(opponent)).opponents
    assert who_and_where(found, EN) == said


def test_the_nearest_of_those_who_are_close():
    shooter = at(41.5, 0.0)
    assert nearest(positions(shooter, people((44.6, 0.0, False, False, "Bo"))), EN) == "nobody within 3 m"
    both = people((44.4, 0.0, False, False, "Bo"), (41.5, -2.0, False, False, "Cy"), (42.0, 0.0, True, False))
    assert nearest(positions(shooter, both), EN) == "the nearest, Cy, 2.0 m away"


def test_a_crowd_is_said_and_two_are_none():
    way = [(45.0 + i, 0.0, False, False) for i in range(3)]
    two = positions(at(41.5, 0.0), people(*way[:2]))
    assert scene_first(two, EN) == ""
    line, beside = (52.0, 1.0, False, False), (41.5, 1.0, False, False)
    four = positions(at(41.5, 0.0), people(*way, line, beside))
    assert scene_first(four, EN) == "Four in the way, one within 3 m, one on the goal line."
    five = positions(at(41.5, 0.0), people(*way, line, line, beside))
    assert scene_first(five, EN) == "A crowd: five in the way, one within 3 m, two on the goal line."
    around = [(41.0, 1.0 + 0.5 * i, False, False) for i in range(3)]
    assert scene_first(positions(at(41.5, 0.0), people(*around)), EN) == (
        "A crowd: nobody in the way, three within 3 m."
    )
    assert scene_first(None, EN) == ""
