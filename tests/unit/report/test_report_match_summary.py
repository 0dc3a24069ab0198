"""A match as numbers: sequences, exact results, playing time."""

import itertools

import numpy as np
import pytest

from xgoals.report.summarise_match import (
    goals_distribution,
    goals_table,
    match_facts,
    race,
    result_shares,
    sequences,
)

MATCH = {
    "match_id": "m1",
    "competition": "League",
    "season": "2023",
    "matchday": 3,
    "match_date": "2024-05-01",
    "home_team": "Reds",
    "away_team": "Blues",
    "home_score": 2,
    "away_score": 1,
}


def told(*shots):
    """Each shot as (side, period, clock_s, xg)."""
    return [dict(zip(("side", "period", "clock_s", "xg"), shot, strict=True)) for shot in shots]


def test_a_rebound_does_not_count_twice():
    chances = sequences(told(("home", 1, 100, 0.5), ("home", 1, 105, 0.5), ("home", 1, 111, 0.2)))
    assert chances == {"home": [pytest.approx(0.75), 0.2], "away": []}


def test_other_teams_and_halves_start_sequences_of_their_own():
    chances = sequences(
        told(("home", 1, 100, 0.5), ("away", 1, 101, 0.4), ("home", 1, 103, 0.5), ("home", 2, 104, 0.1))
    )
    assert chances["home"] == [pytest.approx(0.75), 0.1]
    assert chances["away"] == [0.4]


def test_goals_from_two_chances_by_hand():
    assert goals_distribution([0.5, 0.2]) == pytest.approx([0.4, 0.5, 0.1])
    assert goals_distribution([]) == pytest.approx([1.0])


def test_result_shares_agree_with_every_possible_course_of_the_match():
    home, away = [0.3, 0.1, 0.6], [0.5, 0.05]
    expected = {"home": 0.0, "draw": 0.0, "away": 0.0}
    for course in itertools.product([0, 1], repeat=5):
        chance = np.prod([p if hit else 1 - p for hit, p in zip(course, home + away, strict=True)])
        margin = sum(course[:3]) - sum(course[3:])
        expected["home" if margin > 0 else "away" if margin < 0 else "draw"] += chance
    shots = [("home", 1, 60 * i, p) for i, p in enumerate(home)] + [
        ("away", 1, 60 * i, p) for i, p in enumerate(away)
    ]
    found = result_shares(told(*shots))
    assert found == pytest.approx(expected)
    assert sum(found.values()) == pytest.approx(1.0)


def test_no_shots_are_a_draw():
    assert result_shares([]) == {"home": 0.0, "draw": 1.0, "away": 0.0}


def test_sides_scores_and_goals_without_a_shot(shots, model):
    frame = shots(
        {"team": "Reds", "minute": 50, "period": 2, "xg": 0.2, "is_goal": True},
        {"team": "Blues", "minute": 10, "xg": 0.7, "is_goal": True, "is_penalty": True},
        {"team": "Blues", "minute": 9, "xg": 0.1},
    )
    facts = match_facts(MATCH, frame, model)
    home, away = facts["sides"]["home"], facts["sides"]["away"]
    assert (home["score"], home["goals"], home["n"], home["xg"]) == (2, 1, 1, pytest.approx(0.2))
    assert (away["score"], away["penalty_goals"], away["xg"]) == (1, 1, pytest.approx(0.8))
    assert facts["goals_without_shot"] == 1
    assert [shot["minute"] for shot in facts["shots"]] == [9, 10, 50]
    assert [shot["key"] for shot in facts["shots"]] == ["shot-1", "shot-2", "shot-3"]


def test_without_a_score_goals_are_counted(shots, model):
    facts = match_facts({**MATCH, "home_score": None, "away_score": None}, shots({"is_goal": True}), model)
    assert (facts["sides"]["home"]["score"], facts["sides"]["away"]["score"]) == (1, 0)
    assert facts["goals_without_shot"] == 0


def test_goals_and_large_chances_have_open_cards(shots, model):
    frame = shots({"is_goal": True, "xg": 0.01}, {"minute": 20, "xg": 0.30}, {"minute": 30, "xg": 0.29})
    assert [shot["open"] for shot in match_facts(MATCH, frame, model)["shots"]] == [True, True, False]


def test_playing_time_runs_on_through_stoppage_time(shots, model):
    frame = shots(
        {"minute": 48, "second": 30, "period": 1, "xg": 0.1},
        {"minute": 46, "second": 0, "period": 2, "xg": 0.2},
        {"minute": 93, "second": 0, "period": 2, "xg": 0.3},
    )
    found = race(match_facts(MATCH, frame, model))
    assert [step["at_min"] for step in found["home"]] == [48.5, 49.5, 96.5]
    assert [step["after"] for step in found["home"]] == pytest.approx([0.1, 0.3, 0.6])
    assert (found["half_time_min"], found["end_min"]) == (48.5, 96.5)
    assert found["away"] == []


def test_a_match_without_late_shots_still_lasts_ninety_minutes(shots, model):
    assert race(match_facts(MATCH, shots({"minute": 10}), model))["end_min"] == 90
    nothing = race(match_facts(MATCH, shots({}).iloc[:0], model))
    assert (nothing["end_min"], nothing["top"]) == (90, 0.5)


OWN = {"team": "Blues", "player": "A. Player", "minute": 50}


def test_own_goals_stand_beside_the_shots_and_the_score_runs(shots, model):
    frame = shots(
        {"minute": 20, "is_goal": True, "outcome": "goal", "xg": 0.2},
        {"minute": 60, "period": 2, "is_goal": True, "outcome": "goal", "xg": 0.3},
        {"minute": 30, "team": "Blues", "xg": 0.4},
    )
    facts = match_facts({**MATCH, "own_goals": [OWN]}, frame, model)
    assert [(goal["minute"], goal["score"]) for goal in facts["goals"]] == [
        (20, "1–0"),
        (50, "1–1"),
        (60, "2–1"),
    ]
    assert facts["goals_without_shot"] == 0
    assert (facts["sides"]["away"]["goals"], facts["sides"]["away"]["own_goals"]) == (0, 1)
    (own,) = race(facts)["own_goals"]
    assert own["at_min"] == pytest.approx(50.5)
    assert own["level"] == pytest.approx(0.4)  # what the side had reached by then
    unscored = {**MATCH, "home_score": None, "away_score": None, "own_goals": [OWN]}
    assert match_facts(unscored, frame, model)["sides"]["away"]["score"] == 1


def test_no_running_score_where_a_goal_is_unaccounted_for(shots, model):
    facts = match_facts({**MATCH, "home_score": 2}, shots({"is_goal": True, "outcome": "goal"}), model)
    assert facts["goals_without_shot"] == 2
    assert [goal["score"] for goal in facts["goals"]] == [None]


def test_goals_that_chances_end_in_by_hand():
    table = goals_table(
        told(("home", 1, 0, 0.5), ("home", 1, 60, 0.2), *(("away", 1, 60 * i, 1.0) for i in range(5)))
    )
    assert table["home"] == pytest.approx([0.4, 0.5, 0.1, 0.0, 0.0])
    assert table["away"] == pytest.approx([0.0, 0.0, 0.0, 0.0, 1.0])


def test_both_sides_and_their_players_by_hand(shots, model):
    frame = shots(
        {"player": "Anna", "xg": 0.4, "outcome": "saved", "body_part": "head"},
        {"player": "Anna", "xg": 0.1, "outcome": "goal", "is_goal": True},
        {"player": "Bea", "xg": 0.78, "outcome": "off_target", "is_penalty": True, "provider_xg": None},
        {"player": None, "xg": 0.2, "team": "Blues", "outcome": "blocked"},
    )
    facts = match_facts(MATCH, frame, model)
    home, away = facts["sides"]["home"], facts["sides"]["away"]
    assert {key: home[key] for key in ("on_target", "large", "headers", "penalties", "best")} == {
        "on_target": 2, "large": 2, "headers": 1, "penalties": 1, "best": 0.78,
    }  # fmt: skip
    assert home["without_penalties"] == pytest.approx(0.5)
    assert home["per_shot"] == pytest.approx(0.25)
    assert home["provider_xg"] is None  # not the sum of what is known of it
    assert away["provider_xg"] == pytest.approx(0.1)
    assert [(p["name"], p["n"], p["goals"], p["best"]) for p in facts["players"]] == [
        ("Bea", 1, 0, 0.78),
        ("Anna", 2, 1, 0.4),
    ]
    nobody = match_facts(MATCH, frame.iloc[:0], model)["sides"]["home"]
    assert (nobody["best"], nobody["per_shot"], nobody["provider_xg"]) == (None, None, None)


def test_a_published_number_keeps_its_model_and_todays_stands_beside_it(shots, model):
    older = {
        **model,
        "model_version": "xg-old",
        "features": [f for f in model["features"] if f["name"] != "Header"],
        "baseline": {**model["baseline"], "AngleToGoal": 20.0},
        "prediction_at_baseline": 0.08,
    }
    frame = shots(
        {"model_version": "xg-old", "xg": 0.2, "champion_xg": 0.31},
        {"model_version": "xg-old", "xg": 0.2, "champion_xg": 0.2004},
        {"xg": 0.2, "champion_xg": 0.2},
    )
    first, second, third = match_facts(MATCH, frame, model, {"xg-old": older, "xg-test": model})["shots"]
    assert (first["xg"], first["published_by"], first["champion_xg"]) == (0.2, "xg-old", 0.31)
    assert [f["name"] for f in first["features"]] == [f["name"] for f in older["features"]]
    assert first["features"][0]["baseline"] == 20.0
    assert first["ordinary_xg"] == 0.08
    assert (second["published_by"], second["champion_xg"]) == ("xg-old", None)  # no difference that one sees
    assert (third["published_by"], third["champion_xg"], third["ordinary_xg"]) == (None, None, 0.12)
