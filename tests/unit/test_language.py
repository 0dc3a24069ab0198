"""Numbers, dates and lists as people write them."""

from datetime import UTC, date, datetime

import pytest

from xgoals.language import Language, language

EN = language("en")
DE = Language("de", {"and": "und", "one shot": "ein Schuss", "%(n)s shots": "%(n)s Schüsse"})


def test_numbers_have_real_minus_signs_and_zero_has_none():
    assert EN.number(-0.1234, 3) == "\N{MINUS SIGN}0.123"
    assert EN.number(0.1234, 2, signed=True) == "+0.12"
    assert EN.number(-0.001, 2, signed=True) == "0.00"
    assert EN.number(None) == EN.number(float("nan")) == "–"


def test_figures_of_a_run_may_be_anything():
    assert [EN.figure(value) for value in (1270, 0.0897, 3e-7, "no new challenger", None, True)] == [
        "1,270",
        "0.090",
        "3e-07",
        "no new challenger",
        "–",
        "True",
    ]


def test_separators_follow_the_language():
    assert EN.number(31198.5, 1) == "31,198.5"
    assert DE.number(31198.5, 1) == "31.198,5"


def test_expected_goals_gain_a_decimal_where_two_would_say_nothing():
    assert EN.xg(0.314) == "0.31"
    assert EN.xg(0.0042) == "0.004"
    assert EN.xg(None) == "–"


def test_dates_and_durations():
    assert EN.day("2016-01-23") == EN.day(date(2016, 1, 23)) == "23 January 2016"
    assert DE.day("2016-03-05") == "5. März 2016"
    assert EN.moment(datetime(2024, 5, 19, 4, 30, tzinfo=UTC)) == "19 May 2024, 04:30 UTC"
    assert EN.moment(None) == "–"
    assert EN.seconds(3.14) == "3.1\u202fs"
    assert EN.seconds(61) == "61\u202fs"
    assert EN.seconds(125) == "2\u202fmin 05\u202fs"
    assert EN.seconds(None) == "–"


def test_lists_and_plurals():
    assert EN.listing([]) == ""
    assert EN.listing(["a"]) == "a"
    assert EN.listing(["a", "b", "c"]) == "a, b and c"
    assert DE.listing(["a", "b"]) == "a und b"
    assert DE.plural("one shot", "%(n)s shots", 1) == "ein Schuss"
    assert DE.plural("one shot", "%(n)s shots", 1200) == "1.200 Schüsse"
    assert EN.share(0.123, 1) == "12.3\u202f%"


def test_a_text_without_values_may_hold_a_per_cent_sign():
    assert EN.text("95 % interval") == "95 % interval"
    assert EN.text("%(n)s of 100 %%", n=3) == "3 of 100 %"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="no language 'fr'"):
        language("fr")
