"""Pictures that matplotlib draws, in the colours of the page.

matplotlib writes fixed colours into its SVG. The drawing here uses stand-in colours, and
:func:`themed_svg` replaces them by the page's variables: one picture for light, dark and print. Text stays text
(selectable, in the page's font). Figures are drawn about as wide as a telephone, so that nothing shrinks there;
wide screens put them side by side.
"""

import io
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # matplotlib takes half a second: pages without its pictures do without
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from xgoals.analysis.calibration import Calibration, ExpectedAndScored
    from xgoals.language import Language

log = logging.getLogger(__name__)

T = TypeVar("T")

STAND_INS = {
    "ink": "#010203",
    "mute": "#010204",
    "line": "#010205",
    "up": "#010206",
    "down": "#010207",
    "paper": "#010208",
}
"""Colours of the page by their variable's name, as matplotlib is told to draw them."""


@dataclass(frozen=True)
class Picture:
    """A picture and what it says to those who cannot see it.

    Attributes
    ----------
    svg
        Inline SVG with the page's colours.
    alt
        What the picture shows, in words.
    head, rows
        The table behind the picture: column titles, and cells ready to be shown.
    """

    svg: str
    alt: str
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Missing:
    """What stands in the place of a figure that could not be drawn."""

    name: str
    reason: str


def attempt(name: str, draw: Callable[[], T]) -> T | Missing:
    """Draw, or leave a note in the picture's place and a warning in the log: a report is never lost to a figure."""
    try:
        return draw()
    except Exception as error:  # any failure of a drawing must leave the other figures standing, visibly
        log.warning("the figure %r could not be drawn", name, exc_info=True)
        return Missing(name, f"{type(error).__name__}: {error}")


def themed_svg(figure: "Figure", name: str) -> str:
    """The figure as inline SVG: the page's colours and font, no ids that could meet another figure's."""
    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    for variable, colour in STAND_INS.items():
        svg = svg.replace(colour, f"var(--{variable})")
    # a style element would hold for the whole page, and the page's policy lets in no other than its own
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(
        r' id="(?:figure|axes|patch|matplotlib|xtick|ytick|text|line2d|LineCollection|PathCollection)[^"]*"',
        "",
        svg,
    )
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", svg)
    opening, rest = svg.split(">", 1)
    opening = re.sub(r' (?:height|width)="[^"]*pt"', "", opening)
    return f'{opening} stroke-linejoin="round" aria-hidden="true">{rest}'


def canvas(width_px: int = 400, height_px: int = 340) -> "tuple[Figure, Axes]":
    """An empty figure in the page's style; one matplotlib point is one CSS pixel."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_px / 72, height_px / 72), layout="constrained")
    axes = figure.add_subplot()
    style_axes(axes)
    return figure, axes


def style_axes(axes: "Axes") -> None:
    """The page's look: a quiet grid, no frame, muted numbers."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_color(STAND_INS["line"])
    axes.tick_params(colors=STAND_INS["mute"], labelsize=11, length=0, pad=6)
    axes.grid(color=STAND_INS["line"], linewidth=0.8)
    axes.set_axisbelow(True)


_CALIBRATION_TICKS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)


def calibration_picture(found: "Calibration", words: "Language") -> Picture:
    """Expected against scored, band by band, on square-root axes: most shots have less than 0.1 xG."""
    from matplotlib.ticker import FixedLocator

    bands, provider = found.model, found.provider or ()
    top = max(edge for band in (*bands, *provider) for edge in (band.expected, band.scored.high)) * 1.05
    figure, axes = canvas()
    for set_scale in (axes.set_xscale, axes.set_yscale):
        set_scale("function", functions=(lambda v: abs(v) ** 0.5, lambda v: v**2))
    axes.set_xlim(0, top)
    axes.set_ylim(0, top)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator([tick for tick in _CALIBRATION_TICKS if tick <= top]))
        axis.set_major_formatter(lambda value, _: words.number(value, 2))
    axes.plot([0, top], [0, top], color=STAND_INS["mute"], linewidth=1, linestyle=(0, (4, 4)))
    if provider:
        x, y = [band.expected for band in provider], [band.scored.rate for band in provider]
        axes.plot(x, y, "D", markersize=5, markerfacecolor="none", markeredgecolor=STAND_INS["down"])
    x = [band.expected for band in bands]
    axes.vlines(
        x,
        [band.scored.low for band in bands],
        [band.scored.high for band in bands],
        color=STAND_INS["up"],
        linewidth=2,
    )
    axes.plot(x, [band.scored.rate for band in bands], "o", markersize=7, color=STAND_INS["up"])
    axes.set_xlabel(words.text("expected: mean xG of the band"), color=STAND_INS["mute"], fontsize=11)
    axes.set_ylabel(words.text("scored: goals per shot"), color=STAND_INS["mute"], fontsize=11)
    worst = max(bands, key=lambda band: abs(band.scored.rate - band.expected))
    alt = words.text(
        "Calibration in %(n)s bands: the widest gap is %(scored)s goals per shot where %(expected)s were expected.",
        n=len(bands),
        scored=words.number(worst.scored.rate),
        expected=words.number(worst.expected),
    )
    return Picture(themed_svg(figure, "calibration"), alt, *_calibration_table(bands, words))


def _calibration_table(
    bands: "Sequence[ExpectedAndScored]", words: "Language"
) -> tuple[list[str], list[list[str]]]:
    titles = ("xG from", "to", "shots", "expected", "scored", "95 % from", "95 % to")
    rows = [
        [
            *(words.number(edge, 3) for edge in (band.xg_from, band.xg_to)),
            words.count(band.scored.n_shots),
            *(
                words.number(rate, 3)
                for rate in (band.expected, band.scored.rate, band.scored.low, band.scored.high)
            ),
        ]
        for band in bands
    ]
    return [words.text(title) for title in titles], rows
