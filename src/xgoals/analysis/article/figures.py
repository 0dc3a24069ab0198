"""The numbers behind the figures of the article that the model report does not draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from xgoals.analysis.article.evidence import Evidence
from xgoals.analysis.dependence import bands
from xgoals.analysis.goal_rate import GoalRate, goal_rate_of
from xgoals.analysis.shots import BoolArray, FloatArray, floats

BEST_CHANCE_XG = 0.3
CLOSE_M = 6.0
WIDE_DEG = 45
_MIN_SHOTS = 10


@dataclass(frozen=True)
class AngleStep:
    """Shots between two angles; ``rates``: by side, None for fewer than ten shots."""

    angle_from_deg: float
    angle_to_deg: float
    rates: Mapping[str, GoalRate | None]


@dataclass(frozen=True)
class RatesByAngle:
    """Goal rates of two kinds of shots at equal angles.

    ``sides``: their names; both empty where one of them does not occur. ``median_speed_kmh``: where shooters are
    told apart by it.
    """

    sides: tuple[str, ...] = ()
    steps: tuple[AngleStep, ...] = ()
    median_speed_kmh: float | None = None


@dataclass(frozen=True)
class DistanceStep:
    """Goals between two distances: how many, and the share of them with an angle above :data:`WIDE_DEG`."""

    distance_from_m: float
    distance_to_m: float
    n_goals: int
    wide_share: float


@dataclass(frozen=True, eq=False)
class CloseGoals:
    """Distance and angle of every goal, shape (goals,), and the same in steps of distance."""

    distance_m: FloatArray
    angle_deg: FloatArray
    steps: tuple[DistanceStep, ...]


@dataclass(frozen=True)
class HeadedStep:
    """Headed shots and headed goals between two angles."""

    angle_from_deg: int
    angle_to_deg: int
    n_shots: int
    n_goals: int


@dataclass(frozen=True, eq=False)
class PressureValues:
    """Attributions of a pressure feature, shape (shots,), and quantiles of them by per cent."""

    name: str
    push: FloatArray
    quantiles: Mapping[int, float]


@dataclass(frozen=True)
class PressureBand:
    """Best chances of about equal distance: mean and limits of the distance, how many, and their mean pressure."""

    distance_m: float
    distance_from_m: float
    distance_to_m: float
    n_shots: int
    pressure: float


@dataclass(frozen=True, eq=False)
class BestChances:
    """Distance and pressure of every best chance, shape (chances,), and the same in bands; none for fewer than ten."""

    distance_m: FloatArray
    pressure: FloatArray
    bands: tuple[PressureBand, ...]


def rates_by_angle(
    e: Evidence, sides: Mapping[str, BoolArray], edges_deg: Sequence[float]
) -> tuple[AngleStep, ...]:
    """How often shots of each side go in, at equal angles.

    Parameters
    ----------
    e
        The shots.
    sides
        Name -> which shots, shape (shots,).
    edges_deg
        Limits of the steps of angle.
    """
    angle = e.value("AngleToGoal")
    steps = []
    for low, high in pairwise(edges_deg):
        step = (angle >= low) & (angle < high)
        rates = {name: _rate(e.goal[step & mask]) for name, mask in sides.items()}
        steps.append(AngleStep(low, high, rates))
    return tuple(steps)


def _rate(goal: BoolArray) -> GoalRate | None:
    return goal_rate_of(goal) if len(goal) >= _MIN_SHOTS else None


def headers_and_feet(e: Evidence) -> RatesByAngle:
    """Goal rates of headers and feet by angle; nothing without either."""
    header = e.value("Header")
    sides = {"foot": header == -1, "header": header == 1}
    if not all(mask.any() for mask in sides.values()):
        return RatesByAngle()
    return RatesByAngle(tuple(sides), rates_by_angle(e, sides, [float(edge) for edge in range(10, 80, 5)]))


def slow_and_fast(e: Evidence) -> RatesByAngle:
    """Goal rates of the slower and the faster half of shooters by angle; nothing without speeds."""
    speed = e.value("PlayerSpeed")
    known = speed[~np.isnan(speed)]
    if len(known) == 0:
        return RatesByAngle()
    middle = float(np.median(known))
    sides = {"slow": speed <= middle, "fast": speed > middle}
    steps = rates_by_angle(e, sides, [10.0, 20.0, 30.0, 45.0, 60.0, 90.0])
    return RatesByAngle(tuple(sides), steps, middle)


def close_goals(e: Evidence) -> CloseGoals:
    """Angles of goals by distance; steps without a goal are left out."""
    distance, angle = e.value("DistanceToGoal")[e.goal], e.value("AngleToGoal")[e.goal]
    steps = []
    for low, high in pairwise([0.0, 3.0, CLOSE_M, 9.0, 12.0, 16.0, 20.0, 30.0]):
        step = (distance >= low) & (distance < high)
        if n := int(step.sum()):
            steps.append(DistanceStep(low, high, n, float((angle[step] > WIDE_DEG).mean())))
    return CloseGoals(distance, angle, tuple(steps))


def headed_goals(e: Evidence) -> list[HeadedStep]:
    """Headed shots and goals by angle in steps of five degrees."""
    header, angle = e.value("Header") == 1, e.value("AngleToGoal")
    steps = []
    for low in range(0, 100, 5):
        step = header & (angle >= low) & (angle < low + 5)
        steps.append(HeadedStep(low, low + 5, int(step.sum()), int((step & e.goal).sum())))
    return steps


def pressure_values(e: Evidence) -> list[PressureValues]:
    """The values of the pressure features that the model uses, with quantiles of 5, 25, 50, 75 and 95 %."""
    found = []
    for name in ("PressureSum", "PressureMax"):
        if e.used(name):
            push = floats(e.shots[f"shap_{name}"])
            found.append(
                PressureValues(name, push, {q: float(np.percentile(push, q)) for q in (5, 25, 50, 75, 95)})
            )
    return found


def best_chances(e: Evidence) -> BestChances:
    """Distance and pressure of the chances of 0.3 xG and more."""
    distance, pressure = e.value("DistanceToGoal"), e.value("PressureSum")
    best = (e.xg >= BEST_CHANCE_XG) & ~np.isnan(distance + pressure)
    x, y = distance[best], pressure[best]
    return BestChances(x, y, _pressure_bands(x, y) if len(x) >= _MIN_SHOTS else ())


def _pressure_bands(distance: FloatArray, pressure: FloatArray) -> tuple[PressureBand, ...]:
    return tuple(
        PressureBand(
            distance_m=float(distance[part].mean()),
            distance_from_m=float(distance[part].min()),
            distance_to_m=float(distance[part].max()),
            n_shots=len(part),
            pressure=float(pressure[part].mean()),
        )
        for part in bands(distance, 8)
    )
