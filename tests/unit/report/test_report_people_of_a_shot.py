"""Who took what away at a shot, and where the ball ended: sums and places by hand."""

from dataclasses import replace

import pytest

from xgoals.domain.circumstances import ShotEnd
from xgoals.domain.reason import Actor, ShotReasons
from xgoals.language import language
from xgoals.report.shot.goal_end import HALF_WIDTH_M, HEIGHT_M, goal_end
from xgoals.report.shot.goal_mouth import GoalMouth
from xgoals.report.shot.positions import Person, Positions
from xgoals.report.shot.scene import in_words
from xgoals.report.shot.takers import Taker
from xgoals.report.shot.who_took import who_took

EN, DE = language("en"), language("de")


def somebody(n, name, kind="opponent"):
    return Person(n, name, kind, 0.0, 5.0, 5.0, True, True, False, 0.0, None)


AROUND = Positions(
    (0.0, 10.0),
    (somebody(0, "Thibaut Courtois", "keeper"), somebody(1, "Toby Alderweireld"), somebody(2, "")),
)


def reasons(*actors, empty=0.45, xg=0.2):
    return ShotReasons(0.1, xg, {}, empty_xg=empty, actors=actors)


def test_everybody_s_part_leads_from_nobody_to_the_shot():
    found = who_took(
        reasons(
            Actor(0, True, 0, 0.02, -0.01),
            Actor(1, False, 1, -0.12, 0.15),
            Actor(2, False, 2, -0.1, 0.3, is_ordinary=False),
            Actor(3, False, 3, -0.004, 0.2),
            Actor(4, False, 4, -0.046, 0.05),
            Actor(5, False, 4, -0.046, 0.05),
        ),
        AROUND,
        EN,
    )
    assert [(row.who, row.value, row.without_xg) for row in found.rows] == [
        ("Alderweireld", -0.12, pytest.approx(0.35)),
        ("an opponent", -0.1, None),  # nothing like the scene without him was seen
        ("2 others together", -0.046, None),
        ("Courtois", 0.02, None),  # he gave
    ]
    assert found.rest == 0.0  # -0.004: nobody's line
    assert found.empty_xg + sum(row.value for row in found.rows) == pytest.approx(found.xg, abs=0.005)
    assert [row.is_keeper for row in found.rows] == [False, False, False, True]


def test_what_is_left_is_told_where_it_is_something():
    few = who_took(reasons(Actor(1, False, 1, -0.12, 0.15)), AROUND, EN)
    assert few.rest == pytest.approx(-0.13)


def test_nothing_is_told_where_the_people_are_not_known():
    assert who_took(None, AROUND, EN) is None
    assert who_took(reasons(), AROUND, EN) is None
    assert who_took(reasons(Actor(1, False, 1, -0.1, 0.1), empty=None), AROUND, EN) is None
    assert who_took(reasons(Actor(1, False, 1, -0.1, 0.1)), None, EN) is None


@pytest.mark.parametrize(
    ("end", "x", "z", "told"),
    [
        (ShotEnd(52.5, 2.66, 0.4), -2.66, 0.4, "1.0 m inside the left post, 0.4 m high."),
        (ShotEnd(52.5, -3.16, 2.0), 3.16, 2.0, "0.5 m inside the right post, 2.0 m high."),
        (ShotEnd(52.5, 0.5, 1.0), -0.5, 1.0, "In the middle of the goal, 1.0 m high."),
        (ShotEnd(52.5, 1.0, 2.94), -1.0, 2.94, "0.5 m over the bar."),
        (ShotEnd(52.5, -4.66, 1.0), 4.66, 1.0, "1.0 m wide of the right post, 1.0 m high."),
        (ShotEnd(50.0, 1.0, 1.5), -1.0, 1.5, "Stopped 2.5 m before the goal line, 1.5 m high."),
    ],
)  # fmt: skip
def test_the_end_of_a_shot_as_the_shooter_sees_it(end, x, z, told):
    found = goal_end(end, 52.5, EN)
    assert (found.x, found.z, found.is_beyond, found.told) == (
        pytest.approx(x),
        pytest.approx(z),
        False,
        told,
    )


def test_a_ball_far_over_stands_at_the_edge_and_its_words_say_how_far():
    found = goal_end(ShotEnd(52.5, 12.0, 7.44), 52.5, DE)
    assert (found.x, found.z, found.is_beyond) == (-HALF_WIDTH_M, HEIGHT_M, True)
    assert found.told == "8,3 m links vorbei, 7,4 m hoch."


@pytest.mark.parametrize("end", [None, ShotEnd(52.5, 1.0), ShotEnd(40.0, 1.0, 0.5)])
def test_no_goal_is_drawn_without_a_height_or_far_out(end):
    assert goal_end(end, 52.5, EN) is None


def test_the_picture_in_words_tells_the_keeper_the_goal_the_rings_and_the_pressure():
    pressing = replace(AROUND.people[1], pressure=0.4)
    around = Positions(AROUND.shooter, (AROUND.people[0], pressing))
    shot = {"player": "Anna", "depth_m": 10.0}
    mouth = GoalMouth(keeper_share=0.23, blockers_share=0.12)
    said = in_words(shot, around, [Taker(pressing, 0.1, is_ordinary=True)], EN, mouth)
    assert said.startswith(
        "Anna shoots from 10.0 m in front of the goal line; keeper Thibaut Courtois: 5.0 m off"
    )
    assert "he gets to the ball in 23\u202f% of the goal; others in the way do in 12\u202f% of it; " in said
    assert said.endswith("ringed: Alderweireld (5.0 m away, in the way); one puts pressure on him")
    assert "gets to the ball" not in in_words(shot, around, [], EN)
    assert "gets to the ball" not in in_words(shot, around, [], EN, GoalMouth())
