"""How good a chance it was, and single values, in words."""

import pytest

from xgoals.language import language
from xgoals.report.words.feature_values import feature_value
from xgoals.report.words.headline import headline, times_in_a_hundred

EN = language("en")


def shot(xg=0.3, *, is_goal=False, is_penalty=False):
    rank = {"rank": None, "ranked_among": None, "unseen_xg": None}
    return {"xg": xg, "is_goal": is_goal, "is_penalty": is_penalty, **rank}


def test_a_penalty_has_its_rate():
    kick = shot(0.78, is_goal=True, is_penalty=True)
    assert headline(kick, EN) == "A penalty: such kicks go in about 78 times in a hundred."


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
    told = shot(0.3) | {"rank": rank, "ranked_among": kind}
    assert headline(told, EN) == f"{said}: it goes in about 30 times in a hundred."
    assert "%" not in headline(told, language("de"))


def test_a_shot_without_a_rank_has_its_frequency():
    assert headline(shot(0.3), EN) == "It goes in about 30 times in a hundred."


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
    told = shot(xg, is_goal=is_goal) | {"unseen_xg": unseen}
    assert ("hardly anybody expects" in headline(told, EN)) is surprises


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
