"""Can the explanations be trusted: what the model report says where it was measured, and where it was not."""

import pytest
from reading_html import Page

from xgoals.domain.trust import Game, Question, TrustFigure
from xgoals.language import language
from xgoals.report.words.trust import trust_in_words

EN = language("en")
FIGURES = [
    TrustFigure(Game.ONE_BASELINE, Question.OTHER_SEED, 0.905, 991, 44),
    TrustFigure(Game.FOOTBALL_ORDER, Question.OTHER_SEED, 0.968, 991, 44),
    TrustFigure(Game.ONE_BASELINE, Question.MEAN_OF_SHOTS, 0.615, 991, 44),
    TrustFigure(Game.FOOTBALL_ORDER, Question.HALF_THE_REFERENCES, 0.928, 991, 44),
    TrustFigure(Game.SINGLE_FEATURES, Question.LIKE_NOTHING, 0.07, 1000, 44),
    TrustFigure(Game.ONE_BASELINE, Question.LIKE_NOTHING, 0.009, 1000, 44),
    TrustFigure(Game.FOOTBALL_ORDER, Question.LIKE_NOTHING, 0.013, 1000, 44),
    TrustFigure(Game.REAL_SHOTS, Question.LIKE_NOTHING, 0.006, 991, 44),
]


def test_each_question_has_a_row_with_both_games_or_a_gap():
    facts = trust_in_words(FIGURES, {}, EN)
    assert [(row.question, row.one_baseline, row.football_order) for row in facts.rows] == [
        ("with another seed", 0.905, 0.968),
        ("as the mean over 40 real shots", 0.615, None),
        ("with the nearer half of the reference shots", None, 0.928),
    ]
    assert facts.asked.startswith("991 shots of 44 matches were set aside")
    assert "7.0\N{NARROW NO-BREAK SPACE}% of them where single features change" in facts.mixtures
    assert "of real shots 0.6\N{NARROW NO-BREAK SPACE}%" in facts.mixtures


def test_without_figures_only_what_is_known_of_the_baseline_is_told():
    facts = trust_in_words([], {"DistanceToGoal": 17.66, "AngleToGoal": 25.18}, EN)
    assert facts.rows == ()
    assert (facts.asked, facts.mixtures) == ("", "")
    assert facts.impossible == (
        "The baseline row is made up, and no shot can be like it: from 17.7 m no angle is wider than 23.4°, and it has "
        "25.2°."
    )


@pytest.mark.parametrize(
    "baseline",
    [
        {"DistanceToGoal": 17.66, "AngleToGoal": 23.41},  # 2 atan(3.66 / 17.66) = 23.42
        {"DistanceToGoal": None, "AngleToGoal": 25.0},
        {},
    ],
)
def test_a_baseline_that_can_be_is_not_called_impossible(baseline):
    assert trust_in_words([], baseline, EN).impossible == ""


def test_reasons_of_all_shots_are_told_where_nothing_else_was_measured():
    refits = TrustFigure(Game.FOOTBALL_ORDER, Question.MOST_REFITS, 0.87, 31000, 1270)
    (row,) = trust_in_words([refits], {}, EN).rows
    assert (row.one_baseline, row.football_order) == (None, 0.87)


def test_on_the_page(day, model, run, quarantine):
    from xgoals.report import model_report

    page = Page(model_report(day, {**model, "trust": FIGURES}, run, quarantine)["trust"])
    assert "62\N{NARROW NO-BREAK SPACE}%" in page.said("trust")
    assert "mixtures of the two" in page.said("mixtures")
    plain = Page(model_report(day, model, run, quarantine)["trust"])
    assert "was not measured for this model" in plain.said("not-measured")
    for text in (page.text, plain.text):
        assert "a convention, and so is how it is shared among groups" in text
