"""Dependence of an attribution on a feature: every shot in pixels, what happened, and how many shots say so."""

import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from xgoals.analysis.dependence import Band, Dependence
from xgoals.analysis.goal_rate import GoalRate
from xgoals.analysis.shots import Feature, FloatArray
from xgoals.language import Language
from xgoals.report.draw.figures import STAND_INS, Picture, style_axes, themed_svg
from xgoals.report.draw.raster import Extent, extent_of, points, raster
from xgoals.report.words.feature_values import feature_value

_BINS = 45
_LINE_PX = 30
"""Height of one category."""


def dependence_picture(row: Dependence, x: FloatArray, y: FloatArray, unit: str, words: Language) -> Picture:
    """One measured feature: what it adds to every shot, how often such shots went in, how many there are.

    Parameters
    ----------
    row
        Of :func:`xgoals.analysis.dependence.dependence`, of kind ``"bands"``.
    x, y
        The feature's value and attribution of every shot, shape (n,).
    unit
        ``"xG"`` or the word for log-odds.
    """
    feature, bands = row.feature, row.rows
    figure = Figure(figsize=(380 / 72, 330 / 72), layout="constrained")
    upper, middle, lower = figure.subplots(3, 1, sharex=True, height_ratios=[2.1, 1, 0.5])
    extent = extent_of(x, y)
    points(upper, x, y, None, extent)
    upper.plot([b.value for b in bands], [b.mean for b in bands], color=STAND_INS["ink"], linewidth=1.6)
    upper.axhline(0, color=STAND_INS["mute"], linewidth=0.8)
    goal_rates(middle, [b.value for b in bands], [b.scored for b in bands])
    _support(lower, x, extent)
    for axes, title in (
        (upper, words.text("value in %(unit)s", unit=unit)),
        (middle, words.text("goals a shot")),
        (lower, words.text("shots")),
    ):
        style_axes(axes)
        numbers(axes, words)
        axes.set_ylabel(title, color=STAND_INS["mute"], fontsize=11)
    lower.yaxis.set_major_locator(MaxNLocator(1))
    lower.yaxis.set_major_formatter(lambda value, _: words.count(value))
    lower.set_xlabel(axis_label(feature, words), color=STAND_INS["mute"], fontsize=11)
    figure.align_ylabels()
    return Picture(
        themed_svg(figure, f"dependence-{feature['name']}"), _alt(row, unit, words), *_table(row, unit, words)
    )


def _alt(row: Dependence, unit: str, words: Language) -> str:
    feature, first, last = row.feature, row.rows[0], row.rows[-1]
    return words.text(
        "%(label)s: from %(low)s to %(high)s the mean value goes from %(a)s to %(b)s %(unit)s, goals a shot from "
        "%(c)s to %(d)s.",
        label=words.text(feature["label"]),
        low=feature_value(feature, first.value, words),
        high=feature_value(feature, last.value, words),
        a=words.number(first.mean, 3, signed=True),
        b=words.number(last.mean, 3, signed=True),
        c=words.number(first.scored.rate, 3),
        d=words.number(last.scored.rate, 3),
        unit=unit,
    )


def _support(axes: Axes, x: FloatArray, extent: Extent) -> None:
    """How many shots there are: a histogram on the axis of the feature."""
    counts, edges = np.histogram(x[~np.isnan(x)], bins=_BINS, range=extent[:2])
    axes.stairs(counts, edges, fill=True, color=STAND_INS["mute"], alpha=0.55)
    axes.set_ylim(0, 1.1 * max(counts.max(), 1))


def values_picture(row: Dependence, x: FloatArray, y: FloatArray, unit: str, words: Language) -> Picture:
    """One category, count or yes/no: a line for each value, its shots left, what happened to them right.

    Parameters are those of :func:`dependence_picture`, the row of kind ``"values"``.
    """
    feature, rows = row.feature, row.rows
    n = len(rows)
    figure = Figure(figsize=(380 / 72, (64 + _LINE_PX * n) / 72), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.5, 1])
    spread = max(float(y.max() - y.min()), 1e-6)
    extent = (float(y.min()) - 0.04 * spread, float(y.max()) + 0.04 * spread, -0.5, n - 0.5)
    which, place = np.full(len(x), np.nan), np.arange(n)
    for i, part in enumerate(rows):
        which[(x >= part.value_from) & (x <= part.value_to)] = i
    known = ~np.isnan(which)
    image = raster(y[known], -which[known], None, extent=(*extent[:2], 0.5 - n, 0.5), size=(150, 3 * n))
    image[::3, :, 3] = image[2::3, :, 3] = 0
    left.imshow(image, extent=(*extent[:2], n - 0.5, -0.5), aspect="auto", interpolation="none", zorder=1)
    left.plot([part.mean for part in rows], place, "D", markersize=4.5, color=STAND_INS["ink"], zorder=3)
    left.axvline(0, color=STAND_INS["mute"], linewidth=0.8)
    scored = [part.scored for part in rows]
    right.hlines(
        place, [s.low for s in scored], [s.high for s in scored], color=STAND_INS["up"], linewidth=1.8
    )
    right.plot([s.rate for s in scored], place, "o", markersize=4.2, color=STAND_INS["up"])
    right.set_xlim(0, 1.08 * max(s.high for s in scored))
    titles = (words.text("value in %(unit)s", unit=unit), words.text("goals a shot"))
    for axes, title in zip((left, right), titles, strict=True):
        style_axes(axes)
        axes.set_ylim(n - 0.5, -0.5)
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(3))
        axes.xaxis.set_major_formatter(lambda value, _: words.number(value, decimals(value)))
        axes.set_xlabel(title, color=STAND_INS["mute"], fontsize=11)
    left.set_yticks(place, [_line(feature, part, words) for part in rows])
    return Picture(
        themed_svg(figure, f"values-{feature['name']}"),
        _values_alt(row, unit, words),
        *_table(row, unit, words),
    )


def value_words(feature: Feature, part: Band, words: Language) -> str:
    """The value of a line, or the span of values that share one."""
    first = feature_value(feature, part.value_from, words)
    if part.value_from == part.value_to:
        return first
    return f"{first}–{feature_value(feature, part.value_to, words)}"


def _line(feature: Feature, part: Band, words: Language) -> str:
    """A line's title: the value and how many shots have it."""
    said = f"{value_words(feature, part, words)} · {words.count(part.scored.n_shots)}"
    return "\n".join(textwrap.wrap(said, 21, break_long_words=False))


def _values_alt(row: Dependence, unit: str, words: Language) -> str:
    feature, rows = row.feature, row.rows
    low, high = (choose(rows, key=lambda part: part.mean) for choose in (min, max))
    return words.text(
        "%(label)s: mean value from %(a)s %(unit)s (%(low)s) to %(b)s %(unit)s (%(high)s).",
        label=words.text(feature["label"]),
        a=words.number(low.mean, 3, signed=True),
        low=value_words(feature, low, words),
        b=words.number(high.mean, 3, signed=True),
        high=value_words(feature, high, words),
        unit=unit,
    )


def goal_rates(axes: Axes, x: list[float], rates: list[GoalRate]) -> None:
    """Goals a shot with their interval."""
    axes.vlines(x, [r.low for r in rates], [r.high for r in rates], color=STAND_INS["up"], linewidth=1.6)
    axes.plot(x, [r.rate for r in rates], "o", markersize=3.6, color=STAND_INS["up"])
    axes.set_ylim(0, 1.08 * max(r.high for r in rates))


def numbers(axes: Axes, words: Language) -> None:
    """Few round numbers on both axes, as the language writes them."""
    for axis, most in ((axes.xaxis, 6), (axes.yaxis, 4)):
        axis.set_major_locator(MaxNLocator(most))
        axis.set_major_formatter(lambda value, _: words.number(value, decimals(value)))


def decimals(value: float) -> int:
    """As many decimals as a round number needs, at most three."""
    return next((n for n in (0, 1, 2) if abs(value - round(value, n)) < 1e-9), 3)


def axis_label(feature: Feature, words: Language) -> str:
    """The feature's name and unit."""
    unit = {"deg": "°"}.get(feature["unit"], feature["unit"])
    label = words.text(feature["label"])
    return f"{label}, {unit}" if unit else label


def _table(row: Dependence, unit: str, words: Language) -> tuple[list[str], list[list[str]]]:
    titles = ("shots", "goals", "goals a shot", "95 % from", "95 % to")
    head = [words.text(title) for title in titles] + [words.text("mean value, %(unit)s", unit=unit)]
    cells = [
        [
            *_named(row, band, words),
            words.count(band.scored.n_shots),
            words.count(band.scored.n_goals),
            *(words.number(rate, 3) for rate in (band.scored.rate, band.scored.low, band.scored.high)),
            words.number(band.mean, 3, signed=True),
        ]
        for band in row.rows
    ]
    names = [words.text("from"), words.text("to")] if row.kind == "bands" else [words.text("Value")]
    return names + head, cells


def _named(row: Dependence, band: Band, words: Language) -> list[str]:
    if row.kind == "values":
        return [value_words(row.feature, band, words)]
    return [words.number(edge, 2) for edge in (band.value_from, band.value_to)]
