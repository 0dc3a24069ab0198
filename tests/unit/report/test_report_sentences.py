"""How good a chance it was, and single values, in words."""

import pytest

from xgoals.language import language
from xgoals.report.facts_in_words import feature_value
from xgoals.report.sentences import headline, times_in_a_hundred

EN = language("en")


def shot(xg=0.3, *, is_goal=False):
    return {"xg": xg, "is_goal": is_goal}


@pytest.mark.parametrize(
    ("xg", "said"),
    [
        (1.0, "Ten times an ordinary shot"),
        (0.30, "Three times an ordinary shot"),
        (0.2, "Twice an ordinary shot"),
        (0.15, "Half as much again"),
        (0.10, "About an ordinary shot"),
        (0.05, "About half an ordinary shot"),
        (0.02, "A fraction of an ordinary shot"),
        (0.01, "Next to nothing"),
    ],
)
def test_the_headline_compares_with_an_ordinary_shot(xg, said):
    assert headline(shot(xg), 0.1, EN).startswith(said)


def test_a_surprising_goal_has_a_headline_of_its_own_and_a_surprising_miss_has_not():
    assert "hardly anybody expects" in headline(shot(0.02, is_goal=True), 0.1, EN)
    assert "hardly anybody expects" not in headline(shot(0.02), 0.1, EN)
    assert "hardly anybody expects" not in headline(shot(0.05, is_goal=True), 0.1, EN)


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
