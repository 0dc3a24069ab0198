"""Wyscout's shots against places and words worked out by hand, its public set, and kloppy's samples."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

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
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.features.build import build_features
from xgoals.features.catalogue import EVENTS_9
from xgoals.features.missingness import gaps_that_know_the_outcome
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed
from xgoals.feeds.reading import read_all

SAMPLE_ID = 2499773
"""Of kloppy's sample of version 2."""


def v2(*attempts: Attempt, **changes: object) -> dict[str, bytes]:
    every = [*ten_attempts(), *attempts]
    return {"7.json": json.dumps(wyscout_v2(7, every, **changes)).encode(), "matches.csv": matches_csv(7)}


def v3(*attempts: Attempt, **changes: object) -> dict[str, bytes]:
    return {"7.json": json.dumps(wyscout_v3(7, [*ten_attempts(), *attempts], **changes)).encode()}


def shot_of(record: MatchRecord, shot_id: int) -> Shot:
    return next(shot for shot in record.shots if shot.shot_id == str(shot_id))


@pytest.mark.parametrize(
    ("x", "y", "x_m", "y_m"),
    [
        (89, 50, 40.95, 0.0),  # 11 hundredths of 105 m: 11.55 m from the line
        (100, 50, 52.5, 0.0),
        (80, 25, 31.5, 17.0),  # y = 25 is to the attacker's left
    ],
)
def test_hundredths_are_metres_of_the_pitch(read, x, y, x_m, y_m):
    record, _ = read("wyscout", v2(Attempt(x=x, y=y, shot_id=1)))
    shot = shot_of(record, 1)
    assert (shot.x_m, shot.y_m) == (pytest.approx(x_m), pytest.approx(y_m))


def test_the_size_of_the_pitch_stands_in_the_csv(read):
    files = v2(Attempt(x=89, y=25, shot_id=1))
    line = files["matches.csv"].decode().splitlines()[1]
    files["matches.csv"] = (
        CSV_HEAD + CSV_TAIL.strip() + ",pitch_length_m,pitch_width_m\n" + line + ",100,64\n"
    ).encode()
    record, _ = read("wyscout", files)
    assert (shot_of(record, 1).x_m, shot_of(record, 1).y_m) == (pytest.approx(39.0), pytest.approx(16.0))
    assert (record.match.pitch.length_m, record.match.pitch.width_m) == (100, 64)


@pytest.mark.parametrize(
    ("tags", "outcome"),
    [
        ([402, 101, 1201], Outcome.GOAL),
        ([402, 2101], Outcome.BLOCKED),
        ([402, 1217], Outcome.WOODWORK),
        ([402, 1223], Outcome.WOODWORK),
        ([402, 1210], Outcome.OFF_TARGET),
        ([402, 1216], Outcome.OFF_TARGET),
        ([402, 1201, 201], Outcome.SAVED),
        ([402, 1209], Outcome.SAVED),
    ],
)
def test_outcome_by_tags(read, tags, outcome):
    record, _ = read("wyscout", v2(Attempt(tags=tags, shot_id=1)))
    assert shot_of(record, 1).outcome is outcome


def test_a_shot_without_a_word_on_its_end_is_no_goal_and_told(read):
    record, problems = read("wyscout", v2(Attempt(tags=[402], shot_id=1)))
    assert shot_of(record, 1).outcome is Outcome.OTHER
    assert [p.reason for p in problems if p.field == "outcome"] == ["no tag says what became of the shot"]


@pytest.mark.parametrize(
    ("tags", "part"),
    [([401], BodyPart.LEFT_FOOT), ([402], BodyPart.RIGHT_FOOT), ([403], BodyPart.HEAD), ([], BodyPart.UNKNOWN),
     ([401, 402], BodyPart.UNKNOWN)],
)  # fmt: skip
def test_body_part_by_tags(read, tags, part):
    record, _ = read("wyscout", v2(Attempt(tags=[*tags, 1210], shot_id=1)))
    assert shot_of(record, 1).body_part is part


def test_what_wyscout_does_not_say_is_unknown(read):
    record, _ = read("wyscout", v2())
    assert {shot.technique for shot in record.shots} == {Technique.UNKNOWN}
    assert {shot.ball_control for shot in record.shots} == {BallControl.UNKNOWN}


@pytest.mark.parametrize(
    ("sub_event", "shot_type", "set_up"),
    [(100, ShotType.OPEN_PLAY, SetUp.OPEN_PLAY), (33, ShotType.FREE_KICK, SetUp.FREE_KICK),
     (35, ShotType.PENALTY, SetUp.OTHER)],
)  # fmt: skip
def test_kinds_of_shots(read, sub_event, shot_type, set_up):
    record, _ = read("wyscout", v2(Attempt(sub_event=sub_event, shot_id=1)))
    assert (shot_of(record, 1).shot_type, shot_of(record, 1).set_up) == (shot_type, set_up)


@pytest.mark.parametrize(
    ("corner_of", "later_s", "tags", "set_up"),
    [
        (HOME, 10, [], SetUp.CORNER),
        (HOME, 11, [], SetUp.OPEN_PLAY),
        (AWAY, 3, [], SetUp.OPEN_PLAY),
        (HOME, 3, [1901], SetUp.COUNTER),
    ],
)
def test_a_chance_after_a_set_piece_of_the_team(read, corner_of, later_s, tags, set_up):
    corner = Attempt(team=corner_of, second=1000, sub_event=30, x=100, y=0)
    shot = Attempt(second=1000 + later_s, tags=[402, 1210, *tags], shot_id=1)
    record, _ = read("wyscout", v2(corner, shot))
    assert shot_of(record, 1).set_up is set_up


def test_an_own_goal_counts_for_the_others(read):
    own_goal = Attempt(team=HOME, second=1500, sub_event=82, tags=[102], player=501)
    record, problems = read("wyscout", v2(own_goal))
    assert record.own_goals == (OwnGoal(str(AWAY), "501", 25),)
    assert any(
        "Away: 0 goals and 1 own goals of the opponent in the events, 0 in the result" in p.reason
        for p in problems
    )


@pytest.mark.parametrize("version", [v2, v3])
def test_a_shoot_out_has_no_shots(read, version):
    record, problems = read("wyscout", version(Attempt(period=5, sub_event=35, tags=[402, 101])))
    assert len(record.shots) == 10
    assert problems == []


def test_clock_and_names(read):
    record, _ = read("wyscout", v2(Attempt(period=2, second=125, shot_id=1)))
    shot = shot_of(record, 1)
    assert (shot.minute, shot.second, shot.period_time_s) == (47, 5, 125.0)
    assert {p.player_id: p.name for p in record.players}["501"] == "Thomas Müller"


def test_numbers_in_place_of_words_and_texts_in_place_of_numbers(read):
    files = v2(Attempt(shot_id=1))
    content = json.loads(files["7.json"])
    event = content["events"][-1]
    event["subEventName"], event["eventName"] = event.pop("subEventId"), event.pop("eventId")
    event["positions"][0] = {"x": "89", "y": "50"}
    record, _ = read("wyscout", files | {"7.json": json.dumps(content).encode()})
    assert shot_of(record, 1).x_m == pytest.approx(40.95)


def test_sides_come_from_the_csv(read):
    files = v2()
    line = "7,1,League,2,2024/2025,2024-08-02,1,12,Gäste FC,11,,0,2\n"
    record, problems = read("wyscout", files | {"matches.csv": (CSV_HEAD + CSV_TAIL + line).encode()})
    assert (record.match.home.name, record.match.away.name) == ("Gäste FC", "Home")
    assert (record.match.home_score, record.match.away_score) == (0, 2)
    assert problems == []


def test_version_3_says_all_but_names(read):
    record, problems = read("wyscout", v3())
    match = record.match
    assert (match.home.name, match.home_score, match.away_score, str(match.match_date)) == (
        "Home",
        2,
        0,
        "2024-08-02",
    )
    assert (match.competition_id, match.season, match.matchday) == ("1", "2", 1)
    assert {shot.provider_xg for shot in record.shots} == {0.1}
    assert problems == []


def test_version_3_keeps_fractions_of_seconds(read):
    record, _ = read("wyscout", v3(Attempt(period=2, second=125, shot_id=1)))
    assert shot_of(record, 1).period_time_s == 125.5


@pytest.mark.parametrize(
    ("shot", "outcome"),
    [
        ({"isGoal": True, "onTarget": True, "goalZone": "gc"}, Outcome.GOAL),
        ({"isGoal": False, "onTarget": False, "goalZone": "bc"}, Outcome.BLOCKED),
        ({"isGoal": False, "onTarget": False, "goalZone": "ptl"}, Outcome.WOODWORK),
        ({"isGoal": False, "onTarget": True, "goalZone": "gb"}, Outcome.SAVED),
        ({"isGoal": False, "onTarget": False, "goalZone": "olb"}, Outcome.OFF_TARGET),
    ],
)
def test_outcome_by_zone(read, shot, outcome):
    content = wyscout_v3(7, [*ten_attempts(), Attempt(shot_id=1)])
    content["events"][-1]["shot"] = {"bodyPart": "left_foot", **shot}
    record, _ = read("wyscout", {"7.json": json.dumps(content).encode()})
    assert shot_of(record, 1).outcome is outcome


def test_an_own_goal_of_version_3(read):
    content = wyscout_v3(7, [*ten_attempts(), Attempt(team=AWAY, shot_id=1)])
    content["events"][-1]["type"] = {"primary": "own_goal", "secondary": []}
    record, _ = read("wyscout", {"7.json": json.dumps(content).encode()})
    assert [goal.team_id for goal in record.own_goals] == [str(HOME)]


def test_the_samples_of_both_versions(kloppy_samples, read):
    record, _ = read("wyscout", {"x.json": (kloppy_samples / "wyscout_events_v3.json").read_bytes()})
    assert Counter(shot.outcome for shot in record.shots) == {
        Outcome.OFF_TARGET: 13, Outcome.BLOCKED: 9, Outcome.SAVED: 6, Outcome.GOAL: 3, Outcome.WOODWORK: 1,
    }  # fmt: skip
    assert (record.match.home.name, record.match.home_score, record.match.away_score) == ("Juventus", 3, 0)


@pytest.mark.real_data
def test_every_twelfth_match_of_the_public_set(records_of_every_twelfth: list[MatchRecord]) -> None:
    goals_are_right(records_of_every_twelfth)


@pytest.mark.slow
@pytest.mark.real_data
def test_the_whole_public_set(real_data: Path) -> None:
    deliveries, problems = load_feed("wyscout").discover(real_data / "wyscout")
    assert (len(deliveries), problems) == (496, [])
    goals_are_right(reading.record for _, reading in read_all("wyscout", deliveries))


def goals_are_right(records: Iterable[MatchRecord]) -> None:
    """Goals and own goals are the official result, penalties lie at the spot, and everybody shoots forward."""
    right, penalties_m = list[bool](), list[float]()
    for record in records:
        for team, score in (
            (record.match.home, record.match.home_score),
            (record.match.away, record.match.away_score),
        ):
            goals = sum(shot.is_goal for shot in record.shots if shot.team_id == team.team_id)
            right.append(goals + sum(goal.team_id == team.team_id for goal in record.own_goals) == score)
        penalties_m += [52.5 - shot.x_m for shot in record.shots if shot.is_penalty]
        assert sum(shot.x_m < 0 for shot in record.shots) <= 2
    assert sum(right) >= 0.998 * len(right)
    assert sum(penalties_m) / len(penalties_m) == pytest.approx(11.0, abs=1.0)  # whole hundredths


def test_the_sample_of_version_2(kloppy_samples, read):
    """Its first team plays away, which only ``matches.csv`` says; Leicester City against Liverpool was 2:3."""
    content = (kloppy_samples / "wyscout_events_v2.json").read_bytes()
    line = f"{SAMPLE_ID},364,Premier League,1,2017/18,2017-09-23,6,1631,Leicester City,1612,Liverpool,2,3\n"
    record, problems = read(
        "wyscout", {"x.json": content, "matches.csv": (CSV_HEAD + CSV_TAIL + line).encode()}
    )
    assert problems == []  # goals and own goals are the result, everybody shoots forward
    assert (record.match.home.name, record.match.away.name, len(record.shots)) == (
        "Leicester City",
        "Liverpool",
        33,
    )
    assert Counter(shot.outcome for shot in record.shots)[Outcome.GOAL] == 5
    assert record.own_goals == ()


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_what_is_missing_of_the_samples_knows_no_outcome(kloppy_samples, read, version):
    line = f"{SAMPLE_ID},364,Premier League,1,2017/18,2017-09-23,6,1631,Leicester City,1612,Liverpool,2,3\n"
    files = {"x.json": (kloppy_samples / f"wyscout_events_{version}.json").read_bytes()}
    if version == "v2":
        files["matches.csv"] = (CSV_HEAD + CSV_TAIL + line).encode()
    record, _ = read("wyscout", files)
    scenes = Scenes.of([record])
    features = build_features(scenes, EVENTS_9)
    shots = scenes.shots[["provider", "is_goal", "is_penalty"]].join(features)
    assert len(shots) >= 20
    assert gaps_that_know_the_outcome(shots, EVENTS_9.names) == []
    assert features.columns[features.isna().any()].tolist() == ["StrikeType"]
