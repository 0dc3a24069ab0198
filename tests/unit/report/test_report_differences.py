"""Why our number and the provider's differ: one sentence, only where there is something to tell."""

from dataclasses import replace

import pytest
from by_hand import MATCH, OTHER
from reading_html import Page

from xgoals.analysis.differences import largest
from xgoals.domain.difference import ShotDifference
from xgoals.domain.reason import Part
from xgoals.language import language
from xgoals.report import matchday_report
from xgoals.report.words.difference_sentence import difference_sentence

PARTS = {Part.PLACE: 0.004, Part.KEEPER: -0.02, Part.OPPONENTS: 0.09, Part.STRIKE: 0.006}
DIFFERENCE = ShotDifference(0.21, 0.12, average=-0.004, parts=PARTS, rest=0.02, fit_r2=0.97)


def said(code="en", **changes):
    return difference_sentence(replace(DIFFERENCE, **changes), "StatsBomb", language(code))


def test_the_largest_parts_are_told_with_their_signs_and_none_below_a_hundredth():
    assert said() == (
        "StatsBomb says 0.12, 0.09 less than this model: +0.09 for the opponents, −0.02 for the keeper and +0.02 for "
        "what no feature here says."
    )


def test_more_and_in_german():
    assert said("de", xg=0.05, average=0.0, parts={Part.OPPONENTS: -0.08}, rest=0.0) == (
        "StatsBomb sagt 0,12, 0,07 mehr als dieses Modell: −0,08 für die Gegenspieler."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"xg": 0.149},  # .029: nobody asks
        {"fit_r2": 0.79},  # our features do not know the provider's number
        {"fit_r2": float("nan")},
    ],
)
def test_nothing_is_told_without_a_difference_or_a_fit(changes):
    assert said(**changes) == ""


def test_both_guards_let_through_what_is_just_enough():
    assert said(xg=0.151)
    assert said(fit_r2=0.8)


def test_a_shot_without_a_difference_has_no_sentence():
    assert difference_sentence(None, "StatsBomb", language("en")) == ""


def test_where_no_part_is_worth_telling_that_is_said():
    small = dict.fromkeys(Part, 0.009)
    assert said(xg=0.16, average=0.0, parts=small, rest=0.009) == (
        "StatsBomb says 0.12, 0.04 less than this model: many small things together."
    )


def test_the_largest_first_in_either_direction_and_none_that_is_not_told():
    of = {
        key: replace(DIFFERENCE, xg=0.12 + gap, fit_r2=fit)
        for key, gap, fit in ((1, 0.05, 0.9), (2, -0.11, 0.9), (3, 0.3, 0.5), (4, 0.02, 0.9), (5, 0.06, 0.9))
    }
    assert largest(of) == [2, 5, 1]
    assert largest(of, 1) == [2]


def test_a_matchday_tells_its_largest_differences(day, model):
    matchday = {"competition": "League", "season": "2023", "matchday": 3}
    shots = day.assign(shot_key=range(len(day)), provider="statsbomb")
    plain = Page(matchday_report(matchday, [MATCH, OTHER], shots, model))
    assert not plain.root.xpath("//*[@id='differences']")
    key = int(shots.index[shots["is_penalty"]][0])  # in none of the lists above
    page = Page(matchday_report(matchday, [MATCH, OTHER], shots, model, differences={key: DIFFERENCE}))
    assert "StatsBomb says 0.12, 0.09 less than this model" in page.said("differences")
    assert str(shots.iloc[key]["player"]) in page.said("differences")
    best = int(shots.index[shots["player"] == "Bea"][0])
    told = Page(matchday_report(matchday, [MATCH, OTHER], shots, model, differences={best: DIFFERENCE}))
    assert not told.root.xpath("//*[@id='differences']"), "a shot stands in one list"
