"""What is told as a reason, and what is not."""

from dataclasses import replace

import pandas as pd
import pytest

from xgoals.domain.reason import Actor, Part, PartValue, ShotReasons
from xgoals.language import language
from xgoals.report.shot.frequency import about_one_in
from xgoals.report.shot.positions import positions
from xgoals.report.shot.takers import takers
from xgoals.report.shot.told import told

EN, DE = language("en"), language("de")
HELD = {"sd": 0.005, "same_sign": 20, "is_told": True}
STRIKES = {5: "first touch", 3: "volley", 8: "dead ball", 0: "header won in the air"}


def shot(**changes):
    plain = {
        "is_penalty": False,
        "knows_positions": True,
        "shot_type": "open_play",
        "body_part": "right_foot",
        "features": [],
    }
    return {"depth_m": 11.0, "left_m": 0.0, "player": "Anna", **plain, **changes}


def struck(code, **changes):
    feature = {"name": "StrikeType", "kind": "category", "value": float(code), "categories": STRIKES}
    return shot(features=[feature], **changes)


def reasons(*, actors=(), **values):
    """Parts that hold, with the value given; a part that is not named is 0 and does not."""
    parts = {part: PartValue(0.0, 0.01, 10) for part in Part}
    parts |= {Part(name): PartValue(value, **HELD) for name, value in values.items()}
    xg = 0.1 + sum(part.value or 0.0 for part in parts.values())
    return ShotReasons(0.1, xg, parts, Part.PLACE, 20, 20, tuple(range(24)), 0.4, 0.3, tuple(actors))


def people(*rows):
    columns = ["x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms"]
    frame = pd.DataFrame([[*row, None, None] for row in rows], columns=columns)
    return frame.assign(goal_x_m=52.5)


KEEPER = (49.5, 0.0, False, True, "Kay")
BO, CY = (43.0, 0.0, False, False, "Bo"), (41.5, 2.0, False, False, "Cy")
AROUND = positions(shot(), people(KEEPER, BO, CY))


def actor(person_n, takes, *, value=None, player_n=None, is_keeper=False):
    return Actor(person_n, is_keeper, player_n or person_n, -takes if value is None else value, takes)


def said(found, around=AROUND, of=None, words=EN):
    return str(told(shot() if of is None else of, found, around, words))


def test_first_from_there_then_the_reasons_that_hold_the_largest_first():
    found = reasons(place=0.05, keeper=-0.03, opponents=-0.06, actors=[actor(1, 0.05)])
    assert said(found) == (
        "From there, with the foot, about one in seven goes in. "
        "The opponents took more than usual from there (−0.06): Bo (1.5 m away, in the way). "
        "Without Bo alone it would be 0.11. "
        "Kay stood better than keepers usually do from there (−0.03): 3.0 m off his line, in the middle "
        "of the angle."
    )


def test_what_does_not_hold_is_not_told():
    found = reasons(place=0.05)
    parts = {**found.parts, Part.KEEPER: PartValue(0.2, 0.15, 13)}
    text = said(replace(found, parts=parts, xg=0.35))
    assert "Kay" not in text
    assert text.endswith("Nothing else surely made this one better or worse than that.")


def test_two_reasons_at_most():
    found = reasons(keeper=0.02, opponents=-0.05, strike=0.03)
    assert told(struck(5), found, AROUND, EN).reasons == (
        "The opponents took more than usual from there (−0.05): one in the way, the nearest, Bo, 1.5 m away.",
        "An easier strike than usual from there (+0.03): first time.",
    )


def test_missing_is_never_a_reason():
    nobody = positions(shot(), people())
    found = reasons(place=0.05)
    unknown = {
        **found.parts,
        **dict.fromkeys((Part.KEEPER, Part.OPPONENTS), PartValue(None)),
        Part.STRIKE: PartValue(None),
    }
    text = said(replace(found, parts=unknown), nobody)
    assert text == "From there, with the foot, about one in seven goes in."
    without_keeper = positions(shot(), people(BO))
    assert "stood" not in said(reasons(keeper=0.1), without_keeper)
    assert "opponents" not in said(reasons(opponents=0.1), nobody)


def test_opponents_who_left_room_are_told_with_those_who_took_something_all_the_same():
    free = positions(shot(), people(KEEPER))
    assert said(reasons(opponents=0.04), free).endswith(
        "The opponents took less than usual from there (+0.04): nobody in the way, nobody within 3 m."
    )
    ringed = said(reasons(opponents=0.04, actors=[actor(1, 0.09)]))
    assert ringed.endswith(
        "The opponents took less than usual from there (+0.04): one in the way, the nearest, Bo, 1.5 m away. "
        "Without Bo alone it would be 0.23."
    )


def test_the_law_of_a_free_kick_is_no_merit_and_told_once():
    kick = struck(8, shot_type="free_kick")
    text = said(reasons(opponents=0.03, strike=0.05), of=kick)
    assert text.count("free kick") == 1
    assert "dead ball" not in text
    assert "within" not in text
    assert text.endswith("The opponents took less than usual from there (+0.03): one in the way.")


def test_a_strike_without_anything_to_see_gives_way_to_the_next_reason():
    plain = shot(features=[])
    assert "strike" not in said(reasons(strike=0.05), of=plain)
    assert "Kay stood worse" in said(reasons(strike=0.05, keeper=0.03), of=plain)
    header = struck(5, body_part="head")
    assert "first time" not in said(reasons(strike=0.05), of=header)
    won = struck(0, body_part="head")
    assert "(−0.05): a header won in the air." in said(reasons(strike=-0.05), of=won)


def test_a_crowd_comes_first_even_where_no_reason_holds():
    crowd = positions(shot(), people(KEEPER, *[(43.0 + i, 0.0, False, False, "x") for i in range(5)]))
    text = said(reasons(place=0.05), crowd)
    assert "A crowd: five in the way, two within 3 m. Nothing else surely" in text
    assert said(None, crowd) == "A crowd: five in the way, two within 3 m."


def test_a_penalty_and_a_shot_without_reasons_are_not_explained():
    assert said(reasons(keeper=0.2), of=shot(is_penalty=True)) == ""
    assert said(None) == ""


def test_a_shot_without_references_has_no_there():
    assert "From there" not in said(replace(reasons(place=0.1), references=()))


def test_who_takes_much_is_told_even_where_the_opponents_took_what_is_usual():
    ringed = said(reasons(place=0.05, actors=[actor(1, 0.06)]))
    assert ringed.endswith(
        "Nothing else surely made this one better or worse than that. Without Bo alone it would be 0.21."
    )
    assert "Without" not in said(reasons(place=0.05, actors=[actor(1, 0.04)]))
    assert "Without" not in said(reasons(place=0.05, actors=[actor(0, 0.3, is_keeper=True, player_n=7)]))


def test_a_spot_that_few_shoot_from_is_said_to_be_one():
    far = replace(reasons(place=0.05), farthest_m=3.5)
    assert said(far).startswith(
        "From about there, where few shoot from, with the foot, about one in seven goes in."
    )
    few = replace(reasons(place=0.05), references=(1, 2))
    assert said(few).startswith("From about there")


def test_nobody_is_thought_away_where_no_model_has_seen_the_rest():
    odd = replace(actor(1, 0.2), is_ordinary=False)
    text = said(reasons(opponents=-0.06, actors=[odd, actor(2, 0.03)]))
    assert "Bo (1.5 m away, in the way) and Cy" in text
    assert "Without Cy alone" in text
    assert "Without Bo" not in text


def test_uncertainty_that_nobody_worked_out_is_no_uncertainty():
    bare = replace(reasons(place=0.05), n_refits=0)
    assert "surely" not in said(bare)


def test_who_takes_something():
    shared = [actor(0, 0.2, is_keeper=True, player_n=7), actor(1, 0.05), actor(2, 0.009)]
    assert [(t.person.name, t.takes_xg) for t in takers(reasons(actors=shared), AROUND)] == [
        ("Kay", 0.2),
        ("Bo", 0.05),
    ]
    together = [actor(1, 0.05, player_n=11), actor(2, 0.05, player_n=11)]
    assert takers(reasons(actors=together), AROUND) == []
    assert takers(reasons(actors=[actor(1, 0.05, value=0.01)]), AROUND) == []
    assert takers(None, AROUND) == []
    assert takers(reasons(actors=[actor(99, 0.5)]), AROUND) == []


@pytest.mark.parametrize(
    ("xg", "words"),
    [(0.004, "fewer than one in a hundred goes in"), (0.03, "about one in 35 goes in"),
     (0.112, "about one in nine goes in"), (0.35, "about one in three goes in"),
     (0.42, "about four in ten go in"), (0.5, "about every second one goes in"), (0.78, "about eight in ten go in"),
     (0.97, "nearly every one goes in")],
)  # fmt: skip
def test_how_many_go_in(xg, words):
    assert about_one_in(xg, EN) == words


def test_german_says_the_same():
    found = reasons(place=0.05, opponents=-0.06, actors=[actor(1, 0.05)])
    assert said(found, words=DE) == (
        "Von dort, mit dem Fuß, geht etwa einer von sieben hinein. "
        "Die Gegenspieler nahmen mehr weg als sonst von dort (−0,06): Bo (1,5 m entfernt, im Weg). "
        "Allein ohne Bo wären es 0,14."
    )
