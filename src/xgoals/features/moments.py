"""A clip as scenes, frame by frame, each as if the shot had been taken then.

What moves is taken from the frame: everybody's place, and the shooter's place and speed. What is known of the shot
only (body part, technique, ball control, set-up, rebound) is held as it was at the shot.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.motion import velocity_ms
from xgoals.domain.scene import Clip
from xgoals.features.scenes import Scenes

_DIGITS = 2
"""Clips hold whole centimetres, as single-precision metres: rounded, they are the feed's numbers again."""


def frame_scenes(
    clip: Clip, shooter_id: str, shot: Mapping[Hashable, Any], frames: npt.NDArray[np.int64]
) -> Scenes:
    """The scenes of some frames of a clip, each as if the shot had been taken then.

    Parameters
    ----------
    clip
        The seconds around the shot.
    shooter_id
        Who shoots: one of ``clip.player_ids``.
    shot
        What stays as at the shot: ``pitch_length_m, body_part, shot_type, ball_control, set_up, technique,
        frame_source, is_rebound``.
    frames
        Indices into the clip, shape (n,).

    Returns
    -------
    Scenes
        n shots. Where the shooter is not seen, his place is NaN, and so is every feature of place.

    Raises
    ------
    ValueError
        If the shooter is not in the clip.
    """
    if shooter_id not in clip.player_ids:
        raise ValueError(f"the clip of {clip.shot_id} does not show its shooter {shooter_id}")
    shooter = clip.player_ids.index(shooter_id)
    xy_m = clip.xy_m.astype(np.float64).round(_DIGITS)
    velocities = np.array([velocity_ms(xy_m[:, shooter], int(i), rate_hz(clip)) for i in frames])
    held = pd.DataFrame([dict(shot)] * len(frames), index=range(len(frames)))
    shots = held.assign(
        x_m=xy_m[frames, shooter, 0],
        y_m=xy_m[frames, shooter, 1],
        shooter_vx_ms=velocities.reshape(-1, 2)[:, 0],
        shooter_vy_ms=velocities.reshape(-1, 2)[:, 1],
    )
    return Scenes(shots, _people(clip, xy_m[frames], shooter))


def joined(scenes: Sequence[Scenes]) -> Scenes:
    """Scenes one after the other as one, so that features are built in one go; at least one."""
    starts = np.cumsum([0, *(len(part) for part in scenes[:-1])])
    people = [
        part.people.assign(row=part.people["row"] + at) for part, at in zip(scenes, starts, strict=True)
    ]
    return Scenes(
        pd.concat([part.shots for part in scenes], ignore_index=True), pd.concat(people, ignore_index=True)
    )


def rate_hz(clip: Clip) -> float:
    """Frames a second."""
    return 1 / float(np.diff(clip.time_s).mean()) if len(clip.time_s) > 1 else 25.0


def _people(clip: Clip, xy_m: npt.NDArray[np.float64], shooter: int) -> pd.DataFrame:
    """Everybody but the shooter who is seen, frame by frame."""
    others = np.arange(xy_m.shape[1]) != shooter
    seen = np.isfinite(xy_m).all(axis=2) & others
    frame, person = np.nonzero(seen)
    return pd.DataFrame(
        {
            "row": frame,
            "x_m": xy_m[frame, person, 0],
            "y_m": xy_m[frame, person, 1],
            "is_teammate": np.array(clip.is_teammate, dtype=bool)[person],
            "is_keeper": np.array(clip.is_keeper, dtype=bool)[person],
        }
    )
