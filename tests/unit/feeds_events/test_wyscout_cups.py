"""Cups and national teams in Wyscout's files: extra time, shoot-outs, matches without a matchday or a home ground."""

import json
from pathlib import Path
from typing import Any

import pytest

from small_event_feeds import (
    AWAY,
    CSV_HEAD,
    CSV_TAIL,
    HOME,
    Attempt,
    matches_csv,
    ten_attempts,
    wyscout_v2,
    wyscout_v3,
)
from xgoals.domain.match import OwnGoal
from xgoals.feeds import load_feed

EXTRA_TIME = [
    Attempt(period=3, second=130, tags=[402, 101], shot_id=1),
    Attempt(team=AWAY, period=4, second=65, tags=[403, 101], x=94, shot_id=2),
    Attempt(team=HOME, period=4, second=900, sub_event=82, tags=[102], shot_id=3),
]
SHOOT_OUT = [
    Attempt(team=HOME if n % 2 else AWAY, period=5, second=20 + 40 * n, sub_event=35, x=90 if n % 2 else 10,
            tags=[402, 101] if n < 7 else [402, 1203])
    for n in range(9)
]  # fmt: skip
"""As they come: one of the two teams shoots at x = 10."""


def as_json(content: object) -> bytes:
    return json.dumps(content).encode()


def test_extra_time_counts_and_the_shoot_out_does_not(read):
    """2:0 of the first 90 minutes; a goal of each side and an own goal in extra time: 3:2."""
    content = wyscout_v2(7, [*ten_attempts(), *EXTRA_TIME, *SHOOT_OUT])
    line = "7,28,World Cup,10078,2018,2018-07-01,0,11,,12,,3,2\n"
    record, problems = read(
        "wyscout", {"7.json": as_json(content), "matches.csv": (CSV_HEAD + CSV_TAIL + line).encode()}
    )
    assert problems == []  # goals and own goals are the result
    assert record.match.matchday is None
    clocks = {shot.shot_id: (shot.period, shot.minute, shot.second) for shot in record.shots}
    assert len(clocks) == 12
    assert (clocks["1"], clocks["2"]) == ((3, 92, 10), (4, 106, 5))
    assert record.own_goals == (OwnGoal(str(AWAY), "501", 120),)


def test_version_3_after_a_shoot_out(read):
    content = wyscout_v3(7, [*ten_attempts(), *EXTRA_TIME[:2], *SHOOT_OUT])
    content["match"] |= {"label": "Home - Away, 3 - 1 (P)", "gameweek": 0}
    record, problems = read("wyscout", {"7.json": as_json(content)})
    assert problems == []
    assert (record.match.home_score, record.match.away_score, record.match.matchday) == (3, 1, None)
    assert {shot.period for shot in record.shots} == {1, 2, 3, 4}


@pytest.mark.parametrize("has_teams", [True, False])
def test_the_list_of_one_match_s_events_alone(read, has_teams):
    """As people cut it out of the public set; names and sides stand in `matches.csv`."""
    content = wyscout_v2(7, [*ten_attempts(), EXTRA_TIME[2]])
    content = content["events"] if not has_teams else content
    csv = matches_csv(7).replace(b"2,0\n", b"2,1\n")
    record, problems = read("wyscout", {"7.json": as_json(content), "matches.csv": csv})
    assert (record.match.home.name, record.match.away.name) == ("Home", "Away")
    assert [goal.team_id for goal in record.own_goals] == [str(AWAY)]
    said = {"player '501' is in no line-up"} if not has_teams else set()
    assert {problem.reason for problem in problems} == said


def test_many_matches_in_one_list_name_the_command(source):
    events = [event for n in (7, 8) for event in wyscout_v2(n, ten_attempts())["events"]]
    deliveries, (problem,) = load_feed("wyscout").discover(source({"events_World_Cup.json": as_json(events)}))
    assert deliveries == []
    assert problem.reason == "a list of the events of many matches, as in the public set's own files"
    assert "xgoals fetch wyscout --from DIR" in problem.advice


def test_a_callback_around_it(read):
    data = b"/**/cb(" + as_json(wyscout_v3(7, ten_attempts())) + b");\n"
    assert len(read("wyscout", {"7.json": data})[0].shots) == 10


def changed_v2(change: dict[str, Any]) -> dict[str, bytes]:
    content = wyscout_v2(7, [*ten_attempts(), Attempt(shot_id=1)])
    content["events"][-1] |= change
    return {"7.json": as_json(content), "matches.csv": matches_csv(7)}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tags": [{"id": 1210}]}, "nothing says what the ball was struck with: tags [1210]"),
        ({"playerId": 0}, "nobody is named as the shooter"),
        ({"playerId": None}, "nobody is named as the shooter"),
        ({"positions": []}, "a shot without a place: None"),
        ({"positions": [{"x": 1e9, "y": 50}]}, "a shot from x_m = 1.05e+09, y_m = 0 cannot be"),
        ({"eventSec": -20.0}, "period_time_s = -20 cannot be"),
        ({"eventSec": 9e9}, "period_time_s = 9e+09 cannot be"),
        ({"eventSec": "soon"}, "a shot without its time"),
    ],
)
def test_what_is_odd_is_told(read, change, reason):
    _, problems = read("wyscout", changed_v2(change))
    assert any(problem.reason.startswith(reason) for problem in problems), problems
    assert all(problem.shot_id == "1" for problem in problems if problem.reason.startswith(reason))


@pytest.mark.parametrize("number", [None, "", 10**9, "x"])
def test_a_shot_is_known_by_its_event_where_the_number_says_nothing(read, number):
    record, problems = read("wyscout", changed_v2({"subEventId": number}))
    assert "1" in {shot.shot_id for shot in record.shots}
    assert problems == []


def test_events_without_a_type_are_told(read):
    nothing = dict.fromkeys(("eventId", "eventName", "subEventId", "subEventName"))
    _, problems = read("wyscout", changed_v2(nothing))
    assert [problem.reason for problem in problems] == [
        "1 events say no type (the first: 1): if they were shots, these are missing"
    ]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("label", "Home - Away", "home_score = 'Home - Away' cannot be read"),
        ("gameweek", "final", "matchday = 'final' cannot be read"),
        ("dateutc", "soon", "kick_off = 'soon' cannot be read"),
    ],
)
def test_what_the_header_does_not_tell_in_words_that_are_known(read, field, value, reason):
    content = wyscout_v3(7, ten_attempts())
    content["match"][field] = value
    _, problems = read("wyscout", {"7.json": as_json(content)})
    assert [problem.reason for problem in problems] == [reason]


def test_a_team_without_a_name_is_shown_by_its_id(read):
    content = wyscout_v3(7, ten_attempts(), teams={})
    record, problems = read("wyscout", {"7.json": as_json(content)})
    assert record.match.home.name == str(HOME)
    assert "name of the home team is empty" in [problem.reason for problem in problems]


@pytest.mark.real_data
def test_real_matches_as_of_a_cup(real_data: Path, tmp_path: Path) -> None:
    """The last half hour becomes extra time, teams stand in the other order: shots, goals and places stay."""
    names = ("2499727", "2499772", "2516739")
    csv = (real_data / "wyscout" / "matches.csv").read_text().splitlines()
    kept = [csv[0], *(line for line in csv if line.split(",")[0] in names)]
    as_league, as_cup = tmp_path / "league", tmp_path / "cup"
    for folder in (as_league, as_cup):
        folder.mkdir()
        (folder / "matches.csv").write_text("\n".join(kept))
    for name in names:
        content = json.loads((real_data / "wyscout" / "events" / f"{name}.json").read_text())
        for event in content["events"]:
            if event["matchPeriod"] == "2H" and event["eventSec"] > 900:
                is_late = event["eventSec"] > 1900
                event["matchPeriod"], start_s = ("E2", 1900) if is_late else ("E1", 900)
                event["eventSec"] -= start_s
        content["teams"] = dict(reversed(content["teams"].items()))
        content["events"] += _shoot_out(content, int(name))
        (as_cup / f"{name}.json").write_bytes(as_json(content))
        (as_league / f"{name}.json").symlink_to(real_data / "wyscout" / "events" / f"{name}.json")
    module = load_feed("wyscout")
    (league, _), (cup, _) = module.discover(as_league), module.discover(as_cup)
    for one, other in zip(league, cup, strict=True):
        (expected, _), (record, notes) = module.read_match(one), module.read_match(other)
        assert [(s.shot_id, s.x_m) for s in record.shots] == [(s.shot_id, s.x_m) for s in expected.shots]
        assert {s.period for s in record.shots} == {1, 2, 3, 4}
        assert [goal.team_id for goal in record.own_goals] == [goal.team_id for goal in expected.own_goals]
        assert (record.match.home, record.match.away) == (expected.match.home, expected.match.away)
        assert "scoreline" not in {note.place for note in notes}


def _shoot_out(content: dict[str, Any], match_id: int) -> list[dict[str, Any]]:
    home, away = map(int, content["teams"])
    events = wyscout_v2(match_id, SHOOT_OUT)["events"]
    return [event | {"teamId": home if event["teamId"] == HOME else away, "playerId": 0} for event in events]
