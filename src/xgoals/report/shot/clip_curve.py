"""The line "xG if he shot now" as places in a drawing whose time axis is that of the whole clip."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.analysis.shots import FloatArray
from xgoals.reasons.if_now import IfNow
from xgoals.report.shot.shapes import Point

_TOPS_XG = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 460.0, 176.0, 40.0, 448.0, 12.0, 148.0

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the line, with the ball in his reach or without."""

    points: tuple[Point, ...]
    has_ball: bool


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time in which the model has seen nothing like it."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis and where it stands."""

    value: float
    at: float


@dataclass(frozen=True)
class Curve:
    """The line and its axes.

    Attributes
    ----------
    end, shot_x
        The shot's own point, and its moment.
    highest
        The xG at the top.
    width, height, left, right, top, bottom
        Of the drawing, and of the plot in it.
    """

    lines: tuple[Stretch, ...]
    unseen: tuple[Band, ...]
    xticks: tuple[Tick, ...]
    yticks: tuple[Tick, ...]
    end: Point
    shot_x: float
    highest: float
    width: float = _WIDTH
    height: float = _HEIGHT
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM


def curve_view(now: IfNow, time_s: FloatArray) -> Curve:
    """The line "xG if he shot now" as places in a drawing whose time axis is that of the whole clip.

    Parameters
    ----------
    now
        The model's answers.
    time_s
        The clip's frames, also those after the shot.
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
    return Curve(
        lines=tuple(_stretches(points, now)),
        unseen=tuple(Band(left, right - left) for left, right in unseen),
        xticks=tuple(Tick(at, x(at)) for at in range(int(np.ceil(first)), int(np.floor(last)) + 1)),
        yticks=tuple(Tick(value, y(value)) for value in (0.0, top / 2, top)),
        end=points[-1],
        shot_x=x(0.0),
        highest=top,
    )


def runs(flags: BoolArray) -> list[tuple[int, int]]:
    """Where flags are set: first index and the one after the last, stretch by stretch."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [(int(i), int(j)) for i, j in edges.reshape(-1, 2)]


def _stretches(points: list[Point], now: IfNow) -> list[Stretch]:
    """The line cut where the ball comes or goes and where the shooter is not seen; a link needs both its ends."""
    known = ~np.isnan(now.xg)
    links = known[:-1] & known[1:]
    mine = now.has_ball[:-1] & now.has_ball[1:]
    return [
        Stretch(tuple(points[i : j + 1]), has_ball)
        for has_ball in (False, True)
        for i, j in runs(links & (mine == has_ball))
    ]
