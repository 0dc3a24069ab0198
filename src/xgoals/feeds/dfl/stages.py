"""Tracks around a shot -> everybody in every frame of it.

The stadium's directions are turned into the shot's: origin at the pitch centre, x towards the goal attacked,
y to the attacker's left.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from xgoals.domain.bounds import BALL_HEIGHT_M, BALL_OUTSIDE_M, TRACK_OUTSIDE_M
from xgoals.domain.pitch import Pitch
from xgoals.feeds.dfl.tracks import BALL, Track, Window
from xgoals.feeds.synchronise.stage import Astray, Stage

Floats = npt.NDArray[np.float64]


def stage(tracks: Sequence[Track], window: Window, sign: int, team_ids: Sequence[str], pitch: Pitch) -> Stage:
    """Lay the tracks of a window out as arrays, turned so that the shooting team attacks towards +x.

    Parameters
    ----------
    tracks
        Of one window; referees and people of other teams are left out.
    window
        The frames wanted.
    sign
        +1 where the shooting team attacks towards +x in the stadium's directions, else -1.
    team_ids
        The two teams.
    pitch
        What is far from it is no position.
    """
    frames = np.arange(window.n_first, window.n_last + 1)
    ball = np.full((len(frames), 3), np.nan)
    people: dict[str, Floats] = {}
    teams: dict[str, str] = {}
    astray: list[Astray] = []
    for track in tracks:
        rows = track.n - window.n_first
        if track.team_id == BALL:
            ball[rows] = _near(track, pitch, BALL_OUTSIDE_M, astray)
        elif track.team_id in team_ids:
            xy = people.setdefault(track.person_id, np.full((len(frames), 2), np.nan))
            xy[rows] = _near(track, pitch, TRACK_OUTSIDE_M, astray)[:, :2]
            teams[track.person_id] = track.team_id
    ids = tuple(people)
    xy_m = np.stack([people[i] for i in ids], axis=1) if ids else np.empty((len(frames), 0, 2))
    ball[:, :2] *= sign
    return Stage(frames, ball, xy_m * sign, ids, tuple(teams[i] for i in ids), tuple(astray))


def _near(track: Track, pitch: Pitch, outside_m: float, astray: list[Astray]) -> Floats:
    """The track's places, NaN where one is so far outside of the pitch that it is none; these are noted."""
    limits_m = np.array([pitch.length_m, pitch.width_m]) / 2 + outside_m
    is_far = (np.abs(track.xyz_m[:, :2]) > limits_m).any(axis=1)
    height_m = track.xyz_m[:, 2]
    is_odd = is_far | (height_m < BALL_HEIGHT_M.low) | (height_m > BALL_HEIGHT_M.high)
    if is_odd.any():
        first = int(np.argmax(is_odd))
        x_m, y_m = track.xyz_m[first, :2]
        n_frames, first_n = int(is_odd.sum()), int(track.n[first])
        astray.append(Astray(track.person_id, n_frames, first_n, float(x_m), float(y_m)))
    return np.where(is_odd[:, None], np.nan, track.xyz_m)
