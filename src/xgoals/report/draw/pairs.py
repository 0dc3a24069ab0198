"""Dependence of an attribution on a feature, coloured by a partner, with the mean where that is low and high."""

from matplotlib.figure import Figure

from xgoals.analysis.pairs import Pair
from xgoals.analysis.shots import FloatArray
from xgoals.language import Language
from xgoals.report.draw.beeswarm import shades
from xgoals.report.draw.dependence import axis_label, numbers
from xgoals.report.draw.figures import STAND_INS, Picture, style_axes, themed_svg
from xgoals.report.draw.raster import extent_of, points
from xgoals.report.words.feature_values import feature_value

_STYLES = {"low": ("down", (0, (4, 2))), "high": ("up", "solid")}


def pair_picture(
    pair: Pair, x: FloatArray, y: FloatArray, other: FloatArray, unit: str, words: Language
) -> Picture:
    """One feature's attributions, coloured by the value of a partner.

    Parameters
    ----------
    pair
        Of :func:`xgoals.analysis.pairs.pair_summary`.
    x, y, other
        The feature's value, its attribution and the partner's value of every shot, shape (n,).
    unit
        ``"xG"`` or the word for log-odds.
    """
    feature, partner = pair.feature, pair.partner
    figure = Figure(figsize=(380 / 72, 250 / 72), layout="constrained")
    axes = figure.subplots()
    extent = extent_of(x, y)
    points(axes, x, y, shades(other), extent)
    style_axes(axes)
    axes.axhline(0, color=STAND_INS["mute"], linewidth=0.8)
    for side, (colour, dashes) in _STYLES.items():
        means = [(band.value, getattr(band, side).mean) for band in pair.rows]
        line = [point for point in means if point[1] is not None]
        if line:
            axes.plot(*zip(*line, strict=True), color=STAND_INS["paper"], linewidth=4.5, zorder=2)
            axes.plot(
                *zip(*line, strict=True), color=STAND_INS[colour], linewidth=2.2, linestyle=dashes, zorder=3
            )
    axes.set_xlim(*extent[:2])
    axes.set_xlabel(axis_label(feature, words), color=STAND_INS["mute"], fontsize=11)
    axes.set_ylabel(words.text("value in %(unit)s", unit=unit), color=STAND_INS["mute"], fontsize=11)
    numbers(axes, words)
    name = f"pair-{feature['name']}-{partner['name']}"
    return Picture(themed_svg(figure, name), _alt(pair, unit, words), *_table(pair, unit, words))


def side_words(pair: Pair, side: str, words: Language) -> str:
    """The partner's values on one side: "pressure on the shooter up to 0.38", "header: yes"."""
    label, value = words.text(pair.partner["label"]), feature_value(pair.partner, getattr(pair, side), words)
    if pair.by_value:
        return f"{label}: {value}"
    if side == "low":
        return words.text("%(label)s up to %(value)s", label=label, value=value)
    return words.text("%(label)s from %(value)s", label=label, value=value)


def _alt(pair: Pair, unit: str, words: Language) -> str:
    ends = [
        (band.value, band.low.mean, band.high.mean)
        for band in pair.rows
        if band.low.mean is not None and band.high.mean is not None
    ]
    label = words.text(pair.feature["label"])
    if not ends:
        return words.text(
            "Values of %(label)s; too few shots to tell its partner's sides apart.", label=label
        )
    at, low, high = max(ends, key=lambda end: abs(end[1] - end[2]))
    return words.text(
        "Mean value of %(label)s, furthest apart at %(at)s: %(a)s %(unit)s (%(low)s), %(b)s %(unit)s (%(high)s).",
        label=label,
        at=feature_value(pair.feature, at, words),
        a=words.number(low, 3, signed=True),
        b=words.number(high, 3, signed=True),
        low=side_words(pair, "low", words),
        high=side_words(pair, "high", words),
        unit=unit,
    )


def _table(pair: Pair, unit: str, words: Language) -> tuple[list[str], list[list[str]]]:
    head = [words.text("from"), words.text("to")]
    for side in ("low", "high"):
        head += [f"{side_words(pair, side, words)}, {unit}", words.text("shots")]
    rows = [
        [
            *(words.number(edge, 2) for edge in (band.value_from, band.value_to)),
            *(words.number(band.low.mean, 3, signed=True), words.count(band.low.n_shots)),
            *(words.number(band.high.mean, 3, signed=True), words.count(band.high.n_shots)),
        ]
        for band in pair.rows
    ]
    return head, rows
