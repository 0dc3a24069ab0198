"""A match as its page shows it: sides, goals in their order, playing time, published numbers."""

import pytest
from by_hand import MATCH

from xgoals.report.match.facts import match_facts


def test_sides_scores_and_goals_without_a_shot(shots, model):
    frame = shots(
        {"team": "Reds", "minute": 50, "period": 2, "xg": 0.2, "is_goal": True},
        {"team": "Blues", "minute": 10, "xg": 0.7, "is_goal": True, "is_penalty": True},
        {"team": "Blues", "minute": 9, "xg": 0.1},
    )
    facts = match_facts(MATCH, frame, model)
    home, away = facts.numbers.sides["home"], facts.numbers.sides["away"]
    assert (home.score, home.goals, home.n_shots, home.xg) == (2, 1, 1, pytest.approx(0.2))
    assert (away.score, away.penalty_goals, away.xg) == (1, 1, pytest.approx(0.8))
    assert facts.numbers.goals_without_shot == 1
    assert [shot["minute"] for shot in facts.shots] == [9, 10, 50]
    assert [shot["key"] for shot in facts.shots] == ["shot-1", "shot-2", "shot-3"]


def test_without_a_score_goals_are_counted(shots, model):
    facts = match_facts({**MATCH, "home_score": None, "away_score": None}, shots({"is_goal": True}), model)
    assert (facts.numbers.sides["home"].score, facts.numbers.sides["away"].score) == (1, 0)
    assert facts.numbers.goals_without_shot == 0


def test_goals_and_large_chances_have_open_cards(shots, model):
    frame = shots({"is_goal": True, "xg": 0.01}, {"minute": 20, "xg": 0.30}, {"minute": 30, "xg": 0.29})
    assert [shot["open"] for shot in match_facts(MATCH, frame, model).shots] == [True, True, False]


def test_playing_time_runs_on_through_stoppage_time(shots, model):
    frame = shots(
        {"minute": 48, "second": 30, "period": 1, "xg": 0.1},
        {"minute": 46, "second": 0, "period": 2, "xg": 0.2},
        {"minute": 93, "second": 0, "period": 2, "xg": 0.3},
    )
    found = match_facts(MATCH, frame, model).race
    assert [step.at_min for step in found.steps["home"]] == [48.5, 49.5, 96.5]
    assert [step.after for step in found.steps["home"]] == pytest.approx([0.1, 0.3, 0.6])
    assert (found.half_time_min, found.end_min) == (48.5, 96.5)
    assert found.steps["away"] == ()


def test_a_match_without_late_shots_still_lasts_ninety_minutes(shots, model):
    assert match_facts(MATCH, shots({"minute": 10}), model).race.end_min == 90
    nothing = match_facts(MATCH, shots({}).iloc[:0], model).race
    assert (nothing.end_min, nothing.top) == (90, 0.5)


OWN = {"team": "Blues", "player": "A. Player", "minute": 50}


def test_own_goals_stand_beside_the_shots_and_the_score_runs(shots, model):
    frame = shots(
        {"minute": 20, "is_goal": True, "outcome": "goal", "xg": 0.2},
        {"minute": 60, "period": 2, "is_goal": True, "outcome": "goal", "xg": 0.3},
        {"minute": 30, "team": "Blues", "xg": 0.4},
    )
    facts = match_facts({**MATCH, "own_goals": [OWN]}, frame, model)
    assert [(goal.clock, goal.score) for goal in facts.goals] == [
        ("21′", "1–0"),
        ("51′", "1–1"),
        ("61′", "2–1"),
    ]
    assert facts.numbers.goals_without_shot == 0
    assert (facts.numbers.sides["away"].goals, facts.numbers.sides["away"].own_goals) == (0, 1)
    (own,) = facts.race.own_goals
    assert own.at_min == pytest.approx(50.5)
    assert own.level == pytest.approx(0.4)  # what the side had reached by then
    unscored = {**MATCH, "home_score": None, "away_score": None, "own_goals": [OWN]}
    assert match_facts(unscored, frame, model).numbers.sides["away"].score == 1


def test_an_own_goal_of_stoppage_time_stands_on_the_line_of_the_side_that_it_counts_for(shots, model):
    frame = shots(
        {"minute": 46, "second": 30, "xg": 0.3},
        {"team": "Blues", "minute": 20, "xg": 0.2},
        {"team": "Blues", "minute": 46, "second": 50, "xg": 0.4},
        {"minute": 47, "period": 2, "xg": 0.6},
    )
    own = {"team": "Blues", "player": "Anna", "minute": 46, "period": 1, "second": 40}
    match = {**MATCH, "home_score": 0, "away_score": 1, "own_goals": [own]}
    match["incidents"] = [{"kind": "red_card", "team": "Reds", "player": "Anna", "period": 2, "minute": 55}]
    facts = match_facts(match, frame, model)
    (ring,) = facts.race.own_goals
    # of Anna, who plays for the Reds, for the Blues: on their line, after their first chance and before the second
    assert (ring.goal.side, ring.level, ring.at_min) == (
        "away",
        pytest.approx(0.2),
        pytest.approx(46 + 40 / 60),
    )
    ((at_min, red),) = facts.race.events
    added_min = 46 + 50 / 60 - 45
    assert (red.side, at_min) == ("home", pytest.approx(55 + added_min))


def test_no_running_score_where_a_goal_is_unaccounted_for(shots, model):
    facts = match_facts({**MATCH, "home_score": 2}, shots({"is_goal": True, "outcome": "goal"}), model)
    assert facts.numbers.goals_without_shot == 2
    assert [goal.score for goal in facts.goals] == [""]


def test_a_published_number_keeps_its_model_and_todays_stands_beside_it(shots, model):
    older = {
        **model,
        "model_version": "xg-old",
        "features": [f for f in model["features"] if f["name"] != "Header"],
        "xg_quantiles": {"all without positions": [0.0, 0.4, 1.0]},
    }
    frame = shots(
        {"model_version": "xg-old", "xg": 0.2, "champion_xg": 0.31},
        {"model_version": "xg-old", "xg": 0.2, "champion_xg": 0.2004},
        {"xg": 0.2, "champion_xg": 0.2},
    )
    first, second, third = match_facts(MATCH, frame, model, {"xg-old": older, "xg-test": model}).shots
    assert (first["xg"], first["published_by"], first["champion_xg"]) == (0.2, "xg-old", 0.31)
    assert [f["name"] for f in first["features"]] == [f["name"] for f in older["features"]]
    assert (first["rank"], first["ranked_among"]) == (pytest.approx(0.25), "all")  # by the model that said it
    assert (third["rank"], third["ranked_among"]) == (pytest.approx(0.2**0.5, abs=1e-3), "foot")
    assert (second["published_by"], second["champion_xg"]) == ("xg-old", None)  # no difference that one sees
    assert (third["published_by"], third["champion_xg"]) == (None, None)
