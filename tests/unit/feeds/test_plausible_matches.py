"""The gate that all feeds go through: doubles, names, ids, results, and matches that make no sense."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from one_shot import MATCH, SCENE, SHOT, record, through

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import OwnGoal, Player, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.plausible import plausible
from xgoals.domain.scene import MatchRecord, Scene
from xgoals.domain.shot import Outcome, Shot


def two(second: Shot) -> tuple[MatchRecord, list[Problem]]:
    base = record()
    scenes = (*base.scenes, Scene(second.shot_id))
    return plausible(replace(base, shots=(SHOT, second), scenes=scenes), "events.xml")


def test_the_same_shot_under_a_second_id_counts_once_and_is_noted() -> None:
    checked, (problem,) = two(replace(SHOT, shot_id="s2", event_n=1))
    assert [shot.shot_id for shot in checked.shots] == ["s1"]
    assert [scene.shot_id for scene in checked.scenes] == ["s1"]
    assert (problem.severity, problem.shot_id) == ("shot", "s2")
    assert "same player, second (54:11) and place as shot s1" in problem.reason


def test_two_shots_that_differ_in_their_end_both_stay_with_a_note() -> None:
    checked, (problem,) = two(replace(SHOT, shot_id="s2", event_n=1, outcome=Outcome.GOAL))
    assert [shot.shot_id for shot in checked.shots] == ["s1", "s2"]
    assert problem.severity == "value"


@pytest.mark.parametrize(
    "changes",
    [{"second": 12}, {"x_m": 40.1}, {"player_id": "P8"}, {"period": 1, "minute": 44}, {"team_id": "A"}],
)
def test_shots_that_differ_in_player_second_or_place_are_two(changes: dict[str, Any]) -> None:
    checked, problems = two(replace(SHOT, shot_id="s2", event_n=1, **changes))
    assert len(checked.shots) == 2
    assert not any("second id" in problem.reason for problem in problems)


def test_of_two_shots_with_one_id_the_first_stays() -> None:
    checked, (problem,) = two(replace(SHOT, minute=80, event_n=1))
    assert [shot.minute for shot in checked.shots] == [54]
    assert problem.severity == "shot"


def test_a_shot_without_an_id_is_called_after_its_time() -> None:
    shots = (replace(SHOT, shot_id=""), replace(SHOT, shot_id="", x_m=30.0, event_n=1))
    scenes = (replace(SCENE, shot_id=""), Scene(""))
    checked, problems = plausible(replace(record(), shots=shots, scenes=scenes), "events.xml")
    assert [shot.shot_id for shot in checked.shots] == ["no-id-2-54-11", "no-id-2-54-11-2"]
    assert [(scene.shot_id, len(scene.people)) for scene in checked.scenes] == [
        ("no-id-2-54-11", 2), ("no-id-2-54-11-2", 0),
    ]  # fmt: skip
    assert [p.field for p in problems] == ["id", "id"]


def test_a_shooter_and_an_own_goal_of_unknown_players_count_without_a_name() -> None:
    own_goals = (OwnGoal("A", "P77", 12),)
    checked, problems = through(shot=replace(SHOT, player_id="P66"), own_goals=own_goals)
    assert checked.shots[0].player_id == "P66"
    assert checked.own_goals == own_goals
    assert {player.player_id: player.name for player in checked.players} == {
        "P9": "Nine",
        "P66": None,
        "P77": None,
    }
    assert [p.reason for p in problems] == ["player 'P66' is in no line-up", "player 'P77' is in no line-up"]


def test_a_shooter_whose_name_is_empty_is_noted() -> None:
    checked, (problem,) = through(players=(Player("P9", "", " "),))
    assert checked.players == (Player("P9"),)
    assert problem.reason == "player 'P9' has no name"


@pytest.mark.parametrize(
    ("minute", "told"), [(0, []), (120, []), (225, []), (2887, ["minute"]), (-5, ["minute"])]
)
def test_own_goals_have_minutes_of_a_match(minute: int, told: list[str]) -> None:
    checked, problems = through(own_goals=(OwnGoal("A", None, minute),))
    assert checked.own_goals[0].minute == (0 if told else minute)
    assert [(p.field or "").split(", ")[-1] for p in problems] == told


def test_an_own_goal_for_nobody_is_left_out() -> None:
    checked, (problem,) = through(own_goals=(OwnGoal("X", None, 3),))
    assert checked.own_goals == ()
    assert "team 'X'" in problem.reason


@pytest.mark.parametrize("name", ["home", "competition", "season"])
@pytest.mark.parametrize("empty", ["", "  ", "\0", "\u202e"])
def test_an_empty_name_is_shown_by_its_id(name: str, empty: str) -> None:
    match = replace(MATCH, home=Team("H", empty)) if name == "home" else replace(MATCH, **{name: empty})
    checked, (problem,) = through(match=match)
    shown = {
        "home": checked.match.home.name,
        "competition": checked.match.competition,
        "season": checked.match.season,
    }
    assert shown[name] == {"home": "H", "competition": "C1", "season": "S1"}[name]
    assert checked.teams[0].name == checked.match.home.name
    assert "is empty" in problem.reason


def test_texts_lose_what_nothing_can_show() -> None:
    match = replace(MATCH, home=Team("H", "FC A\0B"), stage="Regular\0 Season", competition="Li\ud83dga")
    shot = replace(SHOT, raw={"play\0": "Regu\x07lar\nPlay"})
    checked, problems = through(match=match, shot=shot, players=(Player("P9", "A\0\tB", "\x1b[1mC"),))
    assert problems == []
    assert (checked.match.home.name, checked.match.stage) == ("FC AB", "Regular Season")
    assert checked.match.competition == "Li\ufffdga"
    assert checked.players[0] == Player("P9", "A B", "[1mC")
    assert checked.shots[0].raw == {"play": "Regular Play"}


def test_a_name_of_a_book_is_cut_off_with_a_note() -> None:
    checked, (problem,) = through(match=replace(MATCH, stage="x" * 201))
    assert checked.match.stage == "x" * 199 + "…"
    assert "201 characters" in problem.reason
    assert through(match=replace(MATCH, stage="x" * 200))[1] == []


@pytest.mark.parametrize(
    ("changes", "kept", "fields"),
    [
        ({"home_score": 149, "away_score": 0}, (149, 0), []),
        ({"home_score": 10**12, "away_score": 1}, (None, None), ["home_score"]),
        ({"home_score": 1, "away_score": -1}, (None, None), ["away_score"]),
        ({"home_score": None, "away_score": None}, (None, None), []),
    ],
)
def test_a_result_is_one_value(changes: dict[str, Any], kept: tuple[Any, Any], fields: list[str]) -> None:
    checked, problems = through(match=replace(MATCH, **changes))
    assert (checked.match.home_score, checked.match.away_score) == kept
    assert [p.field for p in problems] == fields


@pytest.mark.parametrize(("matchday", "kept"), [(1, 1), (100, 100), (101, None), (0, None), (10**12, None)])
def test_matchdays_are_few(matchday: int, kept: int | None) -> None:
    checked, problems = through(match=replace(MATCH, matchday=matchday))
    assert checked.match.matchday == kept
    assert bool(problems) == (kept is None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"away": Team("H", "Other")}, "home and away are one team"),
        ({"home": Team(" \0", "Home")}, "the home team has no id"),
        ({"match_id": "../../etc/passwd"}, "is no id of a match"),
        ({"match_id": ""}, "is no id of a match"),
        ({"match_id": "x" * 101}, "is no id of a match"),
        ({"pitch": Pitch(89.9, 68)}, "a pitch of 89.9 m x 68 m cannot be"),
        ({"pitch": Pitch(105, 90.1)}, "a pitch of 105 m x 90.1 m cannot be"),
        ({"pitch": Pitch(float("nan"), 68)}, "a pitch of nan m"),
        ({"match_date": date(1862, 1, 1)}, "a match on 1862-01-01 cannot be"),
    ],
)
def test_a_match_that_makes_no_sense_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(FeedError, match=reason) as caught:
        through(match=replace(MATCH, **changes))
    assert str(caught.value.where).startswith("events.xml, match ")


def test_times_of_other_ages_are_missing() -> None:
    checked, problems = through(
        match=replace(MATCH, kick_off=datetime(9999, 1, 1)),
        shot=replace(SHOT, event_time=datetime(1, 1, 1)),
    )
    assert (checked.match.kick_off, checked.shots[0].event_time) == (None, None)
    assert [p.field for p in problems] == ["kick_off", "event_time"]


def test_a_frame_of_a_shot_that_is_not_there_is_left_out() -> None:
    checked, (problem,) = through(scenes=(SCENE, Scene("other")))
    assert checked.scenes == (SCENE,)
    assert "1 frames" in problem.reason


def test_official_values_that_are_no_numbers_are_missing() -> None:
    official = {"Pressure": 1.2, "PlayerSpeed": float("inf"), "AngleToGoal": 1e300}
    checked, problems = through(shot=replace(SHOT, official=official, provider_xg=1.2))
    assert checked.shots[0].official == {"Pressure": 1.2}
    assert checked.shots[0].provider_xg is None
    assert [p.field for p in problems] == ["provider_xg", "PlayerSpeed", "AngleToGoal"]


def test_problems_of_the_match_name_its_own_file_and_place() -> None:
    match = replace(MATCH, home_score=10**12)
    _, (problem,) = plausible(
        record(match=match), "events/7.json", match_path="listing.json", match_place="entry 3"
    )
    assert (problem.path, problem.place) == ("listing.json", "entry 3, home_score")
