"""The numbers behind the figures of the article that the model report does not draw."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from xgoals.features.catalogue import ARTICLE_17
from xgoals.model.resampling import wilson_interval
from xgoals.report.claims import Evidence
from xgoals.report.shot_frame import Facts, FloatArray, Model, floats
from xgoals.report.summarise_dependence import bands

ORIGINAL_BASELINE: Mapping[str, float] = {
    "Header": -1,
    "GoalkeeperCoverage": 61.91,
    "AngleToGoal": 25.88,
    "DistanceToGoal": 16.80,
    "DistanceToGoalClosest": 15.52,
    "GoalDistanceGoalkeeper": 3.41,
    "GoalDistanceGoalkeeperClosest": 2.63,
    "FootShot": 1,
    "FreeKick": -1,
    "Penalty": 1,
    "AmountOfDefenders": 2,
    "TakerBallControl": 3,
    "TakerSetup": 2,
    "ExtendedTypeOfShot": 0,
    "PlayerSpeed": 12.50,
    "PressureMax": 0.46,
    "PressureSum": 0.68,
}
"""The row against which the article explains, as it is printed there; its categories are codes of its own."""

ORIGINAL_BASE_VALUE = 0.0871
"""What the article calls the average xGoals value."""

BEST_CHANCE_XG = 0.3
CLOSE_M = 6.0
_MIN_SHOTS = 10


def baseline_rows(model: Model) -> list[Facts]:
    """The article's features with its baseline and ours, then those that only this model has.

    Returns
    -------
    list of dict
        ``feature`` (the model's definition, or the article's where the model lacks it), ``original``: the article's
        number or None, ``own``: this model's or None, ``in_model``, ``is_code``: whether the article's number is
        a code of its own that says nothing here.
    """
    by_name = {feature["name"]: feature for feature in model["features"]}
    rows = []
    for feature in ARTICLE_17.features:
        known = by_name.get(feature.name) or {
            **{key: getattr(feature, key) for key in ("name", "label", "unit", "kind", "categories")},
        }
        rows.append(
            {
                "feature": known,
                "original": ORIGINAL_BASELINE[feature.name],
                "own": model["baseline"].get(feature.name),
                "in_model": feature.name in by_name,
                "is_code": feature.kind == "category",
            }
        )
    for name, feature in by_name.items():
        if name not in ORIGINAL_BASELINE:
            own = model["baseline"].get(name)
            rows.append(
                {"feature": feature, "original": None, "own": own, "in_model": True, "is_code": False}
            )
    return rows


def catalogue_difference(model: Model) -> Facts:
    """Labels of the article's features that the model lacks (``absent``), and of its own (``own``)."""
    names = {feature["name"] for feature in model["features"]}
    return {
        "absent": [feature.label for feature in ARTICLE_17.features if feature.name not in names],
        "own": [
            feature["label"] for feature in model["features"] if feature["name"] not in ORIGINAL_BASELINE
        ],
    }


def rates_by_angle(e: Evidence, sides: Mapping[str, npt.NDArray[np.bool_]], edges: list[float]) -> Facts:
    """How often shots of each side go in, at equal angles.

    Parameters
    ----------
    e
        The shots.
    sides
        Name -> which shots, shape (shots,).
    edges
        Limits of the steps of angle, degrees.

    Returns
    -------
    dict
        ``sides``: the names; ``rows``: ``from, to`` and for each side ``{n, goals, rate, low, high}``, None for fewer
        than ten shots.
    """
    angle = e.value("AngleToGoal")
    rows = []
    for low, high in pairwise(edges):
        step = (angle >= low) & (angle < high)
        row: Facts = {"from": low, "to": high}
        for name, mask in sides.items():
            row[name] = _rate(e.goal[step & mask])
        rows.append(row)
    return {"sides": list(sides), "rows": rows}


def _rate(goal: npt.NDArray[np.bool_]) -> Facts | None:
    n, goals = len(goal), int(goal.sum())
    if n < _MIN_SHOTS:
        return None
    low, high = wilson_interval(goals, n)
    return {"n": n, "goals": goals, "rate": goals / n, "low": low, "high": high}


def headers_and_feet(e: Evidence) -> Facts:
    """Goal rates of headers and feet by angle; ``rows`` empty without either."""
    header = e.value("Header")
    sides = {"foot": header == -1, "header": header == 1}
    steps = [float(edge) for edge in range(10, 80, 5)]
    return rates_by_angle(e, sides, steps) if all(mask.any() for mask in sides.values()) else _nothing()


def slow_and_fast(e: Evidence) -> Facts:
    """Goal rates of the slower and the faster half of shooters by angle; ``rows`` empty without speeds."""
    speed = e.value("PlayerSpeed")
    known = speed[~np.isnan(speed)]
    if len(known) == 0:
        return _nothing()
    middle = float(np.median(known))
    steps = [10.0, 20.0, 30.0, 45.0, 60.0, 90.0]
    return {**rates_by_angle(e, {"slow": speed <= middle, "fast": speed > middle}, steps), "middle": middle}


def _nothing() -> Facts:
    return {"sides": [], "rows": []}


def close_goals(e: Evidence) -> Facts:
    """Angles of goals by distance.

    Returns
    -------
    dict
        ``distance, angle`` of every goal (arrays), ``rows``: ``from, to`` (m), ``n`` goals, ``share`` with more than
        45 degrees.
    """
    distance, angle = e.value("DistanceToGoal")[e.goal], e.value("AngleToGoal")[e.goal]
    rows = []
    for low, high in pairwise([0.0, 3.0, CLOSE_M, 9.0, 12.0, 16.0, 20.0, 30.0]):
        step = (distance >= low) & (distance < high)
        if n := int(step.sum()):
            rows.append({"from": low, "to": high, "n": n, "share": float((angle[step] > 45).mean())})
    return {"distance": distance, "angle": angle, "rows": rows}


def headed_goals(e: Evidence) -> list[Facts]:
    """Headed shots and goals by angle in steps of five degrees: ``from, to, n, goals``."""
    header, angle = e.value("Header") == 1, e.value("AngleToGoal")
    rows = []
    for low in range(0, 100, 5):
        step = header & (angle >= low) & (angle < low + 5)
        rows.append({"from": low, "to": low + 5, "n": int(step.sum()), "goals": int((step & e.goal).sum())})
    return rows


def pressure_values(e: Evidence) -> list[Facts]:
    """The values of the pressure features that the model uses: ``name, push`` and some quantiles ``q5 ... q95``."""
    found = []
    for name in ("PressureSum", "PressureMax"):
        if e.used(name):
            push = floats(e.cut[f"shap_{name}"])
            quantiles = {f"q{q}": float(np.percentile(push, q)) for q in (5, 25, 50, 75, 95)}
            found.append({"name": name, "push": push, **quantiles})
    return found


def best_chances(e: Evidence) -> Facts:
    """Distance and pressure of the chances of 0.3 xG and more: ``distance, pressure`` (arrays) and ``rows``."""
    distance, pressure = e.value("DistanceToGoal"), e.value("PressureSum")
    best = (e.xg >= BEST_CHANCE_XG) & ~np.isnan(distance + pressure)
    x, y = distance[best], pressure[best]
    return {"distance": x, "pressure": y, "rows": _means(x, y) if len(x) >= _MIN_SHOTS else []}


def _means(x: FloatArray, y: FloatArray) -> list[Facts]:
    return [
        {
            "from": float(x[part].min()),
            "to": float(x[part].max()),
            "value": float(x[part].mean()),
            "n": len(part),
            "mean": float(y[part].mean()),
        }
        for part in bands(x, 8)
    ]
