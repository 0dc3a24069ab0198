"""Values of every type in a StatsBomb file: only what is wrong is missing, and each is named."""

from pathlib import Path
from typing import Any

import pytest
from open_data import FRAME, MATCH, shot, write

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import MatchStatus
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import SetUp
from xgoals.feeds.statsbomb import announce, discover, read_match


def read(
    folder: Path, *events: Any, entry: dict[str, Any] | None = None, lineups: Any = None
) -> tuple[MatchRecord, list[Problem]]:
    listing = None if entry is None else {"1/2": [MATCH | entry]}
    write(folder, {7: list(events)}, listing, {7: lineups} if lineups else None)
    deliveries, problems = discover(folder)
    assert problems == []
    return read_match(deliveries[0])


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"minute": 10**10}, "minute", "minute = 10000000000"),
        ({"minute": 10**30}, "minute", "a number of"),
        ({"minute": 40_000}, "minute", "minute = 40000"),
        ({"minute": "half past"}, "minute", "minute = 'half past'"),
        ({"minute": "--5"}, "minute", "minute = '--5'"),
        ({"second": [11]}, "second", "second = '[11]'"),
        ({"shot": {"statsbomb_xg": "0.25"}}, "provider_xg", "statsbomb_xg = '0.25'"),
        ({"shot": {"statsbomb_xg": [0.25]}}, "provider_xg", "statsbomb_xg = '[0.25]'"),
        ({"shot": {"statsbomb_xg": 1.5}}, "provider_xg", "provider_xg = 1.5"),
        ({"location": [400, 40]}, "location", "[400, 40]"),
        ({"location": {"x": 1}}, "location", "{'x': 1}"),
        ({"location": ["110", "30"]}, "location", "['110', '30']"),
        ({"shot": {"freeze_frame": "none"}}, "freeze_frame", "'none'" [1:-1]),
        ({"player": {"id": ["A"], "name": "B"}}, "player", "nobody is named"),
        ({"player": "One"}, "player", "nobody is named"),
        ({"shot": {"technique": "Volley"}}, "technique", "unknown technique"),
        ({"shot": {"body_part": {"name": ["Head"]}}}, "body_part", "unknown body part"),
    ],
)  # fmt: skip
def test_one_wrong_value_costs_this_value(
    tmp_path: Path, changes: dict[str, Any], field: str, told: str
) -> None:
    record, problems = read(tmp_path, shot(**changes), shot(id="s2", second=30))
    assert [s.shot_id for s in record.shots] == ["s1", "s2"]
    assert [(p.shot_id, p.field, p.severity, p.match_id) for p in problems] == [("s1", field, "value", "7")]
    assert told in problems[0].reason
    assert problems[0].place == f"shot s1, {field}"


def test_the_minute_comes_from_the_timestamp_where_it_cannot_be(tmp_path: Path) -> None:
    record, _ = read(tmp_path, shot(minute=40_000))
    assert (record.shots[0].minute, record.shots[0].second) == (54, 11)


@pytest.mark.parametrize("timestamp", ["00:00:nan", "00:00:inf", "00:00:-inf"])
def test_a_timestamp_of_no_finite_number_costs_a_shot_without_a_period(
    tmp_path: Path, timestamp: str
) -> None:
    record, (problem,) = read(tmp_path, shot(period=None, timestamp=timestamp), shot(id="s2", second=30))
    assert [s.shot_id for s in record.shots] == ["s2"]
    assert (problem.shot_id, problem.field, problem.severity) == ("s1", "period", "shot")


def test_two_signs_before_a_number_cost_neither_line_up_nor_result(tmp_path: Path) -> None:
    lineups = [
        {"team_id": 10, "lineup": [{"player_id": 1, "positions": [{"from_period": "--1", "from": "0:0"}]}]}
    ]
    record, (problem,) = read(tmp_path, shot(), entry={"home_score": "--5"}, lineups=lineups)
    assert (len(record.shots), record.match.home_score, problem.field) == (1, None, "home_score")


def test_a_timestamp_that_is_no_number_is_missing(tmp_path: Path) -> None:
    record, problems = read(tmp_path, shot(timestamp="00:01:nan"))
    assert (record.shots[0].period_time_s, record.shots[0].minute, problems) == (None, 54, [])


@pytest.mark.parametrize(("value", "number"), [("54", 54), (54.0, 54), (" 54 ", 54)])
def test_numbers_as_other_programs_write_them(tmp_path: Path, value: Any, number: int) -> None:
    record, problems = read(tmp_path, shot(minute=value))
    assert (record.shots[0].minute, problems) == (number, [])


@pytest.mark.parametrize(
    ("value", "player_id"), [(7, "7"), ("7", "7"), (7.0, "7"), ("A\0B", "AB"), (10**30, str(10**30))]
)
def test_ids_as_other_programs_write_them(tmp_path: Path, value: Any, player_id: str) -> None:
    """A data frame with gaps writes 7.0; a number of 31 digits keeps all of them."""
    record, _ = read(tmp_path, shot(player={"id": value, "name": "Seven"}))
    assert record.shots[0].player_id == player_id
    assert player_id in {player.player_id for player in record.players}


def test_a_name_that_is_a_list_is_no_name(tmp_path: Path) -> None:
    record, problems = read(tmp_path, shot(player={"id": 1, "name": ["A", "B"]}))
    assert {p.player_id: p.name for p in record.players}["1"] is None
    assert [p.reason for p in problems] == ["player '1' has no name"]


def test_a_team_name_that_is_a_list_is_shown_by_its_id(tmp_path: Path) -> None:
    record, problems = read(
        tmp_path, shot(), entry={"home_team": {"home_team_id": 10, "home_team_name": ["A"]}}
    )
    assert record.match.home.name == "10"
    assert [(p.place, p.reason) for p in problems] == [
        ("listing 1/2.json, name of the home team", "name of the home team is empty")
    ]
    assert problems[0].path.endswith("events/7.json")  # so that the note stays as long as the match does


@pytest.mark.parametrize(("period", "expected"), [("1", 1), (1.0, 1), ("2", 2), (4, 4)])
def test_periods_as_other_programs_write_them(tmp_path: Path, period: Any, expected: int) -> None:
    record, _ = read(tmp_path, shot(period=period, minute={1: 9, 2: 54, 4: 114}[expected]))
    assert record.shots[0].period == expected


@pytest.mark.parametrize("period", [None, 0, 6, "x", [], -1])
def test_a_period_that_is_none_follows_from_the_two_clocks(tmp_path: Path, period: Any) -> None:
    """Minute 54 at 9:11 of the half: the half began at minute 45."""
    record, (problem,) = read(tmp_path, shot(period=period))
    assert record.shots[0].period == 2
    assert (problem.severity, problem.field) == ("value", "period")


@pytest.mark.parametrize("period", [None, 0, 6])
def test_a_shot_whose_period_nothing_says_is_left_out_with_a_note(tmp_path: Path, period: Any) -> None:
    record, (problem,) = read(tmp_path, shot(period=period, timestamp=None), shot(id="s2"))
    assert [s.shot_id for s in record.shots] == ["s2"]
    assert (problem.severity, problem.shot_id) == ("shot", "s1")


@pytest.mark.parametrize("period", [5, "5", 5.0])
def test_shoot_outs_are_left_out_without_a_word(tmp_path: Path, period: Any) -> None:
    kick = shot(id="s2", period=period, minute=121, shot={"type": {"name": "Penalty"}})
    record, problems = read(tmp_path, shot(), kick)
    assert (len(record.shots), problems) == (1, [])


@pytest.mark.parametrize("kind", ["Open Play", "Penalty"])
def test_a_shot_in_the_54th_minute_is_none_of_a_shoot_out(tmp_path: Path, kind: str) -> None:
    record, (problem,) = read(tmp_path, shot(period=5, shot={"type": {"name": kind}}))
    assert [s.period for s in record.shots] == [2]
    assert problem.advice == "Counted in period 2, by its minute and timestamp"


@pytest.mark.parametrize("shot_id", ["", None, "\0", [], {}])
def test_a_shot_without_an_id_counts_under_its_time(tmp_path: Path, shot_id: Any) -> None:
    record, (problem,) = read(tmp_path, shot(id=shot_id), shot(id="s2", second=12))
    assert [s.shot_id for s in record.shots] == ["no-id-2-54-11", "s2"]
    assert [len(scene.people) for scene in record.scenes] == [3, 3]
    assert problem.field == "id"


def test_nul_is_taken_out_of_names_and_words(tmp_path: Path) -> None:
    entry = {
        "competition_stage": {"name": "Regular\0 Season"},
        "home_team": MATCH["home_team"] | {"home_team_name": "A\0B"},
    }
    bad = shot(player={"id": 1, "name": "A\0B"}, play_pattern={"name": "From\0 Corner"})
    record, problems = read(tmp_path, bad, entry=entry)
    assert problems == []
    assert (record.match.stage, record.match.home.name) == ("Regular Season", "AB")
    assert {p.player_id: p.name for p in record.players}["1"] == "AB"
    assert record.shots[0].set_up is SetUp.CORNER
    assert record.shots[0].raw["play_pattern"] == "From Corner"


def opponents(n: int) -> list[dict[str, Any]]:
    return [
        {
            "location": [100.0 + k, 20.0 + k],
            "teammate": False,
            "player": {"id": 100 + k},
            "position": {"name": "Back"},
        }
        for k in range(n)
    ]


def test_eleven_opponents_are_a_side(tmp_path: Path) -> None:
    record, problems = read(tmp_path, shot(shot={"freeze_frame": [FRAME[0], *opponents(10)]}))
    assert (len(record.scenes[0].people), problems) == (11, [])


def test_of_twelve_opponents_nobodys_place_is_known(tmp_path: Path) -> None:
    record, (problem,) = read(tmp_path, shot(shot={"freeze_frame": [FRAME[0], *opponents(11)]}))
    assert record.scenes[0].people == ()
    assert (problem.shot_id, problem.reason) == ("s1", "12 opponents in one frame")


def test_a_person_twice_in_a_frame_counts_once(tmp_path: Path) -> None:
    record, (problem,) = read(tmp_path, shot(shot={"freeze_frame": [*FRAME, FRAME[1]]}))
    assert [p.player_id for p in record.scenes[0].people] == ["5", "6", "3"]
    assert problem.reason == "in the frame twice: 6"


def lineup(team_id: int, players: dict[int, tuple[str, str | None]]) -> dict[str, Any]:
    """Players with the minutes of play from which and to which they were on the pitch."""
    return {
        "team_id": team_id,
        "lineup": [
            {
                "player_id": player, "player_name": f"N{player}",
                "positions": [{"from": start, "from_period": 1 + (start >= "45:00"), "to": end,
                               "to_period": None if end is None else 2}],
            }
            for player, (start, end) in players.items()
        ],
    }  # fmt: skip


def test_who_is_not_on_the_pitch_by_the_line_ups_is_left_out(tmp_path: Path) -> None:
    """The shot is at 54:11; 110 has come on for 109 at 50:00, 111 comes for 108 at 60:00."""
    side = {100 + k: ("00:00", None) for k in range(8)} | {
        5: ("00:00", None), 108: ("00:00", "60:00"), 109: ("00:00", "50:00"), 110: ("50:00", None),
        111: ("60:00", None),
    }  # fmt: skip
    frame = [FRAME[0], *opponents(12)]
    record, problems = read(tmp_path, shot(shot={"freeze_frame": frame}), lineups=[lineup(20, side)])
    assert {p.player_id for p in record.scenes[0].people} == {"5", *(f"{100 + k}" for k in range(9)), "110"}
    assert [p.reason for p in problems] == [
        f"player {n} is in the frame and not on the pitch" for n in (109, 111)
    ]


def test_who_is_not_on_the_pitch_by_the_events_is_left_out(tmp_path: Path) -> None:
    """A starting eleven, a substitution at 50:00 and a red card at 52:00; the shot is at 54:11."""
    team = {"id": 20}
    eleven = {"type": {"name": "Starting XI"}, "team": team, "period": 1, "minute": 0, "second": 0,
              "tactics": {"lineup": [{"player": {"id": i}} for i in (5, *range(100, 110))]}}  # fmt: skip
    change = {"type": {"name": "Substitution"}, "team": team, "period": 2, "minute": 50, "second": 0,
              "player": {"id": 109}, "substitution": {"replacement": {"id": 110}}}  # fmt: skip
    red = {"type": {"name": "Bad Behaviour"}, "team": team, "period": 2, "minute": 52, "second": 0,
           "player": {"id": 108}, "bad_behaviour": {"card": {"name": "Red Card"}}}  # fmt: skip
    frame = [FRAME[0], *opponents(11)]
    record, problems = read(tmp_path, eleven, change, red, shot(shot={"freeze_frame": frame}))
    assert {p.player_id for p in record.scenes[0].people} == {"5", *(f"{100 + k}" for k in range(8)), "110"}
    assert len(problems) == 2


def test_one_shot_of_a_third_team_is_left_out_and_the_others_are_read(tmp_path: Path) -> None:
    record, (problem,) = read(tmp_path, shot(team={"id": 99}), shot(id="s2"))
    assert [s.shot_id for s in record.shots] == ["s2"]
    assert (problem.severity, problem.shot_id) == ("shot", "s1")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("available", MatchStatus.PLAYED), (None, MatchStatus.PLAYED), ("", MatchStatus.PLAYED),
        ("abandoned", MatchStatus.ABANDONED), ("AWARDED", MatchStatus.AWARDED), ("cancelled", MatchStatus.CANCELLED),
        ("deleted", MatchStatus.CANCELLED), ("scheduled", MatchStatus.UNFINISHED), ("new word", MatchStatus.PLAYED),
    ],
)  # fmt: skip
def test_what_became_of_the_match_is_marked(tmp_path: Path, word: str | None, status: MatchStatus) -> None:
    record, problems = read(tmp_path, shot(), entry={"match_status": word})
    assert record.match.status is status
    assert status.counts == (status is MatchStatus.PLAYED)
    assert [p.field for p in problems] == ([] if word in ("available", None, "") else ["match_status"])


def test_an_awarded_match_without_goals_has_no_scoreline_to_compare(tmp_path: Path) -> None:
    goals = [shot(id=f"g{n}", second=n, shot={"outcome": {"name": "Goal"}}) for n in range(3)]
    _, problems = read(tmp_path, *goals, entry={"match_status": "awarded", "home_score": 0, "away_score": 3})
    assert [p.field for p in problems] == ["match_status"]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"away_team": {"away_team_id": 10, "away_team_name": "X"}}, "home and away are one team"),
        ({"home_team": {"home_team_id": None}}, "home_team_id is missing or no id"),
        ({"home_team": ["Home"]}, "home_team_id is missing or no id"),
        ({"competition": None}, "competition_id is missing"),
        ({"match_date": "soon"}, "match_date 'soon' is no date"),
        ({"match_date": "9999-01-01"}, "a match on 9999-01-01 cannot be"),
    ],
)
def test_an_entry_that_does_not_say_who_plays_when_is_refused_and_the_next_match_is_read(
    tmp_path: Path, entry: dict[str, Any], reason: str
) -> None:
    write(tmp_path, {7: [shot()], 8: [shot()]}, {"1/2": [MATCH | entry, MATCH | {"match_id": 8}]})
    deliveries = {delivery.match_id: delivery for delivery in discover(tmp_path)[0]}
    for function in (announce, read_match):
        with pytest.raises(FeedError, match=reason):
            function(deliveries["7"])
    assert len(read_match(deliveries["8"])[0].shots) == 1


@pytest.mark.parametrize("date", ["2016-01-17 00:00:00", "2016-01-17T15:00:00.000"])
def test_a_date_with_a_time_behind_it_is_a_date(tmp_path: Path, date: str) -> None:
    assert read(tmp_path, shot(), entry={"match_date": date})[0].match.match_date.isoformat() == "2016-01-17"


@pytest.mark.parametrize(("score", "kept"), [("2", 2), (2.0, 2), (None, None), ("two", None)])
def test_scores_as_other_programs_write_them(tmp_path: Path, score: Any, kept: int | None) -> None:
    record, problems = read(tmp_path, shot(), entry={"home_score": score, "away_score": score})
    assert (record.match.home_score, record.match.away_score) == (kept, kept)
    assert [p.field for p in problems] == (["home_score", "away_score"] if score == "two" else [])


def test_an_own_goal_of_a_third_team_is_left_out(tmp_path: Path) -> None:
    own_goal = {"type": {"name": "Own Goal Against"}, "team": {"id": 99}, "minute": 3, "index": 9}
    record, (problem,) = read(tmp_path, shot(), own_goal)
    assert record.own_goals == ()
    assert "team 99 does not play" in problem.reason
