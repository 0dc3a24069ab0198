"""Shots meet tracking: frames, places, velocities, keepers, clips; worked out by hand."""

import math
from pathlib import Path

import numpy as np
import pytest
from dfl_files import AWAY, HOME, HandMade, frame, frame_set, positions

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.scene import FrameSource, MatchRecord
from xgoals.feeds.dfl import discover, read_delivery

SHOT_N = 10_250  # 10 s after kick-off
OFFICIAL = f'X-Position="94.00" Y-Position="34.00" CalculatedFrame="{SHOT_N}"'
FRAMES = range(10_150, 10_401)


def walk(x: float, y: float, vx: float = 0.0, vy: float = 0.0, frames: range = FRAMES) -> str:
    """Frames of somebody who is at (x, y) at the shot and walks at (vx, vy) m/s."""
    return "".join(frame(n, x + vx * (n - SHOT_N) / 25, y + vy * (n - SHOT_N) / 25) for n in frames)


def ball(*, kick_n: int = SHOT_N, frames: range = FRAMES) -> str:
    """Lies at (40, 3.5) and leaves at 25 m/s towards the goal from ``kick_n`` on."""
    return "".join(
        frame(n, min(40 + max(n - kick_n, 0), 54), 3.5 - 0.1 * max(n - kick_n, 0), z=0.1) for n in frames
    )


def scene_sets(*, shooter: str = "H9", frames: range = FRAMES) -> list[str]:
    return [
        frame_set(shooter, HOME, walk(40, 4, 3, 4, frames)),
        frame_set("H1", HOME, walk(-45, 0, frames=frames)),
        frame_set("A1", AWAY, walk(50, 1, frames=frames)),
        frame_set("A4", AWAY, walk(44, 2, -1, 0, frames)),
        frame_set("R1", "referee", walk(30, 0, frames=frames)),
        frame_set("ball", "BALL", ball(frames=frames)),
    ]


def read(match: HandMade, sets: list[str], *, pitch: str = "") -> tuple[MatchRecord, list[Problem]]:
    match.result = "0:0"
    match.write(positions=positions(*sets, pitch=pitch))
    deliveries, problems = discover(match.folder)
    assert problems == []
    reading = read_delivery(deliveries[0])
    assert reading.read_path == "seek"
    return reading.record, reading.problems


def test_the_scene_at_the_official_frame(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    record, problems = read(hand_made, scene_sets())
    assert problems == []
    (shot,), (scene,) = record.shots, record.scenes
    assert (shot.x_m, shot.y_m, shot.raw["place"]) == (40.0, 4.0, "tracking")
    assert (scene.frame_source, scene.frame_n, scene.confidence) == (FrameSource.OFFICIAL, SHOT_N, 1.0)
    assert scene.clock_offset_s == pytest.approx(1.2)
    assert scene.shooter_vx_ms == pytest.approx(3, abs=0.01)
    assert scene.shooter_vy_ms == pytest.approx(4, abs=0.01)
    assert (scene.ball_x_m, scene.ball_y_m, scene.ball_z_m) == (40.0, 3.5, 0.1)
    people = {p.player_id: (p.x_m, p.y_m, p.is_teammate, p.is_keeper) for p in scene.people}
    assert people == {
        "H1": (-45.0, 0.0, True, True),
        "A1": (50.0, 1.0, False, True),
        "A4": (44.0, 2.0, False, False),
    }


def test_in_the_other_direction_everything_is_turned(hand_made: HandMade) -> None:
    """The same stadium positions seen by the guests, who attack towards -x."""
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, team=AWAY, player="A4", attributes=OFFICIAL)
    (scene,) = read(hand_made, scene_sets())[0].scenes
    people = {p.player_id: (p.x_m, p.y_m, p.is_teammate) for p in scene.people}
    assert people == {"H9": (-40.0, -4.0, False), "H1": (45.0, 0.0, False), "A1": (-50.0, -1.0, True)}
    assert scene.shooter_vx_ms == pytest.approx(1.0, abs=0.01)
    assert (scene.ball_x_m, scene.ball_y_m) == (-40.0, -3.5)


def test_the_clip_goes_from_3_s_before_to_2_s_after(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    (clip,) = read(hand_made, scene_sets())[0].clips
    assert clip.frame_n.tolist() == list(range(SHOT_N - 75, SHOT_N + 51))
    assert (clip.time_s[0], clip.time_s[75], clip.time_s[-1]) == (-3.0, 0.0, 2.0)
    assert clip.player_ids == ("H9", "H1", "A1", "A4")
    assert clip.is_teammate == (True, True, False, False)
    assert clip.is_keeper == (False, True, True, False)
    assert clip.xy_m.shape == (126, 4, 2)
    assert clip.xy_m[0, 0].tolist() == pytest.approx([40 - 9, 4 - 12], abs=0.01)
    assert clip.ball_xyz_m[85].tolist() == pytest.approx([50, 2.5, 0.1], abs=0.01)


def test_without_an_official_frame_the_kick_is_found(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes='X-Position="93.00" Y-Position="38.00"')
    record, problems = read(hand_made, scene_sets())
    (scene,) = record.scenes
    assert problems == []
    assert scene.frame_source is FrameSource.FOUND
    assert scene.frame_n is not None
    assert abs(scene.frame_n - SHOT_N) <= 1
    assert scene.confidence is not None
    assert 0.9 < scene.confidence <= 1


def test_without_a_kick_nothing_is_found_and_the_shot_stays(hand_made: HandMade) -> None:
    sets = [*scene_sets()[:-1], frame_set("ball", "BALL", ball(kick_n=20_000))]
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2)
    record, problems = read(hand_made, sets)
    assert record.scenes[0].frame_source is FrameSource.NONE
    assert (record.shots[0].x_m, record.shots[0].raw["place"]) == (41.5, "event")
    assert [problem.place for problem in problems] == ["shot S1, positions"]


def test_a_match_without_positions_still_gives_its_shots(hand_made: HandMade) -> None:
    hand_made.result = "0:0"
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    reading = read_delivery(discover(hand_made.write().folder)[0][0])
    assert reading.read_path is None
    assert reading.record.scenes[0].frame_source is FrameSource.NONE
    assert reading.record.clips == ()
    assert len(reading.record.shots) == 1


def test_an_excerpt_that_misses_a_shot_leaves_it_without_tracking(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    hand_made.shot("S2", 1_000, attributes='X-Position="94.00" Y-Position="34.00" CalculatedFrame="35000"')
    record, problems = read(hand_made, scene_sets())
    assert [scene.frame_source for scene in record.scenes] == [FrameSource.OFFICIAL, FrameSource.NONE]
    assert [p.reason for p in problems] == ["no frame 35000 in the positions: the shot goes without tracking"]


def test_a_hole_in_a_whole_match_refuses_it(hand_made: HandMade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xgoals.feeds.dfl.tracking.FULL_MATCH_FRAMES", 200)
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    hand_made.shot("S2", 1_000, attributes='X-Position="94.00" Y-Position="34.00" CalculatedFrame="35000"')
    with pytest.raises(FeedError, match="part of the match is missing") as caught:
        read(hand_made, scene_sets())
    assert str(caught.value.where).endswith("positions.xml, firstHalf, N=35000")


def test_a_short_dropout_in_a_whole_match_costs_only_its_shot(
    hand_made: HandMade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xgoals.feeds.dfl.tracking.FULL_MATCH_FRAMES", 200)
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    hand_made.shot("S2", 30, attributes='X-Position="94.00" Y-Position="34.00" CalculatedFrame="10800"')
    record, problems = read(hand_made, scene_sets())
    assert [scene.frame_source for scene in record.scenes] == [FrameSource.OFFICIAL, FrameSource.NONE]
    assert len(problems) == 1


def test_a_real_pitch_of_another_size_is_taken_from_the_positions(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    size = '<MetaData Type="pitch-size"><PitchSize X="101.00" Y="66.00"/></MetaData>'
    match = read(hand_made, scene_sets(), pitch=size)[0].match
    assert (match.pitch.length_m, match.pitch.width_m) == (101, 66)


@pytest.mark.parametrize("size", ['X="10500" Y="6800"', 'X="" Y="68"', 'X="105.00"'])
def test_an_impossible_pitch_is_not_believed(hand_made: HandMade, size: str) -> None:
    hand_made.kick_offs()
    record, _ = read(hand_made, scene_sets(), pitch=f"<MetaData><PitchSize {size}/></MetaData>")
    assert record.match.pitch.length_m == 105


def test_the_substitute_keeper_keeps_goal_from_his_coming_on(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.event(
        "X", 5, f'<Substitution Team="{AWAY}" PlayerOut="A1" PlayerIn="A12" PlayingPosition="TW"/>'
    )
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    sets = [*scene_sets(), frame_set("A12", AWAY, walk(51, 0))]
    (scene,) = read(hand_made, sets)[0].scenes
    assert {p.player_id for p in scene.people if p.is_keeper} == {"H1", "A12"}


def test_an_outfield_player_becomes_keeper(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.event("X", 5, f'<OtherPlayerAction Team="{AWAY}" Player="A4" PlayerBecomesGoalkeeper="true"/>')
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    (scene,) = read(hand_made, scene_sets())[0].scenes
    assert {p.player_id for p in scene.people if p.is_keeper} == {"H1", "A4"}


def test_a_missing_coordinate_is_missing_and_no_zero(hand_made: HandMade) -> None:
    """kloppy puts 0 there, which is the centre spot."""
    stamp = f'N="{SHOT_N}" T="2023-05-27T13:30:10.000+00:00"'
    frames = walk(44, 2).replace(f'{stamp} X="44.00"', stamp)
    assert "X=" not in frames.split(f'N="{SHOT_N}"')[1].split("/>")[0]
    sets = [s for s in scene_sets() if '"A4"' not in s] + [frame_set("A4", AWAY, frames)]
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    record, _ = read(hand_made, sets)
    assert "A4" not in {p.player_id for p in record.scenes[0].people}
    i = record.clips[0].player_ids.index("A4")
    assert np.isnan(record.clips[0].xy_m[75, i]).any()
    assert not np.isnan(record.clips[0].xy_m[74, i]).any()


def test_a_shooter_without_positions_falls_back_to_the_events_place(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, player="H10", attributes=OFFICIAL)
    record, problems = read(hand_made, scene_sets())
    assert (record.shots[0].x_m, record.shots[0].raw["place"]) == (41.5, "event")
    assert record.scenes[0].shooter_vx_ms is None
    assert len(record.scenes[0].people) == 4
    assert [p.reason for p in problems] == ["the shooter is not in the positions"]


def test_a_ball_far_from_the_shooter_is_reported(hand_made: HandMade) -> None:
    sets = [*scene_sets()[:-1], frame_set("ball", "BALL", walk(10, 4))]
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    _, problems = read(hand_made, sets)
    assert [p.reason for p in problems] == [f"the ball is 30.0 m from the shooter at frame {SHOT_N}"]


def test_official_timestamp_and_frame_that_disagree_are_reported(hand_made: HandMade) -> None:
    stamp = ' CalculatedTimestamp="2023-05-27T15:30:12.000+02:00"'
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL + stamp)
    _, problems = read(hand_made, scene_sets())
    assert [p.reason for p in problems] == ["CalculatedTimestamp and CalculatedFrame differ by +2.00 s"]


def test_velocity_at_the_edge_of_a_track_needs_five_frames(hand_made: HandMade) -> None:
    """A substitute whose frames start at the shot has a velocity; one who starts two frames before the end not."""
    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    late = frame_set("A12", AWAY, walk(30, 0, 2, 0, range(SHOT_N, SHOT_N + 30)))
    gone = frame_set("A13", AWAY, walk(20, 0, 2, 0, range(SHOT_N - 1, SHOT_N + 2)))
    (scene,) = read(hand_made, [*scene_sets(), late, gone])[0].scenes
    speed = {p.player_id: p.vx_ms for p in scene.people}
    assert speed["A12"] == pytest.approx(2, abs=0.02)
    assert speed["A13"] is None
    assert not math.isnan(speed["A4"] or 0)


def test_a_gzipped_delivery_reads_the_same(hand_made: HandMade, tmp_path: Path) -> None:
    import gzip

    hand_made.kick_offs()
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    plain, _ = read(hand_made, scene_sets())
    zipped = tmp_path / "zipped"
    zipped.mkdir()
    for path in hand_made.folder.iterdir():
        (zipped / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    reading = read_delivery(discover(zipped)[0][0])
    assert reading.record.scenes == plain.scenes
    assert reading.record.shots == plain.shots
    assert reading.read_path == "seek"


def test_sides_that_the_keepers_contradict_are_taken_from_the_keepers(hand_made: HandMade) -> None:
    swapped = f'<KickOff GameSection="firstHalf" TeamLeft="{AWAY}" TeamRight="{HOME}"/>'
    hand_made.event("K1", 0, swapped)
    hand_made.shot("S1", 11.2, attributes=OFFICIAL)
    record, problems = read(hand_made, scene_sets())
    assert [(p.place, p.reason[:36]) for p in problems] == [
        ("period 1", "the keepers stand at the other ends ")
    ]
    assert (record.shots[0].x_m, record.shots[0].y_m) == (40.0, 4.0)  # as with the right sides
    assert {p.player_id: p.x_m for p in record.scenes[0].people} == {"H1": -45.0, "A1": 50.0, "A4": 44.0}
