"""A clip as a card animates it: positions, the line "xG if he shot now", and stills for readers without scripts.

The picture is the card's own: goal on top, attacker's left is left, see :mod:`xgoals.report.shot.scene`. Positions
travel as whole centimetres at 12.5 frames a second, each but the first as the step from the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from xgoals.analysis.shots import FloatArray
from xgoals.domain.scene import Clip
from xgoals.features.moments import rate_hz
from xgoals.language import Language
from xgoals.model.seen.support import FEW
from xgoals.reasons.if_now import REACH_M, IfNow
from xgoals.report.facts import Facts
from xgoals.report.shot.clip_curve import Curve, curve_view
from xgoals.report.shot.clip_in_words import clip_story
from xgoals.report.shot.plane import in_picture
from xgoals.report.shot.shapes import Disc, Kind, Shape, person, shooter

SHOWN_HZ = 12.5
STILLS_S = (-2.0, -1.0, 0.0, 1.0)
"""When the pictures of the film strip were taken, in seconds from the shot."""

RADIUS_M, BALL_M = 0.85, 0.6
"""Of a person and of the ball in the player of clips, in metres."""
STILL_RADIUS_M, STILL_BALL_M = 1.1, 0.8
"""The same in the film strip, whose pictures are smaller."""

_LEAST_HALF_WIDTH_M, _MOST_HALF_WIDTH_M = 24.0, 36.0
_LEAST_DEPTH_M, _MOST_DEPTH_M = 21.0, 45.0
_ADDS_UP_XG = 0.005
"""A line that ends further than this from the number of the card says so."""


@dataclass(frozen=True)
class Footage:
    """What is known of the seconds around a shot.

    Attributes
    ----------
    clip
        Everybody's positions.
    shooter_id
        One of ``clip.player_ids``, or somebody whom the tracking does not show.
    goal_x_m
        The goal line attacked.
    names
        Player ids to names.
    now
        The model's answers up to the shot, for the frames of :func:`frames_shown`; None where it was not asked.
    """

    clip: Clip
    shooter_id: str | None
    goal_x_m: float
    names: Mapping[str, str]
    now: IfNow | None


@dataclass(frozen=True, slots=True)
class ClipRow:
    """A moment in the table behind the line: ``alike`` are the training shots like it; ``xg`` None where unknown."""

    time_s: float
    xg: float | None
    has_ball: bool
    alike: int


@dataclass(frozen=True, slots=True)
class Still:
    """A frame of a clip as a picture."""

    time_s: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Animation:
    """All that ``shot/animation.html`` needs of one shot.

    Attributes
    ----------
    data
        See :func:`clip_data`.
    half_width_m, depth_m
        Of the picture.
    stills
        For readers without scripts.
    curve, why_no_line
        The line "xG if he shot now", or why there is none.
    story, rows
        What it says, and the table behind it.
    held
        Features held as at the shot.
    ends_at
        The line's last number where it is not the card's; else None.
    n_training, few, reach_m
        Shots learned from; how few like it hatch the line; how far the ball may be from him.
    """

    data: Facts
    half_width_m: float
    depth_m: float
    stills: tuple[Still, ...]
    curve: Curve | None
    why_no_line: str
    story: str
    rows: tuple[ClipRow, ...]
    held: tuple[Facts, ...]
    ends_at: float | None
    n_training: int | None
    few: int = FEW
    reach_m: float = REACH_M


def frames_shown(clip: Clip) -> npt.NDArray[np.int64]:
    """The frames of a clip that a page shows, about 12.5 a second, the shot's among them, shape (n,)."""
    step = max(1, round(rate_hz(clip) / SHOWN_HZ))
    shot = int(np.argmin(np.abs(clip.time_s)))
    return np.arange(shot % step, len(clip.time_s), step)


def animation(shot: Facts, footage: Footage | None, words: Language) -> Animation | None:
    """Prepare the clip of a shot; None without one.

    Parameters
    ----------
    shot
        The card: ``xg, is_penalty, features``.
    footage
        Its clip.
    words
        The page's language.
    """
    if footage is None:
        return None
    frames = frames_shown(footage.clip)
    half_width_m, depth_m = _frame_of_picture(footage, frames)
    now = footage.now
    return Animation(
        data=clip_data(footage, frames),
        half_width_m=half_width_m,
        depth_m=depth_m,
        stills=tuple(_still(footage, frames, at_s) for at_s in STILLS_S if _within(footage.clip, at_s)),
        curve=None if now is None else curve_view(now, footage.clip.time_s[frames]),
        why_no_line="" if now else _why_no_line(shot, footage, words),
        story="" if now is None else clip_story(now, words),
        rows=() if now is None else tuple(_rows(now)),
        held=tuple(feature for feature in shot["features"] if feature["kind"] in ("binary", "category")),
        ends_at=None if now is None or abs(now.xg[-1] - shot["xg"]) <= _ADDS_UP_XG else float(now.xg[-1]),
        n_training=None if now is None else now.n_training,
    )


def clip_data(footage: Footage, frames: npt.NDArray[np.int64]) -> Facts:
    """Positions and answers as the page's script reads them.

    Returns
    -------
    dict
        ``radius_m, ball_m, from_s, step_s``;
        ``people``: ``kind`` (shooter, mate, opponent, keeper), ``name``, ``x``, ``y``; ``ball``:
        ``x, y, z``; ``xg``, ``has_ball``, ``seen`` up to the shot. Positions are whole centimetres of the picture,
        coded by :func:`steps`.
    """
    clip = footage.clip
    x, y = _in_picture(footage, clip.xy_m[frames])
    ball_x, ball_y = _in_picture(footage, clip.ball_xyz_m[frames])
    now = footage.now
    return {
        "radius_m": RADIUS_M,
        "ball_m": BALL_M,
        "from_s": round(float(clip.time_s[frames[0]]), 3),
        "step_s": round(float(np.diff(clip.time_s[frames]).mean()), 4) if len(frames) > 1 else 1.0,
        "people": [
            {
                "kind": kind,
                "name": footage.names.get(player_id, ""),
                "x": steps(x[:, i]),
                "y": steps(y[:, i]),
            }
            for i, (player_id, kind) in enumerate(zip(clip.player_ids, _kinds(footage), strict=True))
        ],
        "ball": {"x": steps(ball_x), "y": steps(ball_y), "z": steps(clip.ball_xyz_m[frames, 2])},
        "xg": [] if now is None else [None if np.isnan(xg) else round(float(xg), 4) for xg in now.xg],
        "has_ball": [] if now is None else now.has_ball.astype(int).tolist(),
        "seen": [] if now is None else now.is_seen.astype(int).tolist(),
    }


def steps(places_m: npt.ArrayLike) -> list[int | None]:
    """Metres as whole centimetres: the first known one, then steps from the last known one; None where unknown.

    Rounding does not add up: every sum of steps is the place to the centimetre.
    """
    coded: list[int | None] = []
    last = 0
    for place in np.round(100 * np.asarray(places_m, dtype=np.float64)):
        if np.isnan(place):
            coded.append(None)
            continue
        coded.append(int(place) - last)
        last = int(place)
    return coded


def _rows(now: IfNow) -> list[ClipRow]:
    """Every quarter of a second, the shot last."""
    every = max(1, round(0.24 / float(np.diff(now.time_s).mean()))) if len(now.time_s) > 1 else 1
    chosen = range((len(now.xg) - 1) % every, len(now.xg), every)
    return [
        ClipRow(
            time_s=float(now.time_s[i]),
            xg=None if np.isnan(now.xg[i]) else float(now.xg[i]),
            has_ball=bool(now.has_ball[i]),
            alike=int(now.alike[i]),
        )
        for i in chosen
    ]


def _why_no_line(shot: Facts, footage: Footage, words: Language) -> str:
    if shot["is_penalty"]:
        return words.text("A penalty is worth the same wherever the others stand: there is no line to draw.")
    if footage.shooter_id not in footage.clip.player_ids:
        return words.text(
            "The tracking does not show the shooter: the model cannot be asked about other moments."
        )
    return words.text("The model could not be asked about other moments; the log of the run says why.")


def _kinds(footage: Footage) -> list[Kind | Literal["shooter"]]:
    clip = footage.clip
    return [
        "shooter"
        if player_id == footage.shooter_id
        else "mate"
        if is_mate
        else "keeper"
        if is_keeper
        else "opponent"
        for player_id, is_mate, is_keeper in zip(
            clip.player_ids, clip.is_teammate, clip.is_keeper, strict=True
        )
    ]


def _in_picture(footage: Footage, places_m: npt.NDArray[np.float32]) -> tuple[FloatArray, FloatArray]:
    """Places (..., 2 or 3) of the pitch as x and y of the picture, in metres."""
    exact = places_m.astype(np.float64)
    return in_picture(exact[..., 0], exact[..., 1], footage.goal_x_m)


def _frame_of_picture(footage: Footage, frames: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Half the width and the depth that show shooter and ball up to the shot, within reason."""
    clip = footage.clip
    before = frames[clip.time_s[frames] <= 0]
    watched = [clip.ball_xyz_m[before, :2]]
    if footage.shooter_id in clip.player_ids:
        watched.append(clip.xy_m[before, clip.player_ids.index(footage.shooter_id)])
    x, y = _in_picture(footage, np.concatenate(watched))
    half = float(np.nanmax(np.abs(x), initial=0.0)) + 2
    depth = float(np.nanmax(y, initial=0.0)) + 3
    return (
        min(max(half, _LEAST_HALF_WIDTH_M), _MOST_HALF_WIDTH_M),
        min(max(depth, _LEAST_DEPTH_M), _MOST_DEPTH_M),
    )


def _within(clip: Clip, at_s: float) -> bool:
    return bool(clip.time_s[0] - 0.05 <= at_s <= clip.time_s[-1] + 0.05)


def _still(footage: Footage, frames: npt.NDArray[np.int64], at_s: float) -> Still:
    """The shown frame nearest to a time."""
    clip = footage.clip
    i = int(frames[np.argmin(np.abs(clip.time_s[frames] - at_s))])
    x, y = _in_picture(footage, clip.xy_m[i])
    ball_x, ball_y = _in_picture(footage, clip.ball_xyz_m[i])
    seen = [
        (kind, (float(x[p]), float(y[p])))
        for p, kind in enumerate(_kinds(footage))
        if np.isfinite([x[p], y[p]]).all()
    ]
    shapes = [person(kind, *at, STILL_RADIUS_M) for kind, at in seen if kind != "shooter"]
    for kind, at in seen:
        shapes += shooter(*at, STILL_RADIUS_M) if kind == "shooter" else ()
    if np.isfinite([ball_x, ball_y]).all():
        shapes.append(Disc("clip-ball", float(ball_x), float(ball_y), STILL_BALL_M))
    return Still(float(clip.time_s[i]), tuple(shapes))
