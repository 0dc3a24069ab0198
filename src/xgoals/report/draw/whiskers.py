"""Differences with their intervals, side by side on one axis, as percentages of its width."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan


@dataclass(frozen=True, slots=True)
class Whisker:
    """Where a value and its interval stand, in per cent from the left; ``width`` is 0 where there is no interval."""

    at: float
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Whiskers:
    """Whiskers on one axis; ``zero`` is where 0 stands."""

    rows: tuple[Whisker, ...]
    zero: float


def whiskers(values: Sequence[float], intervals: Sequence[tuple[float, float]]) -> Whiskers:
    """Place values, also none, with their intervals (NaN, NaN: none) on an axis that holds all of them and 0."""
    ends = [end for pair in intervals for end in pair if not isnan(end)]
    low, high = min([0.0, *values, *ends]), max([0.0, *values, *ends])
    room = 0.04 * (high - low) or 1.0
    low, high = low - room, high + room

    def at(value: float) -> float:
        return 100 * (value - low) / (high - low)

    rows = tuple(
        Whisker(
            at(value), at(value if isnan(first) else first), 0.0 if isnan(first) else at(last) - at(first)
        )
        for value, (first, last) in zip(values, intervals, strict=True)
    )
    return Whiskers(rows, at(0.0))
