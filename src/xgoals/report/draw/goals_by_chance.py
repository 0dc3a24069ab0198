"""How many goals chance gives, as bars, and the goals that were scored among them."""

from collections.abc import Sequence
from dataclasses import dataclass

_LEAST = 0.001
"""Counts of goals that are rarer than this are not drawn, unless they were scored."""
_HEIGHT, _GAP = 100.0, 0.12


@dataclass(frozen=True, slots=True)
class GoalsBar:
    """A bar in units of the drawing: ``x, y, width, height``; whether it was scored, or is within 95 %."""

    goals: int
    share: float
    x: float
    y: float
    width: float
    height: float
    is_scored: bool
    is_likely: bool


@dataclass(frozen=True, slots=True)
class GoalsBars:
    """The bars of a drawing ``width`` wide and ``height`` high, and which counts stand below them."""

    bars: tuple[GoalsBar, ...]
    width: float
    height: float

    @property
    def labelled(self) -> tuple[GoalsBar, ...]:
        """The bars that bear their count: at most a dozen, and the one that was scored."""
        step = 1 + (len(self.bars) - 1) // 12
        return tuple(bar for bar in self.bars if bar.goals % step == 0 and not bar.is_scored)


def goals_bars(
    distribution: Sequence[float], goals: int, fewest: int, most: int, width: float = 360.0
) -> GoalsBars:
    """Bars for the counts that are likely at all, and for the one that was scored.

    Parameters
    ----------
    distribution
        Probability of 0, 1, ... goals.
    goals
        How many were scored.
    fewest, most
        The 95 % interval.
    """
    shown = [n for n, share in enumerate(distribution) if share >= _LEAST] + [goals]
    counts = range(min(shown), max(shown) + 1)
    shares = [distribution[n] if n < len(distribution) else 0.0 for n in counts]
    top, each = max(*shares, _LEAST), width / len(counts)
    bars = tuple(
        GoalsBar(
            goals=n,
            share=share,
            x=each * (i + _GAP / 2),
            y=_HEIGHT * (1 - share / top),
            width=each * (1 - _GAP),
            height=_HEIGHT * share / top,
            is_scored=n == goals,
            is_likely=fewest <= n <= most,
        )
        for i, (n, share) in enumerate(zip(counts, shares, strict=True))
    )
    return GoalsBars(bars, width, _HEIGHT)
