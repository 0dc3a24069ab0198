"""Every clause is recomputed from the shot's values."""

import pytest

from xgoals.language import language
from xgoals.report.facts_in_words import feature_value
from xgoals.report.sentences import shot_story, times_in_a_hundred

EN = language("en")


def shot(features, groups, *, xg=0.3, is_goal=False, is_penalty=False):
    plain = {"unit": "", "kind": "continuous", "categories": None, "attribution": 0.1}
    full = [{"label": feature["name"], **plain, **feature} for feature in features]
    rank = {"rank": None, "ranked_among": None, "unseen_xg": None}
    return {
        "xg": xg,
        "is_goal": is_goal,
        "is_penalty": is_penalty,
        "features": full,
        "groups": groups,
        **rank,
    }


def of(name, value, ordinary, push, group, **more):
    return {"name": name, "value": value, "baseline": ordinary, "attribution": push, "group": group, **more}


def body(features, groups, **more):
    return shot_story(shot(features, groups, **more), EN).body


DISTANCE = of("DistanceToGoal", 8.4, 17.0, 0.3, "place")
ANGLE = of("AngleToGoal", 41.6, 25.0, 0.2, "place")


def test_the_strongest_push_comes_first_and_direction_is_the_models():
    keeper = of("GoalkeeperCoverage", 90.0, 62.0, -0.9, "keeper")
    assert body([DISTANCE, ANGLE, keeper], {"keeper": -0.9, "place": 0.5}) == (
        "Against it: the keeper (hides 90\u202f% of the goal, ordinarily 62\u202f%). "
        "In its favour: the place (8 m out, a wide angle of 42°)."
    )


def test_what_hardly_moves_is_not_mentioned():
    assert "keeper" not in body([DISTANCE], {"place": 1.0, "keeper": 0.05})


def test_a_fact_that_pulls_against_its_group_is_no_reason():
    tight = of("AngleToGoal", 18.0, 25.0, -0.2, "place")
    assert body([DISTANCE, tight], {"place": 0.1}) == "In its favour: the place (8 m out)."


def test_a_fact_that_the_picture_contradicts_is_no_reason():
    # the model may rate a hidden goal higher, weighing it with everything else: no reader would believe it
    hidden = of("GoalkeeperCoverage", 98.0, 62.0, 0.4, "keeper")
    assert body([hidden], {"keeper": 0.4}) == "In its favour: the keeper."
    off_line = of("GoalDistanceGoalkeeperClosest", 3.9, 2.5, 0.3, "keeper")
    assert (
        body([hidden, off_line], {"keeper": 0.7})
        == "In its favour: the keeper (3.9 m from goal, ordinarily 2.5 m)."
    )


def test_twins_are_told_once_in_the_plainer_words():
    closest = of("DistanceToGoalClosest", 7.0, 16.0, 0.5, "place")
    assert body([DISTANCE, closest], {"place": 0.8}) == "In its favour: the place (8 m out)."
    assert (
        body([closest], {"place": 0.8})
        == "In its favour: the place (7 m from the nearest point of the goal)."
    )
    foot, header = (
        of("FootShot", -1.0, 1.0, -0.3, "execution"),
        of("Header", 1.0, -1.0, -0.2, "execution"),
    )
    assert body([foot, header], {"execution": -0.5}) == "Against it: the execution (a header)."


def test_a_weak_fact_beside_a_strong_one_is_left_out():
    weak = of("AngleToGoal", 41.6, 25.0, 0.1, "place")
    assert body([DISTANCE, weak], {"place": 0.4}) == "In its favour: the place (8 m out)."


@pytest.mark.parametrize(
    ("in_the_way", "pressure", "sign", "said"),
    [
        (0.0, 0.0, 1, "In its favour: the opponents (nobody in the way, no pressure)."),
        (1.0, 0.3, 1, "In its favour: the opponents (one in the way, little pressure)."),
        (1.0, 0.6, 1, "In its favour: the opponents (one in the way)."),
        (3.0, 1.4, -1, "Against it: the opponents (3 in the way, much pressure)."),
        (2.7, 1.4, -1, "Against it: the opponents (much pressure)."),
        (None, None, -1, "Against it: the opponents."),
    ],
)
def test_opponents(in_the_way, pressure, sign, said):
    features = [
        of("AmountOfDefenders", in_the_way, 1.8, 0.2 * sign, "opponents"),
        of("PressureSum", pressure, 0.7, 0.1 * sign, "opponents"),
    ]
    assert body(features, {"opponents": 0.3 * sign}) == said


def test_the_nearest_opponent():
    tight = of("PressureMax", 0.8, 0.46, -0.2, "opponents")
    assert "(an opponent tight on the shooter)" in body([tight], {"opponents": -0.2})
    loose = of("PressureMax", 0.1, 0.46, 0.2, "opponents")
    assert "(nobody tight on the shooter)" in body([loose], {"opponents": 0.2})


def test_the_execution():
    assert "the execution (a header)" in body([of("Header", 1.0, -1.0, -1, "execution")], {"execution": -1.0})
    words = {"kind": "category", "categories": {2: "volley", 3: "knee"}}
    assert "(a volley)" in body([of("T", 2.0, 0.0, -1, "execution", **words)], {"execution": -1.0})
    assert "(knee)" in body([of("T", 3.0, 0.0, -1, "execution", **words)], {"execution": -1.0})
    assert "(not with the foot)" in body([of("FootShot", -1.0, 1.0, -1, "execution")], {"execution": -1.0})


def test_the_situation():
    assert "(a direct free kick)" in body([of("FreeKick", 1.0, -1.0, 1, "situation")], {"situation": 1.0})


def test_a_penalty_has_its_rate_and_no_reasons():
    kick = shot([DISTANCE], {"place": 1.0}, xg=0.78, is_goal=True, is_penalty=True)
    story = shot_story(kick, EN)
    assert (story.headline, story.body) == ("A penalty: such kicks go in about 78 times in a hundred.", "")


def test_a_missing_position_is_never_a_reason():
    keeper = of("GoalkeeperCoverage", None, 62.0, 1.0, "keeper")
    assert "unknown" not in body([keeper], {"keeper": 1.0})


def test_a_feature_of_another_catalogue_is_told_with_its_label():
    speed = of("Reach", 3.2, 2.0, 1.0, "execution", unit="m", label="reach")
    assert (
        body([speed], {"execution": 1.0})
        == "In its favour: the execution (reach 3.2\u202fm, ordinarily 2.0\u202fm)."
    )


@pytest.mark.parametrize(
    ("rank", "kind", "said"),
    [
        (1.0, "foot", "Among the best in a hundred shots with the foot"),
        (0.99, "head", "Among the best in a hundred headers"),
        (0.9899, "head", "Better than 98 of 100 headers"),
        (0.5, "free_kick", "Better than 50 of 100 direct free kicks"),
        (0.4999, "all", "Better than only 49 of 100 shots"),
        (0.01, "foot", "Better than only 1 of 100 shots with the foot"),
        (0.0099, "foot", "Among the worst in a hundred shots with the foot"),
        (0.0, "all", "Among the worst in a hundred shots"),
    ],
)
def test_the_headline_ranks_a_shot_among_its_kind(rank, kind, said):
    told = shot([], {}, xg=0.3) | {"rank": rank, "ranked_among": kind}
    assert shot_story(told, EN).headline == f"{said}: it goes in about 30 times in a hundred."
    assert "%" not in shot_story(told, language("de")).headline


def test_a_shot_without_a_rank_has_its_frequency():
    assert shot_story(shot([], {}, xg=0.3), EN).headline == "It goes in about 30 times in a hundred."


@pytest.mark.parametrize(
    ("xg", "unseen", "is_goal", "surprises"),
    [
        (0.039, None, True, True),
        (0.04, None, True, False),
        (0.039, None, False, False),
        (0.09, 0.039, True, True),  # the model that has seen the match knows of the goal
        (0.03, 0.04, True, False),
    ],
)
def test_a_goal_is_a_surprise_to_a_model_that_has_not_seen_the_match(xg, unseen, is_goal, surprises):
    told = shot([], {}, xg=xg, is_goal=is_goal) | {"unseen_xg": unseen}
    assert ("hardly anybody expects" in shot_story(told, EN).headline) is surprises


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


def test_what_the_picture_shows_twice_is_told_only_where_both_agree():
    # two opponents beside the goal block nothing from close by, and count as in the way
    def opponents(in_the_way):
        return [
            of("UnblockedShare", 99.0, 60.0, 0.3, "opponents"),
            of("AmountOfDefenders", in_the_way, 1.6, -0.1, "opponents"),
        ]

    assert body(opponents(2.0), {"opponents": 0.2}) == "In its favour: the opponents."
    assert "leave 99" in body(opponents(1.0), {"opponents": 0.2})


def test_keeper_and_opponents_of_the_best_catalogue():
    reach = of("GoalkeeperInterception", 71.0, 47.0, -0.3, "keeper")
    said = "Against it: the keeper (gets to 71 % of the goal, ordinarily 47 %)."
    assert body([reach], {"keeper": -0.3}) == said
    near = of("PressureNearest", 0.875, 0.66, -0.3, "opponents")
    behind = of("OpponentsGoalSide", 7.0, 5.2, -0.2, "opponents")
    assert body([near, behind], {"opponents": -0.5}) == (
        "Against it: the opponents (the nearest 1.0 m away, 7 goal-side)."
    )
    free = of("PressureNearest", 0.0, 0.66, 0.3, "opponents")
    assert "nobody within 8 m" in body([free], {"opponents": 0.3})


def test_a_header_is_never_in_a_shots_favour():
    words = {"kind": "category", "categories": {4: "first touch", 9: "diving header"}}
    head = of("Header", 1.0, -1.0, -0.3, "execution")

    def strike(code, push):
        return of("StrikeType", code, 6.0, push, "execution", **words)

    assert body([strike(4.0, -0.5), head], {"execution": -0.8}) == "Against it: the execution (a header)."
    assert body([strike(4.0, 0.5), head], {"execution": 0.2}) == "In its favour: the execution (first time)."
    assert "a diving header" in body([strike(9.0, -0.5), head], {"execution": -0.8})
