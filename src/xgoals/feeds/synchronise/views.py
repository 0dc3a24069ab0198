"""The windows of a tracking file on the common grid, in the stadium's directions, before anybody has a name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from xgoals.domain.bounds import BALL_HEIGHT_M, BALL_OUTSIDE_M, TRACK_OUTSIDE_M
from xgoals.domain.pitch import Pitch
from xgoals.feeds.synchronise.grid import FRAME_RATE_HZ, LONGEST_BALL_HOLE_S, LONGEST_HOLE_S, resample
from xgoals.feeds.synchronise.identities import Identities
from xgoals.feeds.synchronise.stage import Stage
from xgoals.feeds.synchronise.tracking import BALL, PeriodFrames, Span, Track, TrackedPerson, TrackingWindows

Floats = npt.NDArray[np.float64]


def views_of(
    windows: TrackingWindows, spans: Sequence[Span], pitch: Pitch
) -> tuple[list[Stage | None], list[str]]:
    """Everybody in every frame of each span; None for a span of a period that the file does not hold.

    Returns
    -------
    views
        ``player_ids`` are the tracking's keys, ``team_ids`` its sides.
    notes
        On those who are nowhere near the pitch, a sentence each.
    """
    far: Counter[str] = Counter()
    views = [
        _view(tracks, span, windows.people, windows.periods[span.period], pitch, far)
        if span.period in windows.periods
        else None
        for span, tracks in zip(spans, windows.tracks, strict=True)
    ]
    return views, [
        f"{key} is nowhere near the pitch in {n} frames around shots: these are no positions"
        for key, n in far.items()
    ]


def named(view: Stage, who: Identities, sign: int, *, mirrored: bool = False) -> Stage:
    """The view by the events' ids, turned so that a team with this sign attacks towards +x.

    ``mirrored``: the file has left and right the wrong way round.
    """
    turn = np.array([sign, -sign if mirrored else sign], dtype=float)
    return replace(
        view,
        ball_xyz_m=view.ball_xyz_m * np.array([*turn, 1.0]),
        xy_m=view.xy_m * turn,
        player_ids=tuple(who.player_ids[key] for key in view.player_ids),
        team_ids=tuple(who.team_ids[key] for key in view.player_ids),
    )


def _view(
    tracks: Sequence[Track],
    span: Span,
    people: Mapping[str, TrackedPerson],
    period: PeriodFrames,
    pitch: Pitch,
    far: Counter[str],
) -> Stage:
    first = int(np.ceil(span.first_s * FRAME_RATE_HZ))
    grid = np.arange(first, int(span.last_s * FRAME_RATE_HZ) + 1)
    grid_s = grid / FRAME_RATE_HZ
    ball = np.full((len(grid), 3), np.nan)
    xy, ids, sides = [], [], []
    for track in tracks:
        places = _near(track, pitch, far)
        if track.key == BALL:
            ball = resample(track.time_s, places, grid_s, LONGEST_BALL_HOLE_S)
        else:
            xy.append(resample(track.time_s, places[:, :2], grid_s, LONGEST_HOLE_S))
            ids.append(track.key)
            sides.append(people[track.key].side)
    xy_m = np.stack(xy, axis=1) if xy else np.empty((len(grid), 0, 2))
    return Stage(period.n_first + grid, ball, xy_m, tuple(ids), tuple(sides))


def _near(track: Track, pitch: Pitch, far: Counter[str]) -> Floats:
    """The track's places; NaN where one is so far outside of the pitch that it is none."""
    outside_m = BALL_OUTSIDE_M if track.key == BALL else TRACK_OUTSIDE_M
    limits_m = np.array([pitch.length_m, pitch.width_m]) / 2 + outside_m
    height_m = track.xyz_m[:, 2]
    is_odd = (np.abs(track.xyz_m[:, :2]) > limits_m).any(axis=1)
    is_odd |= (height_m < BALL_HEIGHT_M.low) | (height_m > BALL_HEIGHT_M.high)
    if is_odd.any():
        far[track.key] += int(is_odd.sum())
    return np.where(is_odd[:, None], np.nan, track.xyz_m)
