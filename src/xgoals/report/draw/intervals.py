"""Dots with their intervals on one axis, beside the band of what does not matter, as percentages of its width."""

from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
_MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a value and its interval stand, in per cent from the left."""

    at: float
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Band:
    """The axis: where 0 stands, where the band lies, and ``(value, place)`` of its ticks."""

    zero: float
    left: float
    width: float
    ticks: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis that holds all intervals, 0 and the band.

    Attributes
    ----------
    low, high
        Its ends.
    """

    low: float
    high: float

    @classmethod
    def of(cls, intervals: Sequence[tuple[float, float]], margin: float) -> "Axis":
        """The axis of these intervals and a band of ``margin`` on either side of 0."""
        ends = [end for pair in intervals for end in pair]
        low, high = min([-1.25 * margin, *ends]), max([1.25 * margin, *ends])
        room = 0.03 * (high - low)
        return cls(low - room, high + room)

    def place(self, value: float) -> float:
        """Where a value stands, in per cent from the left."""
        return 100 * (value - self.low) / (self.high - self.low)

    def dot(self, value: float, low: float, high: float) -> Dot:
        """A value and its interval."""
        return Dot(self.place(value), self.place(low), self.place(high) - self.place(low))

    def band(self, margin: float) -> Band:
        """The axis itself; ticks at round values."""
        step = next((s for s in _STEPS if (self.high - self.low) / s <= _MOST_TICKS), _STEPS[-1])
        first, last = int(-(-self.low // step)), int(self.high // step)
        ticks = tuple((n * step, self.place(n * step)) for n in range(first, last + 1))
        left = self.place(-margin)
        return Band(self.place(0.0), left, self.place(margin) - left, ticks)
