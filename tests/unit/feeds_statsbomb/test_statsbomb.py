"""StatsBomb open data: small files written by the test, then the real ones counted against their own JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xgoals.domain.errors import FeedError, SourceError
from xgoals.domain.match import OwnGoal
from xgoals.domain.scene import FrameSource
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.feeds.statsbomb import discover, discover_to_score, read_match

MATCH = {
    "match_id": 7, "match_date": "2016-01-17", "competition": {"competition_id": 1, "competition_name": "Cup"},
    "season": {"season_id": 2, "season_name": "2015/16"}, "match_week": 20,
    "home_team": {"home_team_id": 10, "home_team_name": "Home"},
    "away_team": {"away_team_id": 20, "away_team_name": "Away"},
    "home_score": 2, "away_score": 0, "competition_stage": {"id": 1, "name": "Regular Season"},
}  # fmt: skip

FRAME = [
    {"location": [119.0, 40.0], "player": {"id": 5, "name": "Player 5"}, "position": {"name": "Goalkeeper"},
     "teammate": False},
    {"location": [110.0, 30.0], "player": {"id": 6, "name": "Six"}, "position": {"name": "Left Back"},
     "teammate": False},
    {"location": [100.0, 50.0], "player": {"id": 3, "name": "Three"}, "position": {"name": "Left Wing"},
     "teammate": True},
]  # fmt: skip


def shot(**changes: Any) -> dict[str, Any]:
    details = {
        "statsbomb_xg": 0.25, "type": {"name": "Open Play"}, "body_part": {"name": "Left Foot"},
        "technique": {"name": "Half Volley"}, "outcome": {"name": "Goal"}, "first_time": True, "freeze_frame": FRAME,
    }  # fmt: skip
    details |= changes.pop("shot", {})
    event = {
        "id": "s1", "index": 3, "period": 2, "timestamp": "00:09:11.250", "minute": 54, "second": 11,
        "type": {"id": 16, "name": "Shot"}, "play_pattern": {"name": "From Corner"}, "team": {"id": 10},
        "player": {"id": 1, "name": "One"}, "location": [110.0, 30.0], "shot": details,
    }  # fmt: skip
    return event | changes


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def write(events: Any, match: dict[str, Any] = MATCH, lineups: Any = None) -> Path:
        for name in ("matches/1", "events", "lineups"):
            (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "matches/1/2.json").write_text(json.dumps([match]))
        text = events if isinstance(events, str) else json.dumps(events)
        (tmp_path / "events/7.json").write_text(text)
        if lineups is not None:
            (tmp_path / "lineups/7.json").write_text(json.dumps(lineups))
        return tmp_path

    return write


def read(source: Path):
    deliveries, problems = discover(source)
    assert problems == []
    return read_match(deliveries[0])


def test_a_shot_is_read_in_metres_from_the_centre_attacking_to_the_right(folder):
    record, problems = read(folder([shot()]))
    (only,) = record.shots
    assert problems == []
    # (110, 30) yards: 50 yd right of the centre, 10 yd above it on the picture, which is the attacker's left
    assert (only.x_m, only.y_m) == pytest.approx((50 * 0.9144, 10 * 0.9144))
    assert (only.period, only.period_time_s, only.minute, only.second) == (2, 551.25, 54, 11)
    assert (only.body_part, only.shot_type, only.outcome) == (
        BodyPart.LEFT_FOOT,
        ShotType.OPEN_PLAY,
        Outcome.GOAL,
    )
    assert (only.technique, only.set_up) == (Technique.HALF_VOLLEY, SetUp.CORNER)
    assert only.provider_xg == 0.25
    assert only.raw["play_pattern"] == "From Corner"
    assert (record.match.matchday, record.match.home_score) == (20, 2)


def test_the_freeze_frame_becomes_the_scene(folder):
    record, _ = read(folder([shot()]))
    (scene,) = record.scenes
    assert scene.frame_source is FrameSource.FREEZE_FRAME
    assert [(p.player_id, p.is_keeper, p.is_teammate) for p in scene.people] == [
        ("5", True, False), ("6", False, False), ("3", False, True),
    ]  # fmt: skip
    assert (scene.people[0].x_m, scene.people[0].y_m) == pytest.approx((59 * 0.9144, 0.0))


@pytest.mark.parametrize(
    ("details", "control"),
    [
        ({"first_time": True}, BallControl.DIRECT),
        ({"first_time": None}, BallControl.CONTROL),
        ({"first_time": None, "follows_dribble": True}, BallControl.DRIBBLE_SHORT),
        ({"technique": {"name": "Volley"}}, BallControl.VOLLEY),
        ({"first_time": None, "body_part": {"name": "Head"}}, BallControl.DIRECT),
        ({"type": {"name": "Free Kick"}}, BallControl.OTHER),
    ],
)
def test_ball_control(folder, details, control):
    record, _ = read(folder([shot(shot=details)]))
    assert record.shots[0].ball_control is control


def test_shoot_outs_and_other_events_are_no_shots(folder):
    record, _ = read(
        folder([shot(), shot(id="s2", period=5), {"id": "p", "type": {"name": "Pass"}, "period": 1}])
    )
    assert [s.shot_id for s in record.shots] == ["s1"]


def test_words_that_are_not_listed_stay_unknown_and_other_is_what_the_provider_calls_so(folder):
    odd = {"body_part": {"name": "Tail"}, "technique": {"name": "Rabona"}, "type": {"name": "Drop Ball"}}
    space = {"name": "From Space"}
    record, problems = read(
        folder(
            [
                shot(id="odd", shot={**odd, "first_time": False}, play_pattern=space),
                shot(id="first", second=20, shot=odd, play_pattern=space),
                shot(id="gap", second=30, shot={"technique": None, "first_time": False}),
                shot(
                    id="said",
                    second=40,
                    shot={"body_part": {"name": "Other"}},
                    play_pattern={"name": "Other"},
                ),
            ]
        )
    )
    words = {
        s.shot_id: (s.body_part, s.technique, s.shot_type, s.set_up, s.ball_control) for s in record.shots
    }
    assert words["odd"] == ("unknown",) * 5
    assert words["first"] == ("unknown",) * 4 + ("direct",)
    assert words["gap"] == ("left_foot", "unknown", "open_play", "corner", "unknown")
    assert words["said"] == ("other", "half_volley", "open_play", "other", "direct")
    of_shots = [p for p in problems if p.shot_id]
    assert [p.shot_id for p in of_shots] == ["odd"] * 4 + ["first"] * 4 + ["gap"]
    assert {p.advice for p in of_shots} == {"It is left unknown, and what rests on it missing"}


def test_names_placeholders_and_nicknames(folder):
    lineups = [{"team_id": 10, "lineup": [{"player_id": 1, "player_name": "One", "player_nickname": "Uno"}]}]
    record, _ = read(folder([shot()], lineups=lineups))
    names = {p.player_id: (p.name, p.short_name) for p in record.players}
    assert names == {"1": ("One", "Uno"), "3": ("Three", None), "5": (None, None), "6": ("Six", None)}


@pytest.mark.parametrize(
    ("change", "severity", "reason"),
    [
        ({"location": None}, "value", "without a location"),
        ({"location": [400.0, 10.0]}, "value", "without a location"),
        ({"shot": {"body_part": {"name": "Tail"}}}, "value", "unknown body part 'Tail'"),
        ({"shot": {"technique": {"name": "Rabona"}}}, "value", "unknown technique 'Rabona'"),
        ({"play_pattern": {"name": "From Space"}}, "value", "unknown play pattern 'From Space'"),
        ({"shot": {"freeze_frame": FRAME[1:]}}, "value", "without the keeper"),
        (
            {"shot": {"freeze_frame": [{**FRAME[0], "location": None}, *FRAME]}},
            "value",
            "player without a location",
        ),
        ({"shot": {"outcome": None}}, "shot", "without outcome"),
    ],
)
def test_what_is_wrong_with_one_shot_is_said_and_the_others_are_read(folder, change, severity, reason):
    record, problems = read(folder([shot(id="bad", **change), shot(second=50)]))
    assert "s1" in [s.shot_id for s in record.shots]
    assert [(p.severity, p.match_id) for p in problems] == [(severity, "7")]
    assert reason in problems[0].reason
    assert problems[0].path.endswith("events/7.json")
    assert "bad" in (problems[0].place or "")


def test_a_shot_without_freeze_frame_has_an_empty_scene_and_no_problem(folder):
    record, problems = read(folder([shot(shot={"freeze_frame": None})]))
    assert (record.scenes[0].frame_source, record.scenes[0].people, problems) == (FrameSource.NONE, (), [])


def test_a_second_shot_of_the_same_id_is_left_out(folder):
    record, problems = read(folder([shot(), shot(minute=80)]))
    assert ([s.minute for s in record.shots], problems[0].severity) == ([54], "shot")


def test_more_goals_than_the_result_are_noted(folder):
    events = [shot(id=f"s{n}", second=n) for n in range(3)]
    _, problems = read(folder(events))
    assert [p.reason for p in problems] == ["Home: 3 goals in the events, 2 in the result"]


def test_an_own_goal_counts_for_the_other_team(folder):
    own_goal = {
        "type": {"name": "Own Goal Against"}, "team": {"id": 20}, "player": {"id": 9, "name": "Nine"}, "minute": 3,
    }  # fmt: skip
    record, problems = read(folder([shot(), own_goal]))
    assert (record.own_goals, problems) == ((OwnGoal(team_id="10", player_id="9", minute=3),), [])
    assert "9" in {player.player_id for player in record.players}


def test_a_match_without_shots_is_a_match(folder):
    record, problems = read(folder([]))
    assert (record.shots, problems) == ((), [])


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ('[{"id": 1,', "broken JSON"),
        ("{}", "not a JSON list"),
        ([shot(team={"id": 99})], "does not play in match 7"),
        ("", "the file is empty"),
    ],
)
def test_an_unusable_events_file_names_itself_and_the_reason(folder, events, reason):
    deliveries, _ = discover(folder(events))
    with pytest.raises(FeedError, match=reason) as caught:
        read_match(deliveries[0])
    assert caught.value.where is not None
    assert caught.value.where.endswith("events/7.json")


def test_an_incomplete_entry_of_the_listing_names_the_listing(folder):
    deliveries, _ = discover(folder([shot()], match={**MATCH, "home_team": {}}))
    with pytest.raises(FeedError, match="entry of match 7 is incomplete") as caught:
        read_match(deliveries[0])
    assert str(caught.value.where).endswith("matches/1/2.json")


def test_a_missing_events_file_is_a_problem_of_that_match_only(folder):
    source = folder([shot()])
    listing = source / "matches/1/2.json"
    listing.write_text(json.dumps([MATCH, {**MATCH, "match_id": 8}]))
    deliveries, problems = discover(source)
    assert [d.match_id for d in deliveries] == ["7"]
    assert [(p.match_id, p.severity, p.path.endswith("events/8.json")) for p in problems] == [
        ("8", "match", True)
    ]


def test_a_broken_listing_does_not_hide_the_others(folder):
    source = folder([shot()])
    (source / "matches/1/3.json").write_text("[{")
    deliveries, problems = discover(source)
    assert ([d.match_id for d in deliveries], [p.path.endswith("matches/1/3.json") for p in problems]) == (
        ["7"],
        [True],
    )


def test_the_newest_of_two_entries_of_a_match_wins(folder):
    source = folder([shot()], match={**MATCH, "last_updated": "2020-01-02"})
    (source / "matches/1/0.json").write_text(
        json.dumps([{**MATCH, "last_updated": "2021-01-01", "match_week": 21}])
    )
    deliveries, _ = discover(source)
    assert [read_match(d)[0].match.matchday for d in deliveries] == [21]


def test_the_fingerprint_changes_with_entry_and_events(folder):
    prints = set()
    for events, match in (
        ([shot()], MATCH),
        ([shot(minute=1)], MATCH),
        ([shot()], {**MATCH, "match_week": 1}),
    ):
        deliveries, _ = discover(folder(events, match=match))
        prints.add(deliveries[0].fingerprint)
    again, _ = discover(folder([shot()]))
    assert len(prints) == 3
    assert again[0].fingerprint in prints


def test_the_data_folder_of_the_repository_works_too(folder, tmp_path):
    source = folder([shot()])
    root = tmp_path / "outer"
    root.mkdir()
    (root / "data").symlink_to(source)
    assert [d.match_id for d in discover(root)[0]] == ["7"]


@pytest.mark.parametrize(("make", "reason"), [(False, "no such folder"), (True, "no match listings")])
def test_a_source_that_is_none_says_so(tmp_path, make, reason):
    source = tmp_path / "nothing"
    if make:
        source.mkdir()
    with pytest.raises(SourceError, match=reason):
        discover(source)


def test_a_file_as_source_says_so(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SourceError, match="not a folder"):
        discover(file)


@pytest.mark.real_data
def test_of_every_tenth_real_match_every_shot_is_read(real_data):
    """Counted in the files themselves, but for shoot-outs."""
    files = sorted((real_data / "statsbomb" / "events").glob("*.json"))[::10]
    deliveries, _ = discover(real_data / "statsbomb", match_ids={file.stem for file in files})
    assert len(deliveries) == len(files) == 127
    for delivery in deliveries:
        record, _ = read_match(delivery)
        events = json.loads((real_data / "statsbomb" / "events" / f"{delivery.match_id}.json").read_text())
        raw = [e for e in events if e["type"]["name"] == "Shot" and e["period"] < 5]
        ends = {e["id"]: e["shot"]["outcome"]["name"] == "Goal" for e in raw}
        kinds = {e["id"]: e["shot"]["type"]["name"] == "Penalty" for e in raw}
        frames = {e["id"] for e in raw if e["shot"].get("freeze_frame")}
        assert {shot.shot_id: shot.is_goal for shot in record.shots} == ends
        assert {shot.shot_id: shot.is_penalty for shot in record.shots} == kinds
        with_frame = {s.shot_id for s in record.scenes if s.frame_source is FrameSource.FREEZE_FRAME}
        assert with_frame == frames


@pytest.mark.slow
@pytest.mark.real_data
def test_every_real_shot_is_read(real_data):
    """Counted in the files themselves: 31,198 shots, 3,262 goals, 326 penalties, 30,921 freeze frames."""
    deliveries, problems = discover(real_data / "statsbomb")
    assert len(deliveries) == 1270
    assert [p.match_id for p in problems] == ["3895210"]
    records = [read_match(delivery)[0] for delivery in deliveries]
    shots = [shot for record in records for shot in record.shots]
    scenes = [scene for record in records for scene in record.scenes]
    assert len(shots) == 31_198
    assert sum(shot.is_goal for shot in shots) == 3_262
    assert sum(shot.is_penalty for shot in shots) == 326
    assert sum(scene.frame_source is FrameSource.FREEZE_FRAME for scene in scenes) == 30_921


def test_an_events_file_that_no_listing_names_can_be_scored_but_not_stored(folder):
    source = folder([shot()])
    theirs = shot(id="s2", team={"id": 30, "name": "Third"})
    (source / "events/8.json").write_text(json.dumps([shot(team={"id": 10, "name": "Home"}), theirs]))
    assert [delivery.match_id for delivery in discover(source)[0]] == ["7"]
    deliveries, problems = discover_to_score(source)
    assert [delivery.match_id for delivery in deliveries] == ["7", "8"]
    assert [problem.reason for problem in problems] == ["no listing names it"]
    listed, unlisted = (read_match(delivery)[0] for delivery in deliveries)
    assert (listed.match.competition, len(listed.shots)) == ("Cup", 1)
    assert (unlisted.match.competition, [team.name for team in unlisted.teams]) == ("", ["Home", "Third"])
    assert [s.shot_id for s in unlisted.shots] == ["s1", "s2"]
    assert unlisted.shots[0].x_m == listed.shots[0].x_m


def test_an_incomplete_listing_does_not_keep_shots_from_being_scored(folder):
    source = folder([shot()], match={"match_id": 7})
    deliveries, problems = discover_to_score(source)
    record, _ = read_match(deliveries[0])
    assert len(record.shots) == 1
    assert "incomplete or wrong" in problems[0].reason


@pytest.mark.parametrize("nesting", ["", "data", "open-data", "open-data/data"])
def test_the_open_data_are_found_below_the_folder_that_is_named(folder, tmp_path, nesting):
    (tmp_path / "made").mkdir()
    for name in ("matches", "events"):
        target = tmp_path / "elsewhere" / nesting / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder([shot()]) / name).rename(target)
    assert len(discover(tmp_path / "elsewhere")[0]) == 1
    assert len(discover_to_score(tmp_path / "elsewhere")[0]) == 1


def test_shots_without_frame_player_or_known_words_are_read_all_the_same(folder):
    bare = shot(shot={"technique": {"name": "Scorpion"}, "body_part": None, "freeze_frame": None})
    bare["player"] = None
    del bare["shot"]["statsbomb_xg"]
    record, problems = read_match(discover_to_score(folder([bare]))[0][0])
    assert (record.shots[0].technique, record.shots[0].body_part) == (Technique.UNKNOWN, BodyPart.UNKNOWN)
    assert (record.shots[0].provider_xg, record.shots[0].player_id) == (None, None)
    assert record.scenes[0].people == ()
    assert [p.field for p in problems] == ["technique", "body_part", "player"]


def test_a_folder_without_events_is_told(tmp_path):
    with pytest.raises(SourceError, match="no events"):
        discover_to_score(tmp_path)
