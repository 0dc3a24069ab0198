"""Dependence of an attribution on a feature: every shot counted into pixels, the goal rate beneath."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from xgoals.language import Language
from xgoals.report.beeswarm import HIGH_RGB, LOW_RGB, MIDDLE_RGB, shades
from xgoals.report.facts_in_words import feature_value
from xgoals.report.figures import STAND_INS, Picture, style_axes, themed_svg
from xgoals.report.shot_frame import Facts, FloatArray

_PLAIN_RGB = (104, 122, 176)
_COLUMNS, _ROWS = 150, 84


def raster(
    x: FloatArray, y: FloatArray, shade: FloatArray | None, *, extent: tuple[float, float, float, float]
) -> npt.NDArray[np.uint8]:
    """Points as an image: opaque where there are many, coloured by the mean shade of the points in a pixel.

    Parameters
    ----------
    x, y
        Shape (n,); points outside ``extent`` (left, right, bottom, top) are left out.
    shade
        Shape (n,), 0 (blue) to 1 (orange), NaN where unknown; None for one colour.

    Returns
    -------
    array (rows, columns, 4)
        RGBA, first row on top; transparent where there is no point.
    """
    left, right, bottom, top = extent
    inside = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    column = np.minimum(((x[inside] - left) / (right - left) * _COLUMNS).astype(np.intp), _COLUMNS - 1)
    row = np.minimum(((top - y[inside]) / (top - bottom) * _ROWS).astype(np.intp), _ROWS - 1)
    pixel = row * _COLUMNS + column
    counts = np.bincount(pixel, minlength=_ROWS * _COLUMNS)
    image = np.zeros((_ROWS * _COLUMNS, 4))
    image[:, :3] = _PLAIN_RGB if shade is None else _mean_colour(pixel, shade[inside], len(counts))
    share = np.log1p(counts) / np.log1p(max(counts.max(), 1))
    image[:, 3] = np.where(counts > 0, 255 * (0.3 + 0.7 * share), 0)
    return image.round().astype(np.uint8).reshape(_ROWS, _COLUMNS, 4)


def _mean_colour(pixel: npt.NDArray[np.intp], shade: FloatArray, n: int) -> FloatArray:
    known = ~np.isnan(shade)
    counts = np.bincount(pixel[known], minlength=n)
    mean = np.bincount(pixel[known], weights=shade[known], minlength=n) / np.maximum(counts, 1)
    t = (2 * mean)[:, None]
    low, middle, high = (np.array(rgb, dtype=float) for rgb in (LOW_RGB, MIDDLE_RGB, HIGH_RGB))
    ramp = np.where(t <= 1, low + (middle - low) * t, middle + (high - middle) * (t - 1))
    return np.asarray(np.where(counts[:, None] > 0, ramp, (128, 134, 140)))


def dependence_picture(row: Facts, x: FloatArray, y: FloatArray, unit: str, words: Language) -> Picture:
    """One feature: attributions of every shot, the mean by band, and beneath it how often such shots went in."""
    feature, bands = row["feature"], row["rows"]
    figure = Figure(figsize=(380 / 72, 290 / 72), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[2.1, 1])
    extent = _extent(x, y)
    _points(upper, x, y, None, extent)
    upper.plot([b["value"] for b in bands], [b["mean"] for b in bands], color=STAND_INS["ink"], linewidth=1.4)
    _goal_rate(lower, bands)
    _axes(upper, lower, feature, unit, words)
    first, last = bands[0], bands[-1]
    alt = words.text(
        "%(label)s: from %(low)s to %(high)s the mean value goes from %(a)s to %(b)s %(unit)s, goals a shot from "
        "%(c)s to %(d)s.",
        label=words.text(feature["label"]),
        low=feature_value(feature, first["value"], words),
        high=feature_value(feature, last["value"], words),
        a=words.number(first["mean"], 2, signed=True),
        b=words.number(last["mean"], 2, signed=True),
        c=words.number(first["rate"], 3),
        d=words.number(last["rate"], 3),
        unit=unit,
    )
    return Picture(themed_svg(figure, f"dependence-{feature['name']}"), alt, *_table(row, words))


def pair_picture(
    feature: Facts,
    partner: Facts,
    x: FloatArray,
    y: FloatArray,
    other: FloatArray,
    unit: str,
    words: Language,
) -> Picture:
    """One feature's attributions, coloured by the value of a partner."""
    figure = Figure(figsize=(380 / 72, 230 / 72), layout="constrained")
    axes = figure.subplots()
    _points(axes, x, y, shades(other), _extent(x, y))
    style_axes(axes)
    axes.axhline(0, color=STAND_INS["mute"], linewidth=0.8)
    axes.set_xlabel(_label(feature, words), color=STAND_INS["mute"], fontsize=11)
    axes.set_ylabel(unit, color=STAND_INS["mute"], fontsize=11)
    _numbers(axes, words)
    alt = words.text(
        "Values of %(feature)s, blue where %(partner)s is low, orange where it is high.",
        feature=words.text(feature["label"]),
        partner=words.text(partner["label"]),
    )
    return Picture(themed_svg(figure, f"pair-{feature['name']}-{partner['name']}"), alt)


def _points(
    axes: Axes,
    x: FloatArray,
    y: FloatArray,
    shade: FloatArray | None,
    extent: tuple[float, float, float, float],
) -> None:
    axes.imshow(
        raster(x, y, shade, extent=extent), extent=extent, aspect="auto", interpolation="none", zorder=1
    )


def _extent(x: FloatArray, y: FloatArray) -> tuple[float, float, float, float]:
    """The middle 99 % of the values, and all of their attributions."""
    known = x[~np.isnan(x)]
    left, right = np.percentile(known, [0.5, 99.5])
    shown = y[(x >= left) & (x <= right)]
    bottom, top = float(shown.min()), float(shown.max())
    pad = 0.04 * ((top - bottom) or 1.0)
    return float(left), float(right if right > left else left + 1), bottom - pad, top + pad


def _goal_rate(axes: Axes, bands: list[Facts]) -> None:
    x = [band["value"] for band in bands]
    axes.vlines(
        x, [b["low"] for b in bands], [b["high"] for b in bands], color=STAND_INS["up"], linewidth=1.6
    )
    axes.plot(x, [band["rate"] for band in bands], "o", markersize=3.6, color=STAND_INS["up"])
    axes.set_ylim(0, 1.08 * max(band["high"] for band in bands))


def _axes(upper: Axes, lower: Axes, feature: Facts, unit: str, words: Language) -> None:
    for axes in (upper, lower):
        style_axes(axes)
        _numbers(axes, words)
    upper.axhline(0, color=STAND_INS["mute"], linewidth=0.8)
    upper.set_ylabel(unit, color=STAND_INS["mute"], fontsize=11)
    lower.set_ylabel(words.text("goals a shot"), color=STAND_INS["mute"], fontsize=11)
    lower.set_xlabel(_label(feature, words), color=STAND_INS["mute"], fontsize=11)


def _numbers(axes: Axes, words: Language) -> None:
    for axis, most in ((axes.xaxis, 6), (axes.yaxis, 4)):
        axis.set_major_locator(MaxNLocator(most))
        axis.set_major_formatter(lambda value, _: words.number(value, _decimals(value)))


def _decimals(value: float) -> int:
    """As many decimals as a round number needs, at most two."""
    return next((n for n in (0, 1) if abs(value - round(value, n)) < 1e-9), 2)


def _label(feature: Facts, words: Language) -> str:
    unit = {"deg": "°"}.get(feature["unit"], feature["unit"])
    label = words.text(feature["label"])
    return f"{label}, {unit}" if unit else label


def _table(row: Facts, words: Language) -> tuple[list[str], list[list[str]]]:
    titles = ("from", "to", "shots", "goals", "goals a shot", "mean value")
    cells = [
        [
            *(words.number(band[key], 2) for key in ("from", "to")),
            words.count(band["n"]),
            words.count(band["goals"]),
            words.number(band["rate"], 3),
            words.number(band["mean"], 3, signed=True),
        ]
        for band in row["rows"]
    ]
    return [words.text(title) for title in titles], cells
