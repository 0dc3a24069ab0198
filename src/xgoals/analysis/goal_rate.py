"""Goals a shot, and how sure that is: the one place where pages and claims count goals."""

from dataclasses import dataclass

from xgoals.analysis.shots import BoolArray, FloatArray
from xgoals.model.resampling import wilson_interval


@dataclass(frozen=True)
class GoalRate:
    """How often some shots went in.

    Attributes
    ----------
    n_shots, n_goals
        Counts.
    rate
        Goals a shot.
    low, high
        Its 95 % interval by Wilson (1927), see :func:`xgoals.model.resampling.wilson_interval`.
    """

    n_shots: int
    n_goals: int
    rate: float
    low: float
    high: float


def goal_rate(n_goals: int, n_shots: int) -> GoalRate:
    """The goal rate of ``n_shots`` shots, at least one, of which ``n_goals`` went in."""
    low, high = wilson_interval(n_goals, n_shots)
    return GoalRate(n_shots, n_goals, n_goals / n_shots, low, high)


def goal_rate_of(is_goal: BoolArray | FloatArray) -> GoalRate:
    """The goal rate of shots by their outcomes (0 or 1), shape (n,), n at least 1."""
    return goal_rate(int(is_goal.sum()), len(is_goal))
