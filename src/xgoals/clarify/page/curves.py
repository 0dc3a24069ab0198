"""Partial dependence as a picture: the curve, and below it how many rows there are."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from xgoals.clarify.page.numbers import decimals_of, value_in_words
from xgoals.clarify.pdp import Curve
from xgoals.language import Language
from xgoals.report.draw.beeswarm import ticks

SHOWN = 30
"""Curves on the page; all are in ``analysis.json``."""
WIDTH, HEIGHT = 380, 222
LEFT, RIGHT = 64.0, 372.0
"""Where the axis of values begins and ends; left of it are the predictions' numbers."""
_TOP, _BOTTOM = 12.0, 140.0
_TOO_LONG, _TOO_SMALL = 1e12, 1e-6
"""Numbers and steps from here on are told with their power of ten."""
_SUPPORT_TOP, _SUPPORT_BOTTOM = 152.0, 188.0
_MOST_LABELS = 6
_CHARACTER, _APART = 7.0, 8.0
"""Pixels of a digit, and between two labels."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A number at an axis, and its place in pixels."""

    text: str
    at: float

    @property
    def width(self) -> float:
        """Pixels that the text takes, rather too many."""
        return _CHARACTER * len(self.text)


@dataclass(frozen=True, slots=True)
class Bar:
    """How many rows there are."""

    left: float
    width: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class CurvePicture:
    """A curve in pixels of ``WIDTH`` x ``HEIGHT``, what it says in words, and the table behind it.

    Attributes
    ----------
    points
        Places of the values.
    is_line
        Whether values lie on a line; else each stands for itself.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    is_line: bool
    bars: tuple[Bar, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    missing: float
    alt: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def path(self) -> str:
        """The points for a polyline."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


def curve_picture(curve: Curve, words: Language) -> CurvePicture:
    """Draw a curve."""
    is_line = curve.data_type == "numerical"
    low, high = _range(curve)
    step = (RIGHT - LEFT) / len(curve.values)
    x = LEFT + step * (
        np.arange(len(curve.values)) + 0.5
    )  # buckets have one width, single values one distance
    y = _BOTTOM - (curve.predictions - low) / (high - low) * (_BOTTOM - _TOP)
    full = float(curve.shares.max()) or 1.0
    heights = curve.shares / full * (_SUPPORT_BOTTOM - _SUPPORT_TOP)
    gap = 0.5 if is_line else step * 0.2
    return CurvePicture(
        name=curve.name,
        points=tuple(zip(x.tolist(), y.tolist(), strict=True)),
        is_line=is_line,
        bars=tuple(
            Bar(
                float(at - step / 2 + gap),
                float(step - 2 * gap),
                float(_SUPPORT_BOTTOM - height),
                float(height),
            )
            for at, height in zip(x, heights, strict=True)
        ),
        x_ticks=_x_ticks(curve, x.tolist(), words),
        y_ticks=_y_ticks(low, high, words),
        missing=curve.missing,
        alt=_alt(curve, words),
        head=(words.text("Value"), words.text("mean prediction"), words.text("share of the rows")),
        rows=tuple(
            (value_in_words(value, words), words.number(prediction, 4), words.share(share, 1))
            for value, prediction, share in zip(
                curve.values.tolist(), curve.predictions.tolist(), curve.shares.tolist(), strict=True
            )
        ),
    )


def _range(curve: Curve) -> tuple[float, float]:
    low, high = float(curve.predictions.min()), float(curve.predictions.max())
    pad = 0.08 * (high - low) or 0.01
    return max(low - pad, 0.0), min(high + pad, 1.0)


def _x_ticks(curve: Curve, x: list[float], words: Language) -> tuple[Tick, ...]:
    """Round numbers where values lie on a line, else some of the values."""
    if curve.data_type == "categorical":
        every = -(-len(x) // _MOST_LABELS)
        return _inside(
            [Tick(value_in_words(float(curve.values[i]), words), x[i]) for i in range(0, len(x), every)]
        )
    half = float(curve.values[1] - curve.values[0]) / 2 if len(curve.values) > 1 else 0.5
    found = ticks(float(curve.values[0]) - half, float(curve.values[-1]) + half, most=_MOST_LABELS)
    step = found[1][0] - found[0][0] if len(found) > 1 else 0.0
    return _inside(
        [Tick(_at_axis(value, step, words), LEFT + place / 100 * (RIGHT - LEFT)) for value, place in found]
    )


def _at_axis(value: float, step: float, words: Language) -> str:
    """A number that is told apart from its neighbour at a distance of ``step``."""
    if abs(value) >= _TOO_LONG or 0 < step < _TOO_SMALL:
        return value_in_words(value, words)
    return words.number(value, decimals_of(step))


def _inside(labels: list[Tick]) -> tuple[Tick, ...]:
    """Labels that lie within the picture and do not touch: of crowded ones each second, third, ... is left."""
    room = WIDTH - 1
    labels = [replace(one, at=min(one.at, room - one.width / 2)) for one in labels]
    for every in range(1, len(labels)):
        kept = labels[::every]
        if all(a.at + a.width / 2 + _APART <= b.at - b.width / 2 for a, b in pairwise(kept)):
            return tuple(kept)
    return tuple(labels[:1])


def _y_ticks(low: float, high: float, words: Language) -> tuple[Tick, ...]:
    found = ticks(low, high, most=4)
    step = found[1][0] - found[0][0] if len(found) > 1 else 0.001
    return tuple(
        Tick(_at_axis(value, step, words), _BOTTOM - place / 100 * (_BOTTOM - _TOP)) for value, place in found
    )


def _alt(curve: Curve, words: Language) -> str:
    low, high = int(curve.predictions.argmin()), int(curve.predictions.argmax())
    return words.text(
        "%(name)s: the mean prediction is lowest, %(a)s, at %(low)s and highest, %(b)s, at %(high)s.",
        name=curve.name,
        a=words.number(float(curve.predictions[low]), 3),
        low=value_in_words(float(curve.values[low]), words),
        b=words.number(float(curve.predictions[high]), 3),
        high=value_in_words(float(curve.values[high]), words),
    )
