"""A correction of events whose positions have left the inbox: frames, tracked places and the pitch stay."""

from dataclasses import replace

import pytest
from one_shot import MATCH, SHOT, record

from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import FrameSource, MatchRecord
from xgoals.domain.shot import BodyPart
from xgoals.steps.kept_scenes import with_stored_scenes

REAL_PITCH = Pitch(100, 64)


@pytest.fixture
def stored() -> MatchRecord:
    """As it was read with tracking, on the real pitch that only this knew: the shooter was 10.5 m from the line."""
    tracked = replace(SHOT, x_m=39.5, y_m=3.6, raw={"place": "tracking"})
    return record(shot=tracked, match=replace(MATCH, pitch=REAL_PITCH))


def test_frame_and_tracked_place_stay_on_the_real_pitch(stored: MatchRecord) -> None:
    corrected = record(shot=replace(SHOT, body_part=BodyPart.RIGHT_FOOT))
    kept = with_stored_scenes(corrected, stored)
    (shot,) = kept.shots
    assert kept.match.pitch == REAL_PITCH
    assert (shot.body_part, shot.x_m, shot.y_m) == (BodyPart.RIGHT_FOOT, 39.5, 3.6)
    assert kept.scenes == stored.scenes


def test_another_shot_keeps_its_distance_from_the_goal_line(stored: MatchRecord) -> None:
    """12.5 m on 105 m are 12.5 m on 100 m, and nobody is around a shot that had no frame."""
    kept = with_stored_scenes(record(shot=replace(SHOT, shot_id="new", x_m=40.0)), stored)
    (shot,), (scene,) = kept.shots, kept.scenes
    assert kept.match.pitch.goal_x_m - shot.x_m == 12.5
    assert (scene.shot_id, scene.people, scene.frame_source) == ("new", (), FrameSource.NONE)


def test_a_shot_without_a_place_stays_without_one(stored: MatchRecord) -> None:
    kept = with_stored_scenes(record(shot=replace(SHOT, shot_id="new", x_m=None, y_m=None)), stored)
    assert (kept.shots[0].x_m, kept.shots[0].y_m) == (None, None)


def test_where_nothing_is_stored_the_record_stands() -> None:
    assert with_stored_scenes(record(), None) == record()
