"""StatsBomb both ways, by our reader and by kloppy's: the same people, words and features.

kloppy takes half a cell (.05 yards) off each coordinate. With it added back the features are the same numbers.
"""

import json
import math
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xgoals.domain.pitch import YARD_M
from xgoals.domain.scene import MatchRecord, Person, Scene
from xgoals.domain.shot import BodyPart, Outcome, Shot, ShotType
from xgoals.features.build import build_features
from xgoals.features.catalogue import BEST_17
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed

HALF_A_CELL = 0.05
BODY = {"RIGHT_FOOT": BodyPart.RIGHT_FOOT, "LEFT_FOOT": BodyPart.LEFT_FOOT, "HEAD": BodyPart.HEAD}
RESULTS = {
    "GOAL": {Outcome.GOAL}, "SAVED": {Outcome.SAVED}, "BLOCKED": {Outcome.BLOCKED},
    "OFF_TARGET": {Outcome.OFF_TARGET}, "POST": {Outcome.WOODWORK},
}  # fmt: skip
TOLERANCES = {"AngleToGoal": 2.5, "GoalkeeperInterception": 3.0, "UnblockedShare": 2.0,
              "AmountOfDefenders": 1.0}  # fmt: skip


class BothWays:
    """Our records, and the same with kloppy's places and words."""

    def __init__(self, folder: Path, match_ids: list[str]) -> None:
        feed = load_feed("statsbomb")
        self.ours = [feed.read_match(d)[0] for d in feed.discover(folder, match_ids=match_ids)[0]]
        self.events = {e.event_id: e for match_id in match_ids for e in kloppy_shots(folder, match_id)}
        self.shots = [shot for record in self.ours for shot in record.shots]

    def theirs(self, added: float) -> list[MatchRecord]:
        return [self._theirs(record, added) for record in self.ours]

    def _theirs(self, record: MatchRecord, added: float) -> MatchRecord:
        events = [self.events[shot.shot_id] for shot in record.shots]
        shots = tuple(placed(shot, event, added) for shot, event in zip(record.shots, events, strict=True))
        scenes = [scene_of(event, added) for event in events]
        return replace(record, shots=shots, scenes=tuple(scenes))

    def features(self, added: float) -> tuple[Any, Any]:
        return tuple(build_features(Scenes.of(way), BEST_17) for way in (self.ours, self.theirs(added)))


def kloppy_shots(folder: Path, match_id: str) -> list[Any]:
    from kloppy import statsbomb

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = statsbomb.load(
            event_data=str(folder / "events" / f"{match_id}.json"),
            lineup_data=str(folder / "lineups" / f"{match_id}.json"),
            coordinates="statsbomb",
            event_types=["shot"],
        )
    return [event for event in dataset.events if event.period.id <= 4 and "shot" in event.raw_event]


def metres(point: Any, added: float) -> tuple[float, float]:
    return (point.x + added - 60) * YARD_M, (40 - point.y - added) * YARD_M


def placed(shot: Shot, event: Any, added: float) -> Shot:
    x_m, y_m = metres(event.coordinates, added)
    return replace(shot, x_m=x_m, y_m=y_m)


def scene_of(event: Any, added: float) -> Scene:
    raw = event.raw_event["shot"].get("freeze_frame", [])
    keepers = {str(one["player"]["id"]) for one in raw if one["position"]["name"] == "Goalkeeper"}
    places = event.freeze_frame.players_coordinates if event.freeze_frame else {}
    people = tuple(
        Person(
            *metres(point, added), player.team == event.team, player.player_id in keepers, player.player_id
        )
        for player, point in places.items()
        if player.player_id != event.player.player_id
    )
    return Scene(event.event_id, people)


def distance_m(x_m: float, y_m: float) -> float:
    """From the middle of the goal, not yet on the feature's grid."""
    return math.hypot(60 * YARD_M - x_m, y_m)


def ids_of(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "lineups").glob("*.json"))


@pytest.fixture(scope="module", params=[2, pytest.param(12, marks=pytest.mark.slow)])
def both(request, real_data: Path) -> BothWays:
    folder = real_data / "statsbomb"
    return BothWays(folder, ids_of(folder)[: request.param])


@pytest.mark.real_data
def test_the_same_shots_with_the_same_people(both):
    assert [shot.shot_id for shot in both.shots] == [event.event_id for event in both.events.values()]
    for ours, theirs in zip(both.ours, both.theirs(0), strict=True):
        for scene, other in zip(ours.scenes, theirs.scenes, strict=True):
            known = {(p.player_id, p.is_teammate, p.is_keeper) for p in scene.people}
            assert known == {(p.player_id, p.is_teammate, p.is_keeper) for p in other.people}
    people = [person for record in both.ours for scene in record.scenes for person in scene.people]
    if len(both.ours) == 12:
        assert (len(both.shots), len(people), sum(p.is_keeper for p in people)) == (306, 4390, 304)


@pytest.mark.real_data
def test_the_same_words(both):
    from kloppy.domain import BodyPartQualifier, SetPieceQualifier

    kinds = Counter[str]()
    for shot in both.shots:
        event = both.events[shot.shot_id]
        (body,) = event.get_qualifier_values(BodyPartQualifier)
        assert shot.body_part is BODY.get(body.name, BodyPart.OTHER)
        assert shot.outcome in RESULTS[event.result.name]
        assert (shot.team_id, shot.player_id) == (event.team.team_id, event.player.player_id)
        set_piece = next(iter(event.get_qualifier_values(SetPieceQualifier)), None)
        dead_ball = {"PENALTY": ShotType.PENALTY, "FREE_KICK": ShotType.FREE_KICK}.get(
            getattr(set_piece, "name", "")
        )
        assert (dead_ball is None) == (shot.shot_type not in (ShotType.PENALTY, ShotType.FREE_KICK))
        assert dead_ball in (None, shot.shot_type)
        kinds[shot.shot_type] += 1
        seconds = event.timestamp.total_seconds()
        assert shot.period_time_s == pytest.approx(seconds, abs=1e-3)
    assert kinds[ShotType.OPEN_PLAY] > 30


@pytest.mark.real_data
def test_features_are_as_near_as_half_a_cell_allows(both):
    ours, theirs = both.features(added=0.0)
    places = [(shot, metres(both.events[shot.shot_id].coordinates, 0.0)) for shot in both.shots]
    assert max(abs(distance_m(shot.x_m, shot.y_m) - distance_m(*place)) for shot, place in places) <= 0.07
    for name, most in TOLERANCES.items():
        apart = np.abs(ours[name].to_numpy() - theirs[name].to_numpy())
        assert (np.isnan(ours[name]) == np.isnan(theirs[name])).all(), name
        assert np.nanmax(apart) <= most, name
    defenders = np.abs(ours["AmountOfDefenders"] - theirs["AmountOfDefenders"])
    assert (defenders > 0).sum() <= max(1, len(ours) // 300)
    for name in ("StrikeType", "OpponentsGoalSide", "Header"):
        assert ours[name].equals(theirs[name]), name


@pytest.mark.real_data
def test_with_half_a_cell_added_back_they_are_equal(both):
    ours, theirs = both.features(added=HALF_A_CELL)
    np.testing.assert_allclose(ours.to_numpy(), theirs.to_numpy(), atol=1e-4, equal_nan=True)


def test_the_samples_of_kloppy_are_events_that_the_feed_reads(tmp_path, kloppy_samples):
    """Its whole match 15986 with line-ups, laid out as open data."""
    entry = {
        "match_id": 15986, "match_date": "2018-12-08", "match_week": 15,
        "competition": {"competition_id": 11, "competition_name": "La Liga"},
        "season": {"season_id": 4, "season_name": "2018/2019"},
        "home_team": {"home_team_id": 217, "home_team_name": "Barcelona"},
        "away_team": {"away_team_id": 206, "away_team_name": "Deportivo"}, "match_status": "available",
    }  # fmt: skip
    content = json.loads((kloppy_samples / "statsbomb_15986_event.json").read_text("utf-8"))
    teams = list(dict.fromkeys((e["team"]["id"], e["team"]["name"]) for e in content))
    (entry["home_team"]["home_team_id"], _), (entry["away_team"]["away_team_id"], _) = teams
    for name, value in (("matches/11/4.json", [entry]), ("events/15986.json", content)):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(json.dumps(value))
    (delivery,), _ = load_feed("statsbomb").discover(tmp_path)
    record, _ = load_feed("statsbomb").read_match(delivery)
    raw = [e for e in content if e["type"]["name"] == "Shot" and e["period"] < 5]
    assert [shot.shot_id for shot in record.shots] == [e["id"] for e in raw]
    assert sum(shot.is_goal for shot in record.shots) == sum(
        e["shot"]["outcome"]["name"] == "Goal" for e in raw
    )
