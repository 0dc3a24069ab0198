"""What feeds say of files, in German: by templates of their sentences, which are held to the code that says them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import xgoals
from xgoals.features.catalogue import ARTICLE_17
from xgoals.language import language
from xgoals.model.drift import Drift
from xgoals.report.words.feed_sentences import feed_sentence
from xgoals.report.words.said import Said
from xgoals.settings import asset_folder

EN, DE = language("en"), language("de")
TABLE: dict[str, str] = tomllib.loads((Path(asset_folder("templates")) / "feeds_de.toml").read_text("utf-8"))
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("a freeze frame without the keeper", "ein Standbild ohne den Torwart"),
        (
            "no events file for a match that 9/281.json lists",
            "keine Ereignisdatei zu einem Spiel, das 9/281.json nennt",
        ),
        ("minute = 140 cannot be (0 to 130 can)", "minute = 140 kann nicht sein (0 to 130 geht)"),
        (
            "Bayern: 3 goals in the events, 2 in the result",
            "Bayern: 3 Tore in den Ereignissen, 2 im Ergebnis",
        ),
        (
            "season is 2017 in the file and 2018 in matches.csv, line 3",
            "season ist 2017 in der Datei und 2018 in matches.csv, line 3",
        ),
        (
            "no frame is clearly the shot's (confidence 0.41 where 0.6 is needed): the shot goes without tracking",
            "kein Bild ist klar das des Schusses (Sicherheit 0.41, nötig sind 0.6): der Schuss bleibt ohne Tracking",
        ),
        ("Run again. Mend its permissions", "Neu starten. Die Leserechte richten."),
    ],
)
def test_sentences_of_the_common_kinds_are_german(english, german):
    assert feed_sentence(english, DE) == Said(german)
    assert feed_sentence(english, EN) == Said(english)


def test_drift_is_german_with_its_features():
    drift = Drift(310, 12, {"AngleToGoal": 0.21, "Header": 0.17}, 40, 28.25, goals_are_off=True)
    labels = {feature.name: feature.label for feature in ARTICLE_17.features}
    assert feed_sentence(drift.sentence(labels), DE).text == (
        "310 Schüsse aus 12 Spielen: anders verteilt als in seinem Zeitraum: Winkel zum Tor (0,21), Kopfball (0,17); "
        "40 Tore, wo es 28,2 erwartet"
    )
    for part in (replace(drift, moved={}), replace(drift, goals_are_off=False)):
        assert feed_sentence(part.sentence(labels), DE).is_translated


def test_what_has_no_german_stays_english_and_says_so():
    for english in ("the moon is in the way", "Run again. The moon is in the way"):
        assert feed_sentence(english, DE) == Said(english, is_translated=False)
    assert feed_sentence("", DE) == Said("")


def test_a_value_with_a_per_cent_sign_or_markup_goes_through_as_it_is():
    said = feed_sentence("name = %(x)s <b>5 %</b> cannot be (1 to 2 can)", DE)
    assert said == Said("name = %(x)s <b>5 %</b> kann nicht sein (1 to 2 geht)")


def test_the_closest_template_speaks():
    """The one for any broken JSON would fit, too."""
    assert feed_sentence("broken JSON: the file is empty", DE).text == "kaputtes JSON: die Datei ist leer"


def test_both_languages_have_the_same_places():
    def places(text):
        return sorted(_PLACEHOLDER.findall(text))

    assert len(TABLE) > 200
    assert [english for english, german in TABLE.items() if places(english) != places(german)] == []


def test_every_template_is_of_a_sentence_that_the_code_still_says():
    """Every word of its longest literal piece stands in a sentence of feeds, of the gate, of drift or of the steps."""
    said = "\n".join(text for text in _literals() if " " in text)
    longest = {text: max(_PLACEHOLDER.split(text)[::2], key=len) for text in TABLE}
    gone = [text for text, piece in longest.items() if not all(word in said for word in piece.split())]
    assert gone == []


def _literals() -> Iterator[str]:
    root = Path(xgoals.__file__).parent
    for room in ("feeds", "domain", "features", "model", "steps"):
        for file in sorted((root / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
