"""The article's figures that the model report does not have, redrawn in the page's style."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from xgoals.language import Language
from xgoals.report.figures import STAND_INS, Picture, style_axes, themed_svg
from xgoals.report.figures_dependence import decimals
from xgoals.report.raster import points
from xgoals.report.shot_frame import Facts

_WIDTH, _HEIGHT = 380 / 72, 250 / 72


def rates_picture(name: str, facts: Facts, titles: dict[str, str], words: Language) -> Picture:
    """Goals a shot of two kinds of shots by angle; round and solid the first, hollow and dashed the second.

    Parameters
    ----------
    name
        Of the picture.
    facts
        Of :func:`xgoals.report.summarise_article.rates_by_angle`.
    titles
        Side -> how it is called.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    _refuse_nothing(facts["rows"])
    figure, axes = _canvas()
    styles = (("up", "solid", STAND_INS["up"]), ("down", (0, (4, 2)), STAND_INS["paper"]))
    for nudge, side, (colour, dashes, face) in zip((-0.35, 0.35), facts["sides"], styles, strict=True):
        known = [row for row in facts["rows"] if row[side] is not None]
        x = [(row["from"] + row["to"]) / 2 + nudge for row in known]
        ink = STAND_INS[colour]
        axes.vlines(
            x, [r[side]["low"] for r in known], [r[side]["high"] for r in known], color=ink, linewidth=1.5
        )
        rates = [r[side]["rate"] for r in known]
        axes.plot(
            x, rates, "o", linestyle=dashes, color=ink, markerfacecolor=face, markersize=5, linewidth=1.6
        )
    axes.set_ylim(bottom=0)
    _finish(axes, f"{words.text('angle to goal')}, °", words.text("goals a shot"), words)
    both = [row for row in facts["rows"] if all(row[side] is not None for side in facts["sides"])]
    first, second = facts["sides"]
    lower = sum(row[second]["rate"] < row[first]["rate"] for row in both)
    alt = words.text(
        "Goals a shot by angle: %(second)s below %(first)s in %(lower)s of %(n)s steps of angle.",
        first=titles[first],
        second=titles[second],
        lower=words.count(lower),
        n=words.count(len(both)),
    )
    head = [words.text("from"), words.text("to")]
    for side in facts["sides"]:
        head += [f"{titles[side]}: {words.text(title)}" for title in ("shots", "goals a shot")]
    rows = [
        [f"{row[key]:.0f}°" for key in ("from", "to")]
        + [
            cell
            for side in facts["sides"]
            for cell in (
                ("–", "–")
                if row[side] is None
                else (words.count(row[side]["n"]), words.number(row[side]["rate"], 3))
            )
        ]
        for row in facts["rows"]
    ]
    return Picture(themed_svg(figure, name), alt, head, rows)


def close_goals_picture(facts: Facts, words: Language) -> Picture:
    """Every goal by distance and angle, with the limits of the claim: 6 m and 45 degrees."""
    _refuse_nothing(facts["rows"])
    figure, axes = _canvas()
    points(axes, facts["distance"], facts["angle"], None, (0.0, 30.0, 0.0, 180.0))
    axes.axhline(45, color=STAND_INS["mute"], linewidth=1, linestyle=(0, (4, 3)))
    axes.axvline(6, color=STAND_INS["mute"], linewidth=1, linestyle=(0, (4, 3)))
    axes.set_xlim(0, 30)
    axes.set_ylim(0, 180)
    _finish(axes, f"{words.text('distance to goal')}, m", f"{words.text('angle to goal')}, °", words)
    axes.yaxis.set_major_locator(MaxNLocator(steps=[4.5, 9, 10]))
    axes.set_yticks([0, 45, 90, 135, 180])
    alt = words.text(
        "Goals by distance and angle, lines at 6 m and 45°: the nearer, the wider the angle; of %(n)s.",
        n=words.plural("one goal", "%(n)s goals", len(facts["distance"])),
    )
    head = [words.text(title) for title in ("from", "to", "goals", "share above 45°")]
    rows = [
        [f"{row['from']:.0f} m", f"{row['to']:.0f} m", words.count(row["n"]), words.share(row["share"])]
        for row in facts["rows"]
    ]
    return Picture(themed_svg(figure, "close-goals"), alt, head, rows)


def headed_goals_picture(rows: list[Facts], words: Language) -> Picture:
    """Headed goals by angle, those from below 25 degrees in the other colour."""
    total = sum(row["goals"] for row in rows)
    _refuse_nothing([row for row in rows if row["goals"]])
    figure, axes = _canvas()
    narrow = [row["from"] < 25 for row in rows]
    axes.bar(
        [row["from"] + 2.5 for row in rows],
        [row["goals"] for row in rows],
        width=4.4,
        color=[STAND_INS["down"] if low else STAND_INS["up"] for low in narrow],
    )
    axes.axvline(25, color=STAND_INS["mute"], linewidth=1, linestyle=(0, (4, 3)))
    _finish(axes, f"{words.text('angle to goal')}, °", words.text("headed goals"), words)
    below = sum(row["goals"] for row, low in zip(rows, narrow, strict=True) if low)
    alt = words.text(
        "Headed goals by angle: %(below)s of %(total)s from below 25°.",
        below=words.count(below),
        total=words.count(total),
    )
    head = [words.text(title) for title in ("from", "to", "headers", "headed goals")]
    cells = [[f"{r['from']}°", f"{r['to']}°", words.count(r["n"]), words.count(r["goals"])] for r in rows]
    return Picture(themed_svg(figure, "headed-goals"), alt, head, cells)


def pressure_values_picture(
    facts: list[Facts], titles: dict[str, str], unit: str, words: Language
) -> Picture:
    """How the values of the pressure features are spread around zero."""
    _refuse_nothing(facts)
    figure = Figure(figsize=(_WIDTH, (60 + 110 * len(facts)) / 72), layout="constrained")
    reach = max(abs(edge) for row in facts for edge in np.percentile(row["push"], [0.5, 99.5])) or 1.0
    for axes, row in zip(np.atleast_1d(figure.subplots(len(facts), 1, sharex=True)), facts, strict=True):
        counts, edges = np.histogram(row["push"], bins=61, range=(-reach, reach))
        axes.stairs(counts / len(row["push"]), edges, fill=True, color=STAND_INS["mute"], alpha=0.7)
        axes.axvline(0, color=STAND_INS["ink"], linewidth=0.8)
        _finish(axes, "", words.text("share of shots"), words)
        axes.set_title(titles[row["name"]], color=STAND_INS["mute"], fontsize=11, loc="left")
    axes.set_xlabel(words.text("value in %(unit)s", unit=unit), color=STAND_INS["mute"], fontsize=11)
    said = [
        words.text(
            "Half of the values of %(label)s lie between %(low)s and %(high)s %(unit)s.",
            label=titles[row["name"]],
            low=words.number(row["q25"], 3, signed=True),
            high=words.number(row["q75"], 3, signed=True),
            unit=unit,
        )
        for row in facts
    ]
    quantiles = (5, 25, 50, 75, 95)
    head = [words.text("Feature"), *(f"{q} %" for q in quantiles)]
    cells = [
        [titles[row["name"]], *(words.number(row[f"q{q}"], 3, signed=True) for q in quantiles)]
        for row in facts
    ]
    return Picture(themed_svg(figure, "pressure-values"), " ".join(said), head, cells)


def best_chances_picture(facts: Facts, words: Language) -> Picture:
    """Distance and pressure of the best chances, the mean pressure as a line."""
    _refuse_nothing(facts["rows"])
    figure, axes = _canvas()
    x, y = facts["distance"], facts["pressure"]
    extent = (0.0, float(x.max()) * 1.02, -0.04 * float(y.max() or 1), float(y.max() or 1) * 1.04)
    points(axes, x, y, None, extent)
    rows = facts["rows"]
    axes.plot([r["value"] for r in rows], [r["mean"] for r in rows], color=STAND_INS["ink"], linewidth=1.8)
    _finish(axes, f"{words.text('distance to goal')}, m", words.text("pressure on the shooter"), words)
    alt = words.text(
        "Pressure on the shooter among the best chances: mean %(a)s at %(near)s m, %(b)s at %(far)s m.",
        a=words.number(rows[0]["mean"], 2),
        near=words.number(rows[0]["value"], 0),
        b=words.number(rows[-1]["mean"], 2),
        far=words.number(rows[-1]["value"], 0),
    )
    head = [words.text(title) for title in ("from", "to", "shots", "mean pressure")]
    cells = [
        [
            *(f"{words.number(row[key], 1)} m" for key in ("from", "to")),
            words.count(row["n"]),
            words.number(row["mean"], 2),
        ]
        for row in rows
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


def _refuse_nothing(rows: list[Facts]) -> None:
    if not rows:
        raise ValueError("these data hold nothing to draw")
