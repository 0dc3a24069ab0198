"""Every clause is recomputed from the shot's values."""

import pytest

from xgoals.language import language
from xgoals.report.sentences import feature_value, shot_story, times_in_a_hundred

EN = language("en")


def shot(features, groups, *, xg=0.3, is_goal=False):
    full = [
        {"label": f["name"], "unit": "", "kind": "continuous", "categories": None, "attribution": 0.1, **f}
        for f in features
    ]
    return {"xg": xg, "is_goal": is_goal, "features": full, "groups": groups}


def place(distance, angle):
    return [
        {"name": "DistanceToGoal", "value": distance, "baseline": 17.0, "group": "place"},
        {"name": "AngleToGoal", "value": angle, "baseline": 25.0, "group": "place"},
    ]


def test_the_strongest_push_comes_first_and_direction_is_the_models():
    keeper = {"name": "GoalkeeperCoverage", "value": 20.0, "baseline": 62.0, "group": "keeper"}
    story = shot_story(shot([*place(8.4, 41.6), keeper], {"keeper": -0.9, "place": 0.4}), 0.1, EN)
    assert story.body == (
        "Lowered by the goalkeeper (hides 20\u202f% of the goal, ordinarily 62\u202f%). "
        "Raised by the place (8 m out, angle 42°)."
    )


def test_what_hardly_moves_is_not_mentioned():
    story = shot_story(shot(place(8, 40), {"place": 1.0, "keeper": 0.05}), 0.1, EN)
    assert "goalkeeper" not in story.body


@pytest.mark.parametrize(
    ("in_the_way", "pressure", "said"),
    [
        (0.0, 0.0, "nobody in the way, no pressure"),
        (1.0, 0.3, "one in the way, little pressure"),
        (3.0, 0.7, "3 in the way, ordinary pressure"),
        (2.0, 1.4, "2 in the way, much pressure"),
        (1.7, 1.4, "the opponents (much pressure)"),
        (None, None, "the opponents (AmountOfDefenders: missing)"),
    ],
)
def test_opponents(in_the_way, pressure, said):
    features = [
        {"name": "AmountOfDefenders", "value": in_the_way, "baseline": 1.0, "group": "opponents"},
        {"name": "PressureSum", "value": pressure, "baseline": 0.7, "group": "opponents"},
    ]
    assert said in shot_story(shot(features, {"opponents": 1.0}), 0.1, EN).body


def test_a_header_is_called_one_and_a_category_by_its_word():
    header = {"name": "Header", "value": 1.0, "baseline": -1.0, "group": "execution"}
    assert "the execution (a header)" in shot_story(shot([header], {"execution": -1.0}), 0.1, EN).body
    volley = {
        "name": "T",
        "value": 2.0,
        "kind": "category",
        "categories": {2: "volley"},
        "group": "execution",
    }
    assert "the execution (volley)" in shot_story(shot([volley], {"execution": -1.0}), 0.1, EN).body


def test_situations():
    penalty = {"name": "Penalty", "value": 1.0, "baseline": -1.0, "group": "situation"}
    free_kick = {"name": "FreeKick", "value": 1.0, "baseline": -1.0, "group": "situation"}
    assert "(a penalty)" in shot_story(shot([penalty], {"situation": 1.0}), 0.1, EN).body
    assert "(a direct free kick)" in shot_story(shot([free_kick], {"situation": 1.0}), 0.1, EN).body


def test_a_keeper_whose_place_is_unknown():
    keeper = {"name": "GoalkeeperCoverage", "value": None, "baseline": 62.0, "group": "keeper"}
    assert "the goalkeeper (position unknown)" in shot_story(shot([keeper], {"keeper": 1.0}), 0.1, EN).body


@pytest.mark.parametrize(
    ("xg", "said"),
    [
        (0.30, "3 times an ordinary shot"),
        (0.15, "Half as much again"),
        (0.10, "About an ordinary shot"),
        (0.05, "About half an ordinary shot"),
        (0.02, "A fraction of an ordinary shot"),
        (0.01, "Next to nothing"),
    ],
)
def test_the_headline_compares_with_an_ordinary_shot(xg, said):
    assert shot_story(shot([], {}, xg=xg), 0.1, EN).headline.startswith(said)


def test_a_surprising_goal_has_a_headline_of_its_own_and_a_surprising_miss_has_not():
    assert "hardly anybody expects" in shot_story(shot([], {}, xg=0.02, is_goal=True), 0.1, EN).headline
    assert "hardly anybody expects" not in shot_story(shot([], {}, xg=0.02), 0.1, EN).headline
    assert "hardly anybody expects" not in shot_story(shot([], {}, xg=0.05, is_goal=True), 0.1, EN).headline


def test_natural_frequencies():
    assert times_in_a_hundred(0.004, EN) == "less than once in a hundred"
    assert times_in_a_hundred(0.013, EN) == "about once in a hundred"
    assert times_in_a_hundred(0.314, EN) == "about 31 times in a hundred"


def test_values_as_people_read_them():
    def said(value, **feature):
        return feature_value({"unit": "", "kind": "continuous", "categories": None, **feature}, value, EN)

    assert said(17.32, unit="m") == "17.3\u202fm"
    assert said(25.4, unit="deg") == "25°"
    assert said(61.9, unit="%") == "62\u202f%"
    assert said(0.684) == "0.68"
    assert said(None, unit="m") == "missing"
    assert said(float("nan"), unit="m") == "missing"
    assert said(2.0, kind="count") == "2"
    assert said(1.85, kind="count") == "1.9"
    assert said(-1.0, kind="binary") == "no"
    assert said(1.0, kind="binary") == "yes"
    assert said(1.0, kind="category", categories={"1": "volley"}) == "volley"
    assert said(9.0, kind="category", categories={"1": "volley"}) == "other"
