"""German is complete, says the same things, and writes numbers the German way."""

import re

import pytest
from by_hand import MATCH
from reading_html import Page
from texts_in_use import texts_in_use

from xgoals.language import language
from xgoals.report import index_page, match_report, matchday_report, model_report

DE = language("de")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def test_every_text_in_use_has_its_german():
    missing = [text for text in texts_in_use() if text not in DE.catalogue]
    assert missing == []


def test_nothing_in_the_catalogue_is_left_over():
    assert sorted(set(DE.catalogue) - set(texts_in_use())) == []


def fault(english: str, german: str) -> str | None:
    """What is wrong with a German text, if anything."""
    if set(_PLACEHOLDER.findall(german)) != set(_PLACEHOLDER.findall(english)):
        return "other values"
    if not german or german.strip() != german:
        return "nothing, or space around it"
    if _PLACEHOLDER.search(english) and re.search(r"(?<!%)%(?![(%])", german.replace("%%", "")):
        return "a lone % breaks the formatting"
    return None


def test_both_languages_fill_in_the_same_values():
    assert len(DE.catalogue) > 1000
    faults = {english: fault(english, german) for english, german in DE.catalogue.items()}
    assert {english: what for english, what in faults.items() if what} == {}


@pytest.mark.parametrize(
    ("german", "what"),
    [
        ("%(n)s Tore von %(m)s", "other values"),
        ("Tore", "other values"),
        ("%(n)s Tore ", "nothing, or space around it"),
        ("%(n)s % Tore", "a lone % breaks the formatting"),
        ("%(n)s %% Tore", None),
    ],
)
def test_a_faulty_german_text_is_seen(german, what):
    assert fault("%(n)s goals", german) == what


def test_pages_are_german_throughout(shots, model, run, quarantine):
    frame = shots(
        {"is_goal": True, "xg": 0.31, "shap_DistanceToGoal": 1.2, "outcome": "goal"}, {"team": "Blues"}
    )
    others = {"is_teammate": True, "is_keeper": False, "player": None, "vx_ms": 0.0, "vy_ms": 0.0}
    people = frame[["shot_id", "x_m", "y_m"]].assign(**others)
    page = Page(match_report(MATCH, frame, people, model, language="de"))
    assert page.root.get("lang") == "de"
    assert "Ein Tor bei 0,4 erwarteten." in page.text
    assert "3. Spieltag · 1. Mai 2024" in page.text
    assert (
        "Besser als 55 von 100 Schüssen mit dem Fuß: Er geht in etwa 31 von hundert Fällen hinein."
        in page.text
    )
    assert "Warum diese Schüsse ihre Zahlen haben, ist noch nicht berechnet." in page.text
    model_page = Page(model_report(frame, model, run, quarantine, language="de")["summary"])
    assert "Trainiert auf 10 Schüssen aus 2 Spielen, 1. Mai 2024 bis 8. Mai 2024." in model_page.text
    day = {"competition": "Liga", "season": "2023", "matchday": 3}
    assert "Vergebene Großchancen" in Page(matchday_report(day, [MATCH], frame, model, language="de")).text
    assert "Es gibt noch keinen Bericht." in Page(index_page([], language="de")).text
