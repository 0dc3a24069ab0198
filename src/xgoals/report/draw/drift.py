"""A series of drift as a picture: a mark a matchday, the range of chance behind it, alarms marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from xgoals.analysis.drift.told import PointRow, Series
from xgoals.language import Language
from xgoals.report.draw.figures import STAND_INS, Picture, canvas, themed_svg

MOST_POINTS = 80
"""The latest points that are drawn."""
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """What of a series is drawn, and how its numbers are written.

    Attributes
    ----------
    of
        A point's value, lower and upper bound, and the window's value.
    limit
        A line that is a limit by itself.
    unit
        What stands beside the axis.
    """

    of: Callable[[PointRow], tuple[float | None, float | None, float | None, float | None]]
    number: Callable[[float | None], str]
    unit: str
    limit: float | None = None


def series_picture(series: Series, line: Line, name: str, alt: str, words: Language) -> Picture:
    """Draw a series.

    Parameters
    ----------
    name
        Unique among the page's pictures.
    alt
        What it shows, in words.
    """
    points = series.points[-MOST_POINTS:]
    figure, axes = canvas(400, 200)
    _band(axes, points, line)
    _marks(axes, points, line)
    if line.limit is not None:
        axes.axhline(line.limit, color=STAND_INS["down"], linewidth=1.2, linestyle=(0, (6, 3)))
    n_learned = sum(point.is_learned for point in points)
    if 0 < n_learned < len(points):
        axes.axvline(n_learned - 0.5, color=STAND_INS["mute"], linewidth=1, linestyle=(0, (2, 2)))
    axes.set_xlim(-0.7, len(points) - 0.3)
    at = _ticks(len(points))
    axes.set_xticks(at, [point_name(points[n], words) for n in at])
    axes.yaxis.set_major_formatter(lambda value, _: line.number(value))
    if points[-1].matchday is not None:
        axes.set_xlabel(words.text("matchday"), color=STAND_INS["mute"], fontsize=11)
    axes.set_ylabel(line.unit, color=STAND_INS["mute"], fontsize=11)
    axes.grid(visible=False, axis="x")
    return Picture(themed_svg(figure, name), alt, *_table(points, line, words))


def point_name(point: PointRow, words: Language) -> str:
    """The number of its (last) matchday; of a competition without numbers the year."""
    return str(point.matchday) if point.matchday is not None else f"{point.last_date:%Y}"


def _ticks(n: int) -> list[int]:
    step = max(1, -(-n // _MOST_TICKS))
    return list(range(0, n, step))


def _band(axes: Axes, points: Sequence[PointRow], line: Line) -> None:
    bounds = [line.of(point) for point in points]
    known = [n for n, (_, low, high, _) in enumerate(bounds) if low is not None or high is not None]
    shown = [value for value, *_ in bounds if value is not None]
    floor, ceiling = min(shown, default=0.0), max(shown, default=1.0)
    for n in known:
        _, low, high, _ = bounds[n]
        bottom, top = (floor if low is None else low), (max(ceiling, 1.0) if high is None else high)
        axes.fill_between([n - 0.5, n + 0.5], bottom, top, color=STAND_INS["line"], linewidth=0, zorder=0)
    levels = [(n, level) for n, (*_, level) in enumerate(bounds) if level is not None]
    axes.plot([n for n, _ in levels], [v for _, v in levels], color=STAND_INS["mute"], linewidth=1, zorder=1)


def _marks(axes: Axes, points: Sequence[PointRow], line: Line) -> None:
    values = [(n, point, line.of(point)[0]) for n, point in enumerate(points)]
    learned = [(n, v) for n, point, v in values if point.is_learned and v is not None]
    later = [(n, v) for n, point, v in values if not point.is_learned and v is not None]
    off = [(n, v) for n, point, v in values if point.is_off and v is not None]
    hollow = {"markerfacecolor": "none", "markersize": 4.5, "markeredgecolor": STAND_INS["mute"]}
    axes.plot([n for n, _ in learned], [v for _, v in learned], "o", **hollow)  # type: ignore[arg-type]
    axes.plot(
        [n for n, _ in later],
        [v for _, v in later],
        "o-",
        markersize=4.5,
        linewidth=1,
        color=STAND_INS["ink"],
    )
    axes.plot([n for n, _ in off], [v for _, v in off], "D", markersize=7, color=STAND_INS["up"])


def _table(points: Sequence[PointRow], line: Line, words: Language) -> tuple[list[str], list[list[str]]]:
    head = [
        words.text("season"), words.text("matchday"), words.text("matches"), words.text("shots"),
        words.text("value"), words.text("by chance from"), words.text("to"), words.text("remark"),
    ]  # fmt: skip
    rows = []
    for point in points:
        value, low, high, _ = line.of(point)
        first = point.first_matchday
        matchday = point_name(point, words)
        if first is not None and point.matchday is not None and first != point.matchday:
            matchday = f"{first}–{point.matchday}"
        told = (
            words.text("alarm")
            if point.alarm_over
            else words.text("beyond chance")
            if point.is_beyond
            else ""
        )
        where = words.text("window") if point.is_learned else ""
        rows.append(
            [
                point.season, matchday, words.count(point.n_matches), words.count(point.n_shots), line.number(value),
                line.number(low), line.number(high), ", ".join(text for text in (told, where) if text) or "–",
            ]
        )  # fmt: skip
    return head, rows
