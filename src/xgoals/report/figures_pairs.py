"""Dependence of an attribution on a feature, coloured by a partner, with the mean where that is low and high."""

from matplotlib.figure import Figure

from xgoals.language import Language
from xgoals.report.beeswarm import shades
from xgoals.report.facts_in_words import feature_value
from xgoals.report.figures import STAND_INS, Picture, style_axes, themed_svg
from xgoals.report.figures_dependence import axis_label, numbers
from xgoals.report.raster import extent_of, points
from xgoals.report.shot_frame import Facts, FloatArray

_STYLES = {"low": ("down", (0, (4, 2))), "high": ("up", "solid")}


def pair_picture(
    pair: Facts, x: FloatArray, y: FloatArray, other: FloatArray, unit: str, words: Language
) -> Picture:
    """One feature's attributions, coloured by the value of a partner.

    Parameters
    ----------
    pair
        Of :func:`xgoals.report.summarise_pairs.pair_summary`.
    x, y, other
        The feature's value, its attribution and the partner's value of every shot, shape (n,).
    unit
        ``"xG"`` or the word for log-odds.
    """
    feature, partner = pair["feature"], pair["partner"]
    figure = Figure(figsize=(380 / 72, 250 / 72), layout="constrained")
    axes = figure.subplots()
    extent = extent_of(x, y)
    points(axes, x, y, shades(other), extent)
    style_axes(axes)
    axes.axhline(0, color=STAND_INS["mute"], linewidth=0.8)
    for side, (colour, dashes) in _STYLES.items():
        line = [(b["value"], b[side]) for b in pair["rows"] if b[side] is not None]
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


def side_words(pair: Facts, side: str, words: Language) -> str:
    """The partner's values on one side: "pressure on the shooter up to 0.38", "header: yes"."""
    label, value = words.text(pair["partner"]["label"]), feature_value(pair["partner"], pair[side], words)
    if pair["by_value"]:
        return f"{label}: {value}"
    if side == "low":
        return words.text("%(label)s up to %(value)s", label=label, value=value)
    return words.text("%(label)s from %(value)s", label=label, value=value)


def _alt(pair: Facts, unit: str, words: Language) -> str:
    ends = [b for b in pair["rows"] if b["low"] is not None and b["high"] is not None]
    label = words.text(pair["feature"]["label"])
    if not ends:
        return words.text(
            "Values of %(label)s; too few shots to tell its partner's sides apart.", label=label
        )
    widest = max(ends, key=lambda b: abs(b["low"] - b["high"]))
    return words.text(
        "Mean value of %(label)s, furthest apart at %(at)s: %(a)s %(unit)s (%(low)s), %(b)s %(unit)s (%(high)s).",
        label=label,
        at=feature_value(pair["feature"], widest["value"], words),
        a=words.number(widest["low"], 3, signed=True),
        b=words.number(widest["high"], 3, signed=True),
        low=side_words(pair, "low", words),
        high=side_words(pair, "high", words),
        unit=unit,
    )


def _table(pair: Facts, unit: str, words: Language) -> tuple[list[str], list[list[str]]]:
    head = [words.text("from"), words.text("to")]
    for side in ("low", "high"):
        head += [f"{side_words(pair, side, words)}, {unit}", words.text("shots")]
    rows = [
        [
            *(words.number(b[key], 2) for key in ("from", "to")),
            *(words.number(b["low"], 3, signed=True), words.count(b["n_low"])),
            *(words.number(b["high"], 3, signed=True), words.count(b["n_high"])),
        ]
        for b in pair["rows"]
    ]
    return head, rows
