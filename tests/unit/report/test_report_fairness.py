"""The chapter on fairness: what a club's representative reads first, and what each verdict looks like."""

import pytest
from reading_html import Page

from xgoals.analysis.fairness.measure import FEW, NOT_KNOWN, ONE_PART
from xgoals.analysis.fairness.summary import fairness, verdicts_by_facet
from xgoals.domain.findings.fairness import MARGIN, SPREAD, SURPLUS, THRESHOLD, BiasFigure, Facet, Verdict
from xgoals.language import language
from xgoals.report.draw.intervals import Axis
from xgoals.report.model.fairness import N_SHOWN, fairness_in_words
from xgoals.report.model.fairness_sentences import goals
from xgoals.report.page.render import render
from xgoals.report.words.feed_sentences import feed_sentence
from xgoals.steps.explaining.fairness import trouble_of

NASTY = "<img src=x onerror=alert(1)>&{{7*7}}"


def part(name, value, half, verdict, *, facet=Facet.CLUB, p=0.5, q=0.9):
    return BiasFigure(facet, name, SURPLUS, value, value - half, value + half, 400, 40, 38, p, q, verdict)


def whole(margin=1.0):
    counts = (30_000, 3_000, 1_200)
    return [
        BiasFigure(None, "", SURPLUS, 0.05, -0.25, 0.35, *counts, 0.7, 0.7, Verdict.FAIR),
        BiasFigure(None, "", MARGIN, margin, None, None, *counts),
        BiasFigure(None, "", THRESHOLD, 0.257, None, None, *counts),
    ]


def clubs(n, *, spread=(0.0, 0.0, 0.9), verdict=Verdict.CANNOT_SAY):
    rows = [part(f"Club {i:02d}", 0.1 * (i - n / 2), 2.5, verdict, p=0.2 + 0.01 * i) for i in range(n)]
    return [*rows, BiasFigure(Facet.CLUB, "", SPREAD, *spread, 8_000, 800, 400, p=0.5)]


def told(figures, code="en"):
    found = fairness_in_words(fairness(figures), language(code))
    assert found is not None
    return {facet.key: facet for facet in found.facets}


def test_the_first_sentence_answers_a_club():
    club = told([*whole(), *clubs(20)])["club"]
    assert club.title == "Is my club's xG too low?"
    assert club.answer == "No club's xG is too low or too high beyond chance."
    fair, tests, apart, needed = club.sentences
    assert fair.startswith("For none can it be shown yet that xG is right to within one goal per 100 shots")
    assert tests == (
        "20 clubs were tested at once. By chance alone up to 1.0 would be outside of their own 95 % intervals; none "
        "is. Off is called only what stands once all tests are counted."
    )
    assert "at most 0.9 goals per 100 shots" in apart
    # 30,000 shots leave 0.3 on either side; 1 takes 0.09 of them
    assert "needs about 2,700 shots; half of the clubs here have more than 400" in needed


def test_clubs_that_are_off_are_named_with_goals_and_xg_and_by_their_side():
    figures = [
        *whole(),
        *clubs(18, spread=(1.5, 0.8, 2.4)),
        part("Lowland", 5.0, 2.0, Verdict.TOO_LOW, p=0.0001, q=0.002),
        part("Highbury", -4.0, 2.0, Verdict.TOO_HIGH, p=0.0002, q=0.002),
    ]
    club = told(figures)["club"]
    assert club.answer == (
        "xG is too low, beyond chance, for Lowland (40 goals from 20.0 xG). xG is too high, beyond chance, for "
        "Highbury (40 goals from 56.0 xG). For no other club is it off beyond chance."
    )
    assert "2 are, most surely Lowland and Highbury." in club.sentences[1]
    assert "differ by more than chance" in club.sentences[2]
    assert (club.rows[0].name, club.rows[0].kind, club.rows[0].verdict) == ("Lowland", "off", "xG too low")
    assert (club.rows[0].p, club.rows[0].p_alone) == ("< 0.01", "< 0.001")
    (found,) = verdicts_by_facet(figures)
    assert (found.too_low, found.too_high, found.n_cannot_say) == (("Lowland",), ("Highbury",), 18)


def test_what_is_fair_what_may_be_chance_and_what_was_not_tested_is_said_of_other_parts():
    untested = Verdict.NOT_TESTED
    figures = [
        *whole(0.5),
        part("home", 0.1, 0.3, Verdict.FAIR, facet=Facet.VENUE),
        part("away", -0.1, 0.3, Verdict.FAIR, facet=Facet.VENUE),
        part("head", 0.4, 0.3, Verdict.CANNOT_SAY, facet=Facet.BODY_PART, p=0.004, q=0.01),
        part("left_foot", 0.0, 0.4, Verdict.FAIR, facet=Facet.BODY_PART),
        BiasFigure(Facet.BODY_PART, "other", SURPLUS, None, None, None, 20, 2, 9, verdict=untested, note=FEW),
        BiasFigure(Facet.PROVIDER, "dfl", SURPLUS, None, None, None, 9, 1, 9, verdict=untested, note=ONE_PART),
        BiasFigure(Facet.PROMOTED, "", SURPLUS, None, None, None, 0, 0, 0, verdict=untested, note=NOT_KNOWN),
    ]  # fmt: skip
    facets = told(figures)
    assert facets["home-away"].sentences == (
        "All are surely fair: off by less than 0.5 goals per 100 shots.",
    )
    assert [row.name for row in facets["home-away"].rows] == ["Home", "Away"]
    body = facets["body-part"]
    assert [(row.name, row.kind, row.verdict) for row in body.rows] == [
        ("Header", "open", "off, perhaps too little to matter"),
        ("Left foot", "fair", "fair"),
    ]
    assert body.answer == "In none of the parts is xG surely off by as much as matters."
    assert body.sentences == (
        (
            "One of 2 is surely fair: off by less than 0.5 goals per 100 shots. Off beyond chance, and perhaps too "
            "little to matter: Header (40 goals from 38.4 xG)."
        ),
    )
    assert (body.rows[0].p, body.rows[0].p_alone) == ("0.01", "0.004")
    assert body.untested.startswith("One part has fewer than 100 shots")
    assert body.untested_names == "Other (20)"
    assert facets["provider"].sentences == ("All shots are of one provider: there is nothing to compare.",)
    assert "the season before" in facets["promoted"].sentences[0]
    assert "one season here" in facets["season"].sentences[0]
    assert "club" not in facets


def test_many_clubs_are_one_click_deeper_and_names_are_text():
    metric = BiasFigure(Facet.CLUB, "Club 03", "DI", float("inf"), None, None, 400, 40, 38)
    figures = [*whole(), *clubs(60), part(NASTY, 3.0, 2.0, Verdict.CANNOT_SAY, p=0.003), metric]
    words = language("de")
    html = render("model/fairness.html", words, {"fair": fairness_in_words(fairness(figures), words)})
    assert NASTY not in html
    page = Page(html)
    assert NASTY in page.text
    shown, more = (page.hook(f"{name}-club")[0].xpath(".//tbody/tr") for name in ("dots", "more"))
    assert (len(shown), len(more)) == (N_SHOWN, 61 - N_SHOWN)
    assert more[0].getparent().getparent().getparent().tag == "details"
    assert "∞" in page.text
    assert "Bei keinem Verein sind die xG mehr als zufällig zu niedrig oder zu hoch." in page.text


@pytest.mark.parametrize(
    ("margin", "said"), [(1, "one goal"), (2.0, "2 goals"), (1.5, "1.5 goals"), (0.05, "0.05 goals")]
)
def test_the_margin_is_said_as_it_was_set(margin, said):
    assert goals(margin, language("en")) == said


def test_a_model_of_which_it_was_not_measured_says_so():
    assert fairness([]) is None
    assert fairness_in_words(None, language("en")) is None
    assert "Fairness was not measured for this model yet" in render(
        "model/fairness.html", language("en"), {"fair": None}
    )


def test_the_axis_holds_all_intervals_and_the_band():
    axis = Axis.of([(-2.0, 4.0), (0.5, 10.0)], 1.0)
    band = axis.band(1.0)
    assert 0 < axis.place(-2.0) < band.left < band.zero < axis.place(10.0) < 100
    assert band.width == pytest.approx(axis.place(1.0) - axis.place(-1.0))
    assert [value for value, _ in band.ticks] == [-2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    alone = Axis.of([(-0.1, 0.1)], 1.0)
    assert alone.low < -1 < 1 < alone.high


def test_a_mail_about_what_is_off_speaks_german():
    low, high = part("FC A", 5.0, 2.0, Verdict.TOO_LOW), part("head", -4.0, 2.0, Verdict.TOO_HIGH)
    said = {}
    for off in ((low,), (high,), (low, high)):
        trouble = trouble_of(off)
        found = [
            feed_sentence(text, language("de")) for text in (trouble.what, trouble.where, trouble.advice)
        ]
        assert all(sentence.is_translated for sentence in found), trouble
        said[len(off), off[0].facet_value] = found[1].text
    assert (
        said[2, "FC A"]
        == "xG zu niedrig (Tore minus xG je 100 Schüsse): FC A (+5,0); zu hoch: Kopfball (−4,0)"
    )
