"""The moment of a shot as a PNG: mail programs show neither SVG nor styles of their own.

What is drawn are the shapes of the card on the match's page (:mod:`xgoals.report.shot.drawing`), in its colours by day.
"""

import io
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Circle, Patch, Polygon, Rectangle
from mplsoccer import VerticalPitch
from PIL import Image

from xgoals.report.shot.drawing import SceneView
from xgoals.report.shot.goal_mouth import GoalMouth
from xgoals.report.shot.shapes import Box, Disc, Polyline, Shape, Text

_LENGTH_M, _WIDTH_M = 105.0, 68.0
_GRASS, _CHALK, _ANGLE = "#eef2ea", "#cbd3c4", "#f1c45a"
_RED, _BLUE, _BROWN, _DARK, _WHITE, _INK, _MUTE = (
    "#b5482a", "#2a628f", "#9c5a00", "#39424c", "#ffffff", "#1c2126", "#5d656e",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Look:
    """How a style of the page looks by day: colours (none where nothing is painted), and the width of its line."""

    fill: str = "none"
    edge: str = "none"
    width_m: float = 0.0
    alpha: float = 1.0
    dashes_m: tuple[float, float] | None = None


_LOOKS = {
    "angle": _Look(_ANGLE, alpha=0.4),
    "shadow": _Look(_DARK, alpha=0.22),
    "net": _Look(_WHITE),
    "gets": _Look(_BLUE),
    "blocks": _Look(_BROWN),
    "frame": _Look(edge=_INK, width_m=0.3),
    "flight": _Look(edge=_RED, width_m=0.14, dashes_m=(0.5, 0.3)),
    "end": _Look(edge=_RED, width_m=0.16),
    "press": _Look(edge=_DARK, alpha=0.35),
    "run": _Look(edge=_MUTE, width_m=0.22),
    "way": _Look(edge=_BROWN),
    "mate": _Look(_WHITE, _RED, width_m=0.35),
    "opponent": _Look(_DARK),
    "keeper": _Look(_DARK),
    "shooter": _Look(_RED, _WHITE, width_m=0.12),
    "spot": _Look(_WHITE),
}
"""The styles of ``templates/report/page/style.css``."""
_ON_TOP = 3
"""Shapes lie above the pitch and its lines."""
_DPI = 160
_WIDTH_IN = 7.0
_POINTS_IN = 72
_COLOURS = 96
"""A pitch needs few: the file is a third of its size with a palette."""


def moment_of_shot(view: SceneView, mouth: GoalMouth | None = None) -> bytes:
    """Draw everybody around a shot, the goal on top.

    Parameters
    ----------
    view
        As the card draws it: metres, x to the right, y down from the goal line.
    mouth
        Who gets to the ball where in the goal (:func:`xgoals.report.shot.goal_mouth.goal_mouths`), if known.

    Returns
    -------
    bytes
        A PNG, 1,120 pixels wide.
    """
    pitch = VerticalPitch(
        pitch_type="custom", pitch_length=_LENGTH_M, pitch_width=_WIDTH_M, half=True, goal_type="box",
        pitch_color=_GRASS, line_color=_CHALK, linewidth=1.6, corner_arcs=True,
    )  # fmt: skip
    figure, axes = pitch.draw(figsize=(_WIDTH_IN, _WIDTH_IN * view.height / view.width), tight_layout=False)
    figure.subplots_adjust(0, 0, 1, 1)
    figure.set_facecolor(_GRASS)
    (left, top), (right, bottom) = (
        _at(view.left, view.top),
        _at(view.left + view.width, view.top + view.height),
    )
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    shapes = view.shapes(mouth, "", "")
    for n, shape in enumerate(shapes):
        _draw(axes, shape, view, zorder=_ON_TOP + n / len(shapes))
    raw = io.BytesIO()
    figure.savefig(raw, dpi=_DPI, facecolor=_GRASS)
    _close(figure)
    small = io.BytesIO()
    Image.open(raw).convert("RGB").quantize(_COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()


def _at(x: float, y: float) -> tuple[float, float]:
    return _WIDTH_M / 2 - x, _LENGTH_M - y


def _points(view: SceneView, metres: float) -> float:
    """A width of the picture as matplotlib counts."""
    return metres / view.width * _WIDTH_IN * _POINTS_IN


def _draw(axes: Axes, shape: Shape, view: SceneView, zorder: float) -> None:
    if isinstance(shape, Text):
        size = _points(view, view.font_m)
        axes.text(
            *_at(shape.x, shape.y), shape.text, fontsize=size, color=_INK, ha="center", va="baseline",
            zorder=zorder, parse_math=False,
        )  # fmt: skip
        return
    patch = _patch(shape)
    look = _LOOKS[shape.style]
    width_m = look.width_m if isinstance(shape, Box) else shape.width_m or look.width_m
    patch.set(
        facecolor=look.fill,
        edgecolor=look.edge,
        linewidth=_points(view, width_m),
        alpha=look.alpha * (shape.opacity if isinstance(shape, Box) else 1.0),
        zorder=zorder,
    )
    if look.dashes_m:
        patch.set_linestyle((0, tuple(dash / look.width_m for dash in look.dashes_m)))
    axes.add_patch(patch)


def _patch(shape: Polyline | Disc | Box) -> Patch:
    """A shape in the pitch's own coordinates; both axes run the other way there."""
    if isinstance(shape, Disc):
        return Circle(_at(shape.x, shape.y), shape.r)
    if isinstance(shape, Box):
        return Rectangle(_at(shape.x + shape.width, shape.y + shape.height), shape.width, shape.height)
    return Polygon([_at(x, y) for x, y in shape.points], closed=shape.form == "area")


def _close(figure: Any) -> None:
    """Pyplot keeps what it has made; a process that draws many would grow."""
    from matplotlib import pyplot as plt

    plt.close(figure)
