"""A clip as a card animates it: positions, the line "xG if he shot now", and stills for readers without scripts.

The picture is the card's own: goal on top, attacker's left is left, see :mod:`xgoals.report.shot.scene`. Positions
travel as whole centimetres at 12.5 frames a second, each but the first as the step from the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xgoals.analysis.shots import FloatArray
from xgoals.domain.scene import Clip
from xgoals.explain.if_now import REACH_M, IfNow
from xgoals.features.moments import rate_hz
from xgoals.language import Language
from xgoals.model.seen.support import FEW
from xgoals.report.facts import Facts
from xgoals.report.shot.clip_in_words import clip_story

SHOWN_HZ = 12.5
STILLS_S = (-2.0, -1.0, 0.0, 1.0)
"""When the pictures of the film strip were taken, in seconds from the shot."""

_LEAST_HALF_WIDTH_M, _MOST_HALF_WIDTH_M = 24.0, 36.0
_LEAST_DEPTH_M, _MOST_DEPTH_M = 21.0, 45.0
_ADDS_UP_XG = 0.005
"""A line that ends further than this from the number of the card says so."""
_TOPS_XG = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 460.0, 176.0, 40.0, 448.0, 12.0, 148.0

Points = list[tuple[float, float]]
BoolArray = npt.NDArray[np.bool_]


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


def frames_shown(clip: Clip) -> npt.NDArray[np.int64]:
    """The frames of a clip that a page shows, about 12.5 a second, the shot's among them, shape (n,)."""
    step = max(1, round(rate_hz(clip) / SHOWN_HZ))
    shot = int(np.argmin(np.abs(clip.time_s)))
    return np.arange(shot % step, len(clip.time_s), step)


def animation(shot: Facts, footage: Footage | None, words: Language) -> Facts | None:
    """All that ``shot/animation.html`` needs of one shot; None without a clip.

    Parameters
    ----------
    shot
        The card: ``xg, is_penalty, features``.
    footage
        Its clip.
    words
        The page's language.

    Returns
    -------
    dict or None
        ``data`` (see :func:`clip_data`), ``half_width_m, depth_m`` of the picture, ``stills``, ``curve`` (see
        :func:`curve_view`) or None, and then ``why_no_line``; ``story``, ``rows`` (the table behind the line),
        ``held`` (features held as at the shot), ``ends_at`` (the line's last number where it is not the card's).
    """
    if footage is None:
        return None
    frames = frames_shown(footage.clip)
    half_width_m, depth_m = _frame_of_picture(footage, frames)
    now = footage.now
    return {
        "data": clip_data(footage, frames),
        "half_width_m": half_width_m,
        "depth_m": depth_m,
        "stills": [_still(footage, frames, at_s) for at_s in STILLS_S if _within(footage.clip, at_s)],
        "curve": None if now is None else curve_view(now, footage.clip.time_s[frames]),
        "why_no_line": "" if now else _why_no_line(shot, footage, words),
        "story": "" if now is None else clip_story(now, words),
        "rows": [] if now is None else _rows(now),
        "held": [feature for feature in shot["features"] if feature["kind"] in ("binary", "category")],
        "ends_at": None if now is None or abs(now.xg[-1] - shot["xg"]) <= _ADDS_UP_XG else float(now.xg[-1]),
        "n_training": None if now is None else now.n_training,
        "reach_m": REACH_M,
        "few": FEW,
    }


def clip_data(footage: Footage, frames: npt.NDArray[np.int64]) -> Facts:
    """Positions and answers as the page's script reads them.

    Returns
    -------
    dict
        ``from_s, step_s``; ``people``: ``kind`` (shooter, mate, opponent, keeper), ``name``, ``x``, ``y``; ``ball``:
        ``x, y, z``; ``xg``, ``has_ball``, ``seen`` up to the shot. Positions are whole centimetres of the picture,
        coded by :func:`steps`.
    """
    clip = footage.clip
    x, y = _in_picture(footage, clip.xy_m[frames])
    ball_x, ball_y = _in_picture(footage, clip.ball_xyz_m[frames])
    now = footage.now
    return {
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


def curve_view(now: IfNow, time_s: FloatArray) -> Facts:
    """The line "xG if he shot now" as places in a drawing whose time axis is that of the whole clip.

    Parameters
    ----------
    now
        The model's answers.
    time_s
        The clip's frames, also those after the shot.

    Returns
    -------
    dict
        ``lines``: ``points`` and ``has_ball`` of every stretch; ``unseen``: ``x, width`` of every stretch in which
        the model has seen nothing like it; ``xticks, yticks`` (``value, at``), ``end`` (the shot's own point),
        ``shot_x``, ``highest`` (the xG at the top), and the drawing's ``width, height, left, right, top, bottom``.
    """
    first, last = float(time_s[0]), max(float(time_s[-1]), 0.0)
    highest = float(np.nanmax(now.xg, initial=0.0))
    top = next(top for top in _TOPS_XG if top >= highest or top == _TOPS_XG[-1])

    def x(at_s: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (at_s - first) / ((last - first) or 1.0)

    def y(xg: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * xg / top

    points = [(x(at), y(xg)) for at, xg in zip(now.time_s, now.xg, strict=True)]
    half_step = (float(now.time_s[1] - now.time_s[0]) if len(now.time_s) > 1 else 0.08) / 2
    unseen = [
        (x(max(now.time_s[i] - half_step, first)), x(min(now.time_s[j - 1] + half_step, 0.0)))
        for i, j in runs(~now.is_seen)
    ]
    return {
        "lines": _stretches(points, now),
        "unseen": [{"x": left, "width": right - left} for left, right in unseen],
        "xticks": [
            {"value": int(at), "at": x(at)} for at in range(int(np.ceil(first)), int(np.floor(last)) + 1)
        ],
        "yticks": [{"value": value, "at": y(value)} for value in (0.0, top / 2, top)],
        "end": points[-1],
        "shot_x": x(0.0),
        "highest": top,
        "width": _WIDTH,
        "height": _HEIGHT,
        "left": _LEFT,
        "right": _RIGHT,
        "top": _TOP,
        "bottom": _BOTTOM,
    }


def runs(flags: BoolArray) -> list[tuple[int, int]]:
    """Where flags are set: first index and the one after the last, stretch by stretch."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [(int(i), int(j)) for i, j in edges.reshape(-1, 2)]


def _stretches(points: Points, now: IfNow) -> list[Facts]:
    """The line cut where the ball comes or goes and where the shooter is not seen; a link needs both its ends."""
    known = ~np.isnan(now.xg)
    links = known[:-1] & known[1:]
    mine = now.has_ball[:-1] & now.has_ball[1:]
    return [
        {"points": points[i : j + 1], "has_ball": has_ball}
        for has_ball in (False, True)
        for i, j in runs(links & (mine == has_ball))
    ]


def _rows(now: IfNow) -> list[Facts]:
    """Every quarter of a second, the shot last."""
    every = max(1, round(0.24 / float(np.diff(now.time_s).mean()))) if len(now.time_s) > 1 else 1
    chosen = range((len(now.xg) - 1) % every, len(now.xg), every)
    return [
        {
            "time_s": float(now.time_s[i]),
            "xg": None if np.isnan(now.xg[i]) else float(now.xg[i]),
            "has_ball": bool(now.has_ball[i]),
            "alike": int(now.alike[i]),
        }
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


def _kinds(footage: Footage) -> list[str]:
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
    return -exact[..., 1], footage.goal_x_m - exact[..., 0]


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


def _still(footage: Footage, frames: npt.NDArray[np.int64], at_s: float) -> Facts:
    """The shown frame nearest to a time: ``time_s``, ``people`` (``x, y, kind``), ``ball`` (x, y) or None."""
    clip = footage.clip
    i = int(frames[np.argmin(np.abs(clip.time_s[frames] - at_s))])
    x, y = _in_picture(footage, clip.xy_m[i])
    ball_x, ball_y = _in_picture(footage, clip.ball_xyz_m[i])
    people: list[dict[str, Any]] = [
        {"x": float(x[p]), "y": float(y[p]), "kind": kind}
        for p, kind in enumerate(_kinds(footage))
        if np.isfinite([x[p], y[p]]).all()
    ]
    people.sort(key=lambda person: person["kind"] == "shooter")  # drawn last, on top
    return {
        "time_s": float(clip.time_s[i]),
        "people": people,
        "ball": (float(ball_x), float(ball_y)) if np.isfinite([ball_x, ball_y]).all() else None,
    }
