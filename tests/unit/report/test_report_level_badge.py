"""What is said of numbers that are not at their provider's level."""

import pytest

from xgoals.domain.provider_level import KindLevel, ProviderLevel
from xgoals.language import language
from xgoals.report.page.render import render
from xgoals.report.words.level_badge import level_notes, level_rows


def level(verdict, ratio):
    return ProviderLevel(
        verdict, 50, 1200, KindLevel(120, ratio, ratio - 0.05, ratio + 0.05), KindLevel(0, None, None, None)
    )


@pytest.mark.parametrize(
    ("ratio", "code", "told"),
    [
        (0.86, "en", "expect 14 % too few goals from Wyscout shots (1,200 shots; sum of xG over goals 0.86"),
        (1.6, "en", "expect 60 % too many goals from Wyscout shots"),
        (0.86, "de", "erwarten 14 % zu wenige Tore aus Schüssen von Wyscout"),
    ],
)
def test_a_note_says_by_how_much_and_of_whom(ratio, code, told):
    (note,) = level_notes({"wyscout": level("off", ratio)}, language(code))
    assert told in note.sentence.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize("verdict", ["at_level", "too_few", "own"])
def test_nothing_is_said_of_numbers_that_are_not_surely_off(verdict):
    assert level_notes({"wyscout": level(verdict, 0.86)}, language("en")) == ()


def test_a_page_with_numbers_that_are_off_is_hatched_and_another_one_is_not():
    words = language("en")
    context = {"simulated": False}
    plain = render("page/page.html", words, context)
    notes = level_notes({"wyscout": level("off", 0.86)}, words)
    hatched = render("page/page.html", words, context | {"level_notes": notes})
    assert 'class="off-level"' in hatched
    assert notes[0].sentence in hatched
    assert 'class="off-level"' not in plain
    assert 'data-test="level"' not in plain


def test_the_table_says_who_has_a_level_of_its_own():
    rows = level_rows(
        {"wyscout": level("at_level", 1.0), "opta": level("too_few", 0.9)}, ["wyscout"], language("en")
    )
    assert [row.verdict for row in rows] == ["too few shots to say", "at its level, by a level of its own"]
    assert rows[1].headers is None
