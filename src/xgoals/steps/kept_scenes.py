"""Frames and clips of a match whose positions have left the inbox: a correction of its events keeps them."""

from dataclasses import replace

from xgoals.domain.errors import Problem
from xgoals.domain.scene import FrameSource, MatchRecord, Scene
from xgoals.domain.shot import Shot

SAME_SHOT_S = 10
"""A correction that moves a shot by more than this is about another moment than the stored frame."""
TRACKED = "tracking"
"""In ``Shot.raw["place"]``: the place was taken from the positions."""


def with_stored_scenes(record: MatchRecord, stored: MatchRecord | None) -> MatchRecord:
    """The record with the frames, the tracked places and the pitch that are stored of the same match.

    The real pitch may be known from the positions alone: places of shots that are new keep their distance from the goal
    line.

    Parameters
    ----------
    record
        As read without positions.
    stored
        What is stored of the match, read with them.
    """
    if stored is None:
        return record
    shots = {shot.shot_id: shot for shot in stored.shots}
    scenes = {scene.shot_id: scene for scene in stored.scenes}
    pitch, before = stored.match.pitch, record.match.pitch
    pairs = [
        _kept(shot.on_pitch(pitch, before=before), shots.get(shot.shot_id), scenes) for shot in record.shots
    ]
    return replace(
        record,
        match=replace(record.match, pitch=pitch),
        shots=tuple(s for s, _ in pairs),
        scenes=tuple(scene for _, scene in pairs),
    )


def note_on_kept_scenes(record: MatchRecord, path: str) -> Problem:
    """What is to be said of a match whose frames stay as they were."""
    lacking = [scene.shot_id for scene in record.scenes if scene.frame_source is FrameSource.NONE]
    n_kept = len(record.scenes) - len(lacking)
    reason = f"corrected without its positions, which have left the inbox: {n_kept} frames stay"
    if lacking:
        reason = f"{reason}; none for {', '.join(lacking)}"
    advice = "Nothing, or put the positions back and read the match again"
    return Problem(
        path,
        reason,
        advice,
        record.match.match_id,
        "positions",
        provider=record.match.provider,
        field="positions",
    )


def _kept(shot: Shot, before: Shot | None, scenes: dict[str, Scene]) -> tuple[Shot, Scene]:
    if before is None or not _is_same(shot, before):
        return shot, Scene(shot.shot_id)
    if before.raw.get("place") == TRACKED:
        raw = {**shot.raw, "place": TRACKED}
        shot = replace(shot, x_m=before.x_m, y_m=before.y_m, raw=raw)
    return shot, scenes.get(shot.shot_id, Scene(shot.shot_id))


def _is_same(shot: Shot, before: Shot) -> bool:
    """Whether the frame of before shows this shot: the same shooter, at nearly the same time."""
    moved_s = abs(60 * (shot.minute - before.minute) + shot.second - before.second)
    who = (shot.team_id, shot.player_id, shot.period)
    return who == (before.team_id, before.player_id, before.period) and moved_s <= SAME_SHOT_S
