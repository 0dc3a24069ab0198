"""What is said of drift, and the chapter that shows it."""

from dataclasses import replace

import pytest

from drift_by_hand import ALARM, CAUSE, KEEPER, day, rows
from xgoals.analysis.drift.causes import Part
from xgoals.analysis.drift.told import Drift
from xgoals.features.catalogue import BEST_17
from xgoals.language import language
from xgoals.report.draw.figures import Picture
from xgoals.report.model.drift import drift_chapter
from xgoals.report.words.drift import alarm_sentence

FEATURES = {str(of["name"]): of for of in BEST_17.as_records()}
MODEL = {"features": list(FEATURES.values())}
EN, DE = language("en"), language("de")


def test_an_alarm_says_since_when_what_and_whose_shots_in_both_languages():
    assert alarm_sentence(ALARM, FEATURES, EN).replace("\u202f", " ") == (
        "Since matchday 23 of 2024/2025 (between 22 and 24): keeper's distance to goal 5.0 m on average instead of"
        " 3.2 m; mostly shots of X and Y (90 % of the shift with 20 % of the shots); provider StatsBomb; 804 shots of"
        " 30 matches."
    )
    german = alarm_sentence(ALARM, FEATURES, DE).replace("\u202f", " ")
    assert german.startswith(
        "Seit dem 23. Spieltag 2024/2025 (zwischen 22 und 24): Entfernung des Torwarts zum Tor "
    )
    assert "im Mittel 5,0 m statt 3,2 m" in german
    assert "vor allem Schüsse von X und Y (90 % der Verschiebung" in german


@pytest.mark.parametrize(
    ("kind", "name", "changes", "said"),
    [
        ("feature", "Header", {"mean": -0.2, "window_mean": -0.6}, "header in 40 % of shots instead of 20 %"),
        ("feature", KEEPER, {"mean": None, "is_missing": True, "share": 0.3, "window_share": 0.01},
         "keeper's distance to goal is missing in 30 % of shots instead of 1 %"),
        ("feature", "StrikeType", {"mean": None, "code": None, "share": 0.2, "window_share": 0.0},
         "manner of the strike has a code in 20 % of shots that the window does not know"),
        ("calibration", "level", {"value": 0.031, "window_value": 0.001},
         "goals minus xG +3.1 a hundred shots instead of +0.1"),
        ("calibration", "slope", {"value": 0.7, "window_value": 1.01}, "calibration slope 0.70 instead of 1.01"),
        ("venue", "home", {"value": 0.031, "window_value": 0.001}, "goals minus xG, home +3.1 a hundred shots"),
        ("club", "X", {"value": -0.05, "window_value": 0.0}, "goals minus xG, X −5.0 a hundred shots"),
        ("attribution", "ndcg", {"value": 0.85, "risen": "Header", "fallen": "AngleToGoal"},
         "other features move the model (nDCG 0.85): header weighs more, angle to goal less"),
    ],
)  # fmt: skip
def test_every_kind_of_series_has_its_words(kind, name, changes, said):
    alarm = replace(ALARM, kind=kind, name=name, cause=replace(CAUSE, **changes))
    assert said in alarm_sentence(alarm, FEATURES, EN).replace("\u202f", " ")


def test_where_all_clubs_are_alike_and_days_have_no_number_that_is_said():
    alike = tuple(Part(name, 0.25, 0.25) for name in "abcd")
    cause = replace(CAUSE, since=day(None), earliest=day(None), latest=day(None), parts={"club": alike})
    said = alarm_sentence(replace(ALARM, cause=cause), FEATURES, EN)
    assert said.startswith("Since 1 September 2024: ")
    assert "in the shots of all clubs alike" in said


def test_the_chapter_answers_in_a_sentence_and_draws_what_has_moved():
    drift = Drift(rows(False, alarm_over=1), (ALARM,), 0.9)
    shown = drift_chapter(drift, MODEL, EN)
    assert shown.answer == "One alarm beyond chance in League."
    assert [alarm.competition for alarm in shown.alarms] == ["League"]
    (moved,) = shown.moved
    assert moved.title == "Keeper's distance to goal · League"
    assert isinstance(moved.picture, Picture)
    assert len(moved.picture.rows) == 4
    assert [line[-1] for line in moved.picture.rows] == ["window", "window", "–", "alarm"]
    assert "3.2" in moved.picture.alt
    assert shown.groups == ()
    (in_table,) = shown.rows
    assert (in_table.n_points, in_table.n_alarms, in_table.newest) == (4, 1, "2024/2025, 4")


def test_without_alarms_and_without_new_matchdays_it_says_so():
    assert drift_chapter(Drift(rows(False), (), 0.9), MODEL, EN).answer == (
        "Nothing has drifted beyond chance: no alarm in one competition."
    )
    learned = drift_chapter(Drift(rows(True), (), 0.9), MODEL, EN)
    assert learned.answer.startswith("The champion has learned from every matchday that is stored")
    assert learned.moved == ()
    assert drift_chapter(None, MODEL, EN) is None
    assert drift_chapter(Drift((), (), 0.9), MODEL, EN) is None
