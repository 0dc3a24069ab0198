"""The moment of a shot as a PNG: mail programs show neither SVG nor styles of their own.

What is drawn, and in which colours, is what the card on the match's page shows by day.
"""

import io
from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from mplsoccer import VerticalPitch
from PIL import Image

from xgoals.report.shot.scene import Drawn, SceneView

_LENGTH_M, _WIDTH_M = 105.0, 68.0
_GRASS, _CHALK, _ANGLE, _SHADOW = "#eef2ea", "#cbd3c4", "#f1c45a", "#39424c"
_RED, _BLUE, _BROWN, _DARK, _WHITE, _INK = "#b5482a", "#2a628f", "#9c5a00", "#39424c", "#ffffff", "#1c2126"
_DPI = 160
_WIDTH_IN = 7.0
_POINTS_IN = 72
_COLOURS = 96
"""A pitch needs few: the file is a third of its size with a palette."""


def moment_of_shot(view: SceneView, mouth: Mapping[str, Any] | None = None) -> bytes:
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
    _draw_goal(axes, view, mouth)
    if view.end:
        way = zip(_at(*view.shooter), _at(*view.end), strict=True)
        axes.plot(*way, color=_RED, linewidth=1.6, linestyle=(0, (4, 3)), zorder=3.5)
    for person in view.people:
        _draw_person(axes, view, person)
    axes.scatter(*_at(*view.shooter), s=_size(view, 1.2), c=_RED, edgecolors=_WHITE, linewidths=1.8, zorder=6)
    if view.shooter_label:
        _write(axes, view, view.shooter_label, *view.shooter_label_at)
    raw = io.BytesIO()
    figure.savefig(raw, dpi=_DPI, facecolor=_GRASS)
    _close(figure)
    small = io.BytesIO()
    Image.open(raw).convert("RGB").quantize(_COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()


def _at(x: float, y: float) -> tuple[float, float]:
    return _WIDTH_M / 2 - x, _LENGTH_M - y


def _size(view: SceneView, radii: float) -> float:
    """The area of a mark of so many radii, in square points as matplotlib counts."""
    return (2 * radii * view.radius_m / view.width * _WIDTH_IN * _POINTS_IN) ** 2


def _draw_goal(axes: Axes, view: SceneView, mouth: Mapping[str, Any] | None) -> None:
    """The angle to the goal, and who gets to the ball where in it; without that, what the keeper hides."""
    corners = (_at(*view.shooter), _at(-3.66, 0), _at(3.66, 0))
    axes.fill(*zip(*corners, strict=True), color=_ANGLE, alpha=0.4, zorder=2)
    if mouth is None:
        if view.shadow:
            axes.fill(
                *zip(*(_at(x, y) for x, y in view.shadow), strict=True), color=_SHADOW, alpha=0.3, zorder=3
            )
        return
    net = _at(3.66, 0)
    axes.add_patch(Rectangle(net, 7.32, 2.4, facecolor=_WHITE, edgecolor=_INK, linewidth=3, zorder=2.5))
    for name, top, colour in (("keeper", -2.4, _BLUE), ("blockers", -1.2, _BROWN)):
        for cell in mouth[name]:
            corner = _at(cell["x"] + cell["width"], top + 1.2)
            axes.add_patch(
                Rectangle(corner, cell["width"], 1.2, facecolor=colour, alpha=cell["opacity"], zorder=3)
            )


def _draw_person(axes: Axes, view: SceneView, person: Drawn) -> None:
    x, y = _at(person.x, person.y)
    if person.takes_xg:
        width = (0.25 + 2.5 * min(person.takes_xg, 0.4)) * _size(view, 0.5) ** 0.5
        axes.scatter(
            x, y, s=_size(view, 1.45), facecolors="none", edgecolors=_BROWN, linewidths=width, zorder=4
        )
    fill, edge = (_WHITE, _RED) if person.kind == "mate" else (_DARK, _DARK)
    marker = "s" if person.kind == "keeper" else "o"
    axes.scatter(x, y, s=_size(view, 0.9), marker=marker, c=fill, edgecolors=edge, linewidths=1.6, zorder=5)
    if person.label:
        _write(axes, view, person.label, person.label_x, person.label_y)


def _write(axes: Axes, view: SceneView, text: str, x: float, y: float) -> None:
    size = view.font_m / view.width * _WIDTH_IN * _POINTS_IN
    axes.text(
        *_at(x, y), text, fontsize=size, color=_INK, ha="center", va="baseline", zorder=7, parse_math=False
    )


def _close(figure: Any) -> None:
    """Pyplot keeps what it has made; a process that draws many would grow."""
    from matplotlib import pyplot as plt

    plt.close(figure)
