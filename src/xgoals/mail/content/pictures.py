"""The moment of a shot as a PNG: mail programs show neither SVG nor styles of their own.

The colours are a pitch's own, dark enough for a light mail and light enough for a dark one.
"""

import io
from collections.abc import Mapping
from typing import Any

from mplsoccer import VerticalPitch
from PIL import Image

_LENGTH_M, _WIDTH_M = 105.0, 68.0
_GRASS, _CHALK, _ANGLE, _SHADOW = "#2b5a43", "#b9d2c2", "#f1c45a", "#10241b"
_FILL = {"mate": "#e9ecef", "opponent": "#20262c", "keeper": "#e6b45c"}
_SHOOTER = "#ea6f47"
_DPI = 160
_WIDTH_IN = 7.0
_COLOURS = 96
"""A pitch needs few: the file is a third of its size with a palette."""


def moment_of_shot(view: Mapping[str, Any]) -> bytes:
    """Draw everybody around a shot, the goal on top.

    Parameters
    ----------
    view
        As :func:`xgoals.report.scene_view.scene_view` returns it: metres, x to the right, y down from the goal line.

    Returns
    -------
    bytes
        A PNG, 1,120 pixels wide.
    """
    half, depth = view["half_width_m"], view["depth_m"]
    pitch = VerticalPitch(
        pitch_type="custom", pitch_length=_LENGTH_M, pitch_width=_WIDTH_M, half=True, goal_type="box",
        pitch_color=_GRASS, line_color=_CHALK, linewidth=1.6, corner_arcs=True,
    )  # fmt: skip
    figure, axes = pitch.draw(figsize=(_WIDTH_IN, _WIDTH_IN * (depth + 3) / (2 * half)), tight_layout=False)
    figure.subplots_adjust(0, 0, 1, 1)
    figure.set_facecolor(_GRASS)
    axes.set_xlim(_WIDTH_M / 2 + half, _WIDTH_M / 2 - half)
    axes.set_ylim(_LENGTH_M - depth, _LENGTH_M + 3)

    def at(x: float, y: float) -> tuple[float, float]:
        return _WIDTH_M / 2 - x, _LENGTH_M - y

    shooter = at(*view["shooter"])
    axes.fill(*zip(shooter, at(-3.66, 0), at(3.66, 0), strict=True), color=_ANGLE, alpha=0.4, zorder=2)
    if view["shadow"]:
        axes.fill(
            *zip(*(at(x, y) for x, y in view["shadow"]), strict=True), color=_SHADOW, alpha=0.55, zorder=3
        )
    for person in view["people"]:
        marker, size = ("s", 190) if person["kind"] == "keeper" else ("o", 190)
        x, y = at(person["x"], person["y"])
        axes.scatter(
            x, y, s=size, marker=marker, c=_FILL[person["kind"]], edgecolors=_CHALK, linewidths=1, zorder=4
        )
    axes.scatter(*shooter, s=300, c=_SHOOTER, edgecolors="white", linewidths=1.8, zorder=5)
    raw = io.BytesIO()
    figure.savefig(raw, dpi=_DPI, facecolor=_GRASS)
    _close(figure)
    small = io.BytesIO()
    Image.open(raw).convert("RGB").quantize(_COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()


def _close(figure: Any) -> None:
    """Pyplot keeps what it has made; a process that draws many would grow."""
    from matplotlib import pyplot as plt

    plt.close(figure)
