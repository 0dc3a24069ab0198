"""The article's figures that the model report does not have, redrawn in the page's style."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from xgoals.analysis.article.figures import BestChances, CloseGoals, HeadedStep, PressureValues, RatesByAngle
from xgoals.analysis.goal_rate import GoalRate
from xgoals.language import Language
from xgoals.report.draw.dependence import decimals
from xgoals.report.draw.figures import STAND_INS, Picture, style_axes, themed_svg
from xgoals.report.draw.raster import points

_WIDTH, _HEIGHT = 380 / 72, 250 / 72


def rates_picture(name: str, found: RatesByAngle, titles: dict[str, str], words: Language) -> Picture:
    """Goals a shot of two kinds of shots by angle; round and solid the first, hollow and dashed the second.

    Parameters
    ----------
    name
        Of the picture.
    found
        The two kinds, the first one first.
    titles
        Side -> how it is called.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    _refuse_nothing(found.steps)
    figure, axes = _canvas()
    styles = (("up", "solid", STAND_INS["up"]), ("down", (0, (4, 2)), STAND_INS["paper"]))
    for nudge, side, (colour, dashes, face) in zip((-0.35, 0.35), found.sides, styles, strict=True):
        known = [(step, rate) for step in found.steps if (rate := step.rates[side]) is not None]
        x = [(step.angle_from_deg + step.angle_to_deg) / 2 + nudge for step, _ in known]
        ink = STAND_INS[colour]
        axes.vlines(
            x, [rate.low for _, rate in known], [rate.high for _, rate in known], color=ink, linewidth=1.5
        )
        rates = [rate.rate for _, rate in known]
        axes.plot(
            x, rates, "o", linestyle=dashes, color=ink, markerfacecolor=face, markersize=5, linewidth=1.6
        )
    axes.set_ylim(bottom=0)
    _finish(axes, f"{words.text('angle to goal')}, °", words.text("goals a shot"), words)
    first, second = found.sides
    both = [(a, b) for step in found.steps if (a := step.rates[first]) and (b := step.rates[second])]
    lower = sum(b.rate < a.rate for a, b in both)
    alt = words.text(
        "Goals a shot by angle: %(second)s below %(first)s in %(lower)s of %(n)s steps of angle.",
        first=titles[first],
        second=titles[second],
        lower=words.count(lower),
        n=words.count(len(both)),
    )
    head = [words.text("from"), words.text("to")]
    for side in found.sides:
        head += [f"{titles[side]}: {words.text(title)}" for title in ("shots", "goals a shot")]
    rows = [
        [f"{edge:.0f}°" for edge in (step.angle_from_deg, step.angle_to_deg)]
        + [cell for side in found.sides for cell in _cells(step.rates[side], words)]
        for step in found.steps
    ]
    return Picture(themed_svg(figure, name), alt, head, rows)


def _cells(rate: GoalRate | None, words: Language) -> tuple[str, str]:
    return ("–", "–") if rate is None else (words.count(rate.n_shots), words.number(rate.rate, 3))


def close_goals_picture(goals: CloseGoals, words: Language) -> Picture:
    """Every goal by distance and angle, with the limits of the claim: 6 m and 45 degrees."""
    _refuse_nothing(goals.steps)
    figure, axes = _canvas()
    points(axes, goals.distance_m, goals.angle_deg, None, (0.0, 30.0, 0.0, 180.0))
    axes.axhline(45, color=STAND_INS["mute"], linewidth=1, linestyle=(0, (4, 3)))
    axes.axvline(6, color=STAND_INS["mute"], linewidth=1, linestyle=(0, (4, 3)))
    axes.set_xlim(0, 30)
    axes.set_ylim(0, 180)
    _finish(axes, f"{words.text('distance to goal')}, m", f"{words.text('angle to goal')}, °", words)
    axes.yaxis.set_major_locator(MaxNLocator(steps=[4.5, 9, 10]))
    axes.set_yticks([0, 45, 90, 135, 180])
    alt = words.text(
        "Goals by distance and angle, lines at 6 m and 45°: the nearer, the wider the angle; of %(n)s.",
        n=words.plural("one goal", "%(n)s goals", len(goals.distance_m)),
    )
    head = [words.text(title) for title in ("from", "to", "goals", "share above 45°")]
    rows = [
        [
            *(f"{edge:.0f} m" for edge in (step.distance_from_m, step.distance_to_m)),
            words.count(step.n_goals),
            words.share(step.wide_share),
        ]
        for step in goals.steps
    ]
    return Picture(themed_svg(figure, "close-goals"), alt, head, rows)


def headed_goals_picture(steps: Sequence[HeadedStep], words: Language) -> Picture:
    """Headed goals by angle, those from below 25 degrees in the other colour."""
    total = sum(step.n_goals for step in steps)
    _refuse_nothing([step for step in steps if step.n_goals])
    figure, axes = _canvas()
    narrow = [step.angle_from_deg < 25 for step in steps]
    axes.bar(
        [step.angle_from_deg + 2.5 for step in steps],
        [step.n_goals for step in steps],
        width=4.4,
        color=[STAND_INS["down"] if low else STAND_INS["up"] for low in narrow],
    )
    axes.axvline(25, color=STAND_INS["mute"], linewidth=1, linestyle=(0, (4, 3)))
    _finish(axes, f"{words.text('angle to goal')}, °", words.text("headed goals"), words)
    below = sum(step.n_goals for step, low in zip(steps, narrow, strict=True) if low)
    alt = words.text(
        "Headed goals by angle: %(below)s of %(total)s from below 25°.",
        below=words.count(below),
        total=words.count(total),
    )
    head = [words.text(title) for title in ("from", "to", "headers", "headed goals")]
    cells = [
        [
            *(f"{edge}°" for edge in (step.angle_from_deg, step.angle_to_deg)),
            *(words.count(n) for n in (step.n_shots, step.n_goals)),
        ]
        for step in steps
    ]
    return Picture(themed_svg(figure, "headed-goals"), alt, head, cells)


def pressure_values_picture(
    found: Sequence[PressureValues], titles: dict[str, str], unit: str, words: Language
) -> Picture:
    """How the values of the pressure features are spread around zero."""
    _refuse_nothing(found)
    figure = Figure(figsize=(_WIDTH, (60 + 110 * len(found)) / 72), layout="constrained")
    reach = max(abs(edge) for row in found for edge in np.percentile(row.push, [0.5, 99.5])) or 1.0
    for axes, row in zip(np.atleast_1d(figure.subplots(len(found), 1, sharex=True)), found, strict=True):
        counts, edges = np.histogram(row.push, bins=61, range=(-reach, reach))
        axes.stairs(counts / len(row.push), edges, fill=True, color=STAND_INS["mute"], alpha=0.7)
        axes.axvline(0, color=STAND_INS["ink"], linewidth=0.8)
        _finish(axes, "", words.text("share of shots"), words)
        axes.set_title(titles[row.name], color=STAND_INS["mute"], fontsize=11, loc="left")
    axes.set_xlabel(words.text("value in %(unit)s", unit=unit), color=STAND_INS["mute"], fontsize=11)
    said = [
        words.text(
            "Half of the values of %(label)s lie between %(low)s and %(high)s %(unit)s.",
            label=titles[row.name],
            low=words.number(row.quantiles[25], 3, signed=True),
            high=words.number(row.quantiles[75], 3, signed=True),
            unit=unit,
        )
        for row in found
    ]
    head = [words.text("Feature"), *(f"{q} %" for q in found[0].quantiles)]
    cells = [
        [titles[row.name], *(words.number(value, 3, signed=True) for value in row.quantiles.values())]
        for row in found
    ]
    return Picture(themed_svg(figure, "pressure-values"), " ".join(said), head, cells)


def best_chances_picture(best: BestChances, words: Language) -> Picture:
    """Distance and pressure of the best chances, the mean pressure as a line."""
    _refuse_nothing(best.bands)
    figure, axes = _canvas()
    x, y = best.distance_m, best.pressure
    extent = (0.0, float(x.max()) * 1.02, -0.04 * float(y.max() or 1), float(y.max() or 1) * 1.04)
    points(axes, x, y, None, extent)
    bands = best.bands
    axes.plot(
        [b.distance_m for b in bands], [b.pressure for b in bands], color=STAND_INS["ink"], linewidth=1.8
    )
    _finish(axes, f"{words.text('distance to goal')}, m", words.text("pressure on the shooter"), words)
    alt = words.text(
        "Pressure on the shooter among the best chances: mean %(a)s at %(near)s m, %(b)s at %(far)s m.",
        a=words.number(bands[0].pressure, 2),
        near=words.number(bands[0].distance_m, 0),
        b=words.number(bands[-1].pressure, 2),
        far=words.number(bands[-1].distance_m, 0),
    )
    head = [words.text(title) for title in ("from", "to", "shots", "mean pressure")]
    cells = [
        [
            *(f"{words.number(edge, 1)} m" for edge in (band.distance_from_m, band.distance_to_m)),
            words.count(band.n_shots),
            words.number(band.pressure, 2),
        ]
        for band in bands
    ]
    return Picture(themed_svg(figure, "best-chances"), alt, head, cells)


def _canvas() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
    return figure, figure.subplots()


def _finish(axes: Axes, x: str, y: str, words: Language) -> None:
    style_axes(axes)
    for axis, most in ((axes.xaxis, 7), (axes.yaxis, 4)):
        axis.set_major_locator(MaxNLocator(most))
        axis.set_major_formatter(lambda value, _: words.number(value, decimals(value)))
    axes.set_xlabel(x, color=STAND_INS["mute"], fontsize=11)
    axes.set_ylabel(y, color=STAND_INS["mute"], fontsize=11)


def _refuse_nothing(rows: Sequence[object]) -> None:
    if not rows:
        raise ValueError("these data hold nothing to draw")
