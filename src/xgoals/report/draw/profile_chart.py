"""Profiles as places on a chart: mean curves with their band, single shots, support, and what is hatched."""

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from xgoals.analysis.shots import BoolArray, FloatArray
from xgoals.report.draw.beeswarm import ticks

Kind = Literal["own", "others"]
Scale = Literal["linear", "root"]
WIDTH = 400.0
_LEFT, _RIGHT, _TOP, _SUPPORT, _FOOT = 46.0, WIDTH - 16, 10.0, 24.0, 40.0
_ROW, _LABEL, _LETTERS = 32.0, 158.0, 22
_SHARE = 5 * "\N{NO-BREAK SPACE}"
"""Room for the share of shots behind a label: its narrow signs and digits need no more letters."""
_HATCH_STEP = 7.0
_ROOT_TICKS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis."""

    at: float
    value: float
    n_decimals: int


@dataclass(frozen=True, eq=False, slots=True)
class Curve:
    """A curve to draw: shape (g,) each; the ends of its interval may be absent."""

    kind: Kind
    value: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn curve: paths of the line and of its band (empty: none)."""

    kind: Kind
    path: str
    band: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """A measured feature. ``thin`` are single shots, ``bars`` how many shots there are, ``hatch`` what is off."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    foot: float
    xticks: tuple[Tick, ...]
    yticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    thin: str
    bars: str
    hatch: str


@dataclass(frozen=True, slots=True)
class RowMark:
    """A curve's value on a row, with its interval where it has one."""

    kind: Kind
    x: float
    low_x: float | None
    high_x: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A value of a category or count: its words, in one line or two, how many shots have it, and the curves."""

    y: float
    lines: tuple[str, ...]
    share: float
    marks: tuple[RowMark, ...]


@dataclass(frozen=True, slots=True)
class RowChart:
    """A feature of few values: one row each."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    xticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    hatch: str


def line_chart(
    values: FloatArray,
    curves: Sequence[Curve],
    *,
    shares: FloatArray,
    is_off: BoolArray,
    single: FloatArray | None = None,
    scale: Scale = "linear",
    height: float = 250.0,
) -> LineChart:
    """Draw curves along evenly spaced values.

    Parameters
    ----------
    values
        Shape (g,), ascending.
    shares
        Which share of the shots lies nearest to each, (g,).
    is_off
        Which values are hatched, (g,).
    single
        Curves of single shots, (k, g).
    scale
        ``"root"`` spreads small numbers, which most chances are.
    """
    right, bottom = _RIGHT, height - _FOOT - _SUPPORT
    low, high = _range(curves, single)
    x = _axis(float(values[0]), float(values[-1]), _LEFT, right)
    y = _axis(low, high, bottom, _TOP, scale)
    yticks = _root_ticks(high) if scale == "root" else _ticks(low, high, 4)
    return LineChart(
        WIDTH,
        height,
        _LEFT,
        right,
        _TOP,
        bottom,
        height - _FOOT,
        tuple(Tick(x(v), v, n) for v, n in _ticks(float(values[0]), float(values[-1]), 5)),
        tuple(Tick(y(v), v, n) for v, n in yticks),
        tuple(
            Line(curve.kind, _path(values, curve.value, x, y), _band(values, curve, x, y)) for curve in curves
        ),
        "".join(_path(values, one, x, y) for one in single) if single is not None else "",
        _bars(values, shares, x, height - _FOOT),
        "".join(_hatched(*part, _TOP, bottom) for part in _spans(values, is_off, x, _LEFT, right)),
    )


def row_chart(
    labels: Sequence[str], curves: Sequence[Curve], *, shares: FloatArray, is_off: BoolArray
) -> RowChart:
    """Draw curves value by value; parameters as of :func:`line_chart`."""
    right, bottom = _RIGHT, _TOP + _ROW * len(labels)
    low, high = _range(curves, None)
    x = _axis(low, high, _LABEL, right)
    rows, hatch = [], ""
    for n, label in enumerate(labels):
        y = _TOP + _ROW * (n + 0.5)
        marks = tuple(_mark(curve, n, x) for curve in curves)
        rows.append(Row(y, _lines(label), float(shares[n]), marks))
        if is_off[n]:
            hatch += _hatched(_LABEL, right, y - _ROW / 2 + 1, y + _ROW / 2 - 1)
    return RowChart(
        WIDTH,
        bottom + _FOOT,
        _LABEL,
        right,
        _TOP,
        bottom,
        tuple(Tick(x(v), v, n) for v, n in _ticks(low, high, 4)),
        tuple(rows),
        hatch,
    )


def _lines(label: str) -> tuple[str, ...]:
    """A label's lines; the last leaves room for the share that is written behind it."""
    *lines, last = textwrap.wrap(f"{label}{_SHARE}", _LETTERS)
    return (*lines, last.removesuffix(_SHARE))


def _range(curves: Sequence[Curve], single: FloatArray | None) -> tuple[float, float]:
    """From 0, or below, to a little above the highest."""
    parts = [part for curve in curves for part in (curve.value, curve.low, curve.high) if part is not None]
    known = np.concatenate([*parts, *([single.ravel()] if single is not None else [])])
    known = known[~np.isnan(known)]
    low, high = min(0.0, float(known.min())), max(0.0, float(known.max()))
    pad = 0.05 * ((high - low) or 1.0)
    return (low - pad if low < 0 else 0.0), high + pad


def _axis(
    low: float, high: float, start: float, end: float, scale: Scale = "linear"
) -> Callable[[float], float]:
    if scale == "root":
        low, high = math.sqrt(max(low, 0.0)), math.sqrt(high)
    per = (end - start) / ((high - low) or 1.0)

    def place(value: float) -> float:
        """Where a value lies."""
        return start + per * ((math.sqrt(max(value, 0.0)) if scale == "root" else value) - low)

    return place


def _ticks(low: float, high: float, most: int) -> list[tuple[float, int]]:
    """Round numbers, each with its decimals."""
    return [(value, _decimals(value)) for value, _ in ticks(low, high, most)]


def _decimals(value: float) -> int:
    return next((n for n in (0, 1, 2) if abs(value - round(value, n)) < 1e-9), 3)


def _root_ticks(high: float) -> list[tuple[float, int]]:
    return [(value, 2) for value in _ROOT_TICKS if value <= high]


def _path(
    values: FloatArray, curve: FloatArray, x: Callable[[float], float], y: Callable[[float], float]
) -> str:
    return "M" + "L".join(
        f"{x(v):.1f} {y(c):.1f}" for v, c in zip(values.tolist(), curve.tolist(), strict=True)
    )


def _band(values: FloatArray, curve: Curve, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    if curve.low is None or curve.high is None or np.isnan(curve.low).any():
        return ""
    there = _path(values, curve.high, x, y)
    return there + "L" + _path(values[::-1], curve.low[::-1], x, y)[1:] + "Z"


def _bars(values: FloatArray, shares: FloatArray, x: Callable[[float], float], foot: float) -> str:
    half = (x(float(values[1])) - x(float(values[0]))) / 2 - 1
    tallest = max(float(shares.max()), 1e-9)
    left, right = x(float(values[0])), x(float(values[-1]))
    found = ""
    for value, share in zip(values.tolist(), shares.tolist(), strict=True):
        begin, end = max(x(value) - half, left), min(x(value) + half, right)
        found += f"M{begin:.1f} {foot:.1f}v{-(_SUPPORT - 6) * share / tallest:.1f}H{end:.1f}V{foot:.1f}Z"
    return found


def _spans(
    values: FloatArray, is_off: BoolArray, x: Callable[[float], float], left: float, right: float
) -> list[tuple[float, float]]:
    """From where to where neighbours are off, halfway to those that are not."""
    edges = [left, *(x(float(v)) for v in (values[1:] + values[:-1]) / 2), right]
    found: list[tuple[float, float]] = []
    for n in np.flatnonzero(is_off).tolist():
        if found and found[-1][1] == edges[n]:
            found[-1] = (found[-1][0], edges[n + 1])
        else:
            found.append((edges[n], edges[n + 1]))
    return found


def _hatched(left: float, right: float, top: float, bottom: float) -> str:
    """Slanting lines through a rectangle, each cut where it leaves it."""
    path, depth = "", bottom - top
    start = left - depth
    for n in range(math.ceil((right - start) / _HATCH_STEP)):
        at = start + n * _HATCH_STEP  # at the bottom; it rises to the right
        begin, end = max(at, left), min(at + depth, right)
        if end > begin:
            path += f"M{begin:.0f} {bottom - (begin - at):.0f}L{end:.0f} {bottom - (end - at):.0f}"
    return path


def _mark(curve: Curve, n: int, x: Callable[[float], float]) -> RowMark:
    ends = [
        None if end is None or math.isnan(end[n]) else x(float(end[n])) for end in (curve.low, curve.high)
    ]
    return RowMark(curve.kind, x(float(curve.value[n])), *ends)
