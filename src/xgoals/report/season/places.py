"""Numbers of a season as places of bars, marks and lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from xgoals.analysis.season.trends import TrendPoint


@dataclass(frozen=True, slots=True)
class Span:
    """An interval and a mark on a line, in per cent of its width."""

    left_pct: float
    width_pct: float
    mark_pct: float
    second_pct: float


def span(low: float, high: float, mark: float, second: float, *, start: float, end: float) -> Span:
    """Place an interval from ``low`` to ``high`` and two marks on a line that runs from ``start`` to ``end``."""
    width = (end - start) or 1.0

    def place(value: float) -> float:
        return min(100.0, max(0.0, 100 * (value - start) / width))

    return Span(place(low), place(high) - place(low), place(mark), place(second))


WIDTH, HEIGHT = 220.0, 74.0
"""Units of the drawing of a trend."""
_TOP = 6.0


@dataclass(frozen=True, slots=True)
class TrendLines:
    """A club's trend as the points of two lines, and heights of the grid with their xG."""

    of_chances: str
    of_chances_faced: str
    grid: tuple[tuple[int, float], ...]


def trend_lines(points: Sequence[TrendPoint], highest: float) -> TrendLines:
    """Draw a trend; all of a page share one scale, from 0 to ``highest``."""
    step = WIDTH / max(1, len(points) - 1)
    top = max(highest, 1.0)

    def y(xg: float) -> float:
        return HEIGHT - (HEIGHT - _TOP) * min(xg, top) / top

    def line(values: Sequence[float]) -> str:
        places = [(n * step, y(value)) for n, value in enumerate(values)]
        if len(places) == 1:
            places.append((WIDTH, places[0][1]))
        return " ".join(f"{x:.1f},{height:.1f}" for x, height in places)

    return TrendLines(
        line([point.mean_for for point in points]),
        line([point.mean_against for point in points]),
        tuple((xg, round(y(xg), 1)) for xg in range(1, int(top) + 1)),
    )
