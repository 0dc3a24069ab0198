"""Real official match data: places, speeds and frames against the provider's own values."""

import re
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from xgoals.domain.geometry import angle_to_goal_deg, distance_to_goal_m
from xgoals.domain.scene import FrameSource
from xgoals.feeds import MatchReading
from xgoals.feeds.dfl import discover, read_delivery

pytestmark = pytest.mark.real_data


def read(folder: Path) -> MatchReading:
    deliveries, problems = discover(folder)
    assert problems == []
    return read_delivery(deliveries[0])


def test_features_at_the_official_frame_of_the_real_goal(real_data: Path) -> None:
    reading = read(real_data / "dfl" / "J03WMX_shot")
    assert reading.read_path == "seek"
    (shot,), (scene,), (clip,) = reading.record.shots, reading.record.scenes, reading.record.clips
    assert (scene.frame_source, scene.frame_n) == (FrameSource.OFFICIAL, 21_707)
    assert scene.clock_offset_s == pytest.approx(1.12, abs=0.001)
    goal_x = reading.record.match.pitch.goal_x_m
    assert float(distance_to_goal_m(shot.x_m, shot.y_m, goal_x)) == pytest.approx(20.52, abs=0.15)
    assert float(angle_to_goal_deg(shot.x_m, shot.y_m, goal_x)) == pytest.approx(15.53, abs=0.7)
    assert 3.6 * np.hypot(scene.shooter_vx_ms, scene.shooter_vy_ms) == pytest.approx(12.52, abs=1)
    (keeper,) = [p for p in scene.people if p.is_keeper and not p.is_teammate]
    assert goal_x - keeper.x_m == pytest.approx(2.73, abs=0.01)
    assert sum(not p.is_teammate for p in scene.people) == 11
    assert sum(p.is_teammate for p in scene.people) == 10
    assert (shot.is_goal, shot.provider_xg, shot.technique) == (True, 0.0399, "lob")
    assert len(clip.frame_n) == 126


def test_the_hidden_frame_of_the_real_goal_is_found(real_data: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(
        real_data / "dfl" / "J03WMX_shot", tmp_path / "hidden", copy_function=shutil.copyfile
    )
    folder.chmod(0o755)
    events = next(folder.glob("*events*"))
    hidden = re.sub(r' (Calculated\w+|[XY]-PositionFromTracking)="[^"]*"', "", events.read_text())
    assert "21707" not in hidden
    events.write_text(hidden)
    (scene,) = read(folder).record.scenes
    assert scene.frame_source is FrameSource.FOUND
    assert abs(scene.frame_n - 21_707) <= 5
    assert scene.confidence > 0.9


def test_a_whole_real_events_file(real_data: Path) -> None:
    """26 shots; its positions are an excerpt of 21 frames that covers none of them."""
    reading = read(real_data / "dfl" / "J03WPY")
    shots = reading.record.shots
    assert len(shots) == 26
    assert [shot.minute for shot in shots if shot.is_goal] == [46]
    assert {shot.period for shot in shots} == {1, 2}
    assert sum("PlayerSpeed" in shot.official for shot in shots) == 24
    assert {scene.frame_source for scene in reading.record.scenes} == {FrameSource.NONE}
    assert not any("not known" in problem.reason for problem in reading.problems)
    assert not any(problem.place == "scoreline" for problem in reading.problems)
    for shot in shots:
        if shot.raw["place"] == "provider's tracking":
            distance, angle = (
                distance_to_goal_m(shot.x_m, shot.y_m, 52.5),
                angle_to_goal_deg(shot.x_m, shot.y_m, 52.5),
            )
            assert float(distance) == pytest.approx(shot.official["DistanceToGoal"], abs=0.011)
            assert float(angle) == pytest.approx(shot.official["AngleToGoal"], abs=0.011)


def test_positions_as_delivered_several_frame_sets_on_a_line(real_data: Path) -> None:
    reading = read(real_data / "dfl" / "J03WMX_kickoff")
    assert reading.read_path == "seek"
    assert reading.record.shots == ()
    assert len(reading.record.players) == 40
    assert {p.place for p in reading.problems} == {"scoreline"}  # no shots in the excerpt, 1:2 in the result


def test_the_two_excerpts_of_one_match_contradict_each_other(real_data: Path) -> None:
    deliveries, problems = discover(real_data / "dfl")
    assert [delivery.match_id for delivery in deliveries] == ["DFL-MAT-J03WMX", "DFL-MAT-J03WPY"]
    assert len(problems) == 2
    assert all("same MessageTime" in problem.reason for problem in problems)


def test_passes_cards_and_substitutions_of_a_whole_real_events_file(real_data: Path) -> None:
    record = read(real_data / "dfl" / "J03WPY").record
    text = next((real_data / "dfl" / "J03WPY").glob("*events*")).read_text()
    direct = len(re.findall(r'<ShotAtGoal[^>]*AssistTypeShotAtGoal="direct"', text))
    assists = [shot.circumstances.assist for shot in record.shots if shot.circumstances.assist]
    assert len(assists) == direct == 16
    named = {player.player_id for player in record.players}
    assert {assist.player_id for assist in assists} <= named
    kinds = Counter(incident.kind.value for incident in record.incidents)
    assert kinds == {
        "yellow_card": len(re.findall("<Caution ", text)),
        "substitution": len(re.findall("<Substitution ", text)),
    }
    times = [(incident.period, incident.minute, incident.second) for incident in record.incidents]
    assert times == sorted(times)
