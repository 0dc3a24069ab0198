"""The statements of the article about its own model, each tested on this one.

A claim holds, fails, or there are not enough data to say; the figure that decides it stands beside the verdict.
All of it over shots without penalties. Where a statement leaves room ("hardly", "little"), the rule that decides
is the docstring of its test: pages print it beside the verdict.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from xgoals.analysis.agreement import rank_correlation
from xgoals.analysis.article.evidence import MIN_SHOTS, Evidence
from xgoals.analysis.dependence import bands
from xgoals.analysis.goal_rate import goal_rate, goal_rate_of
from xgoals.analysis.shots import BoolArray, floats

Numbers = Mapping[str, float | int | tuple[str, ...]]
"""What decides a claim; a tuple holds names of features."""


@dataclass(frozen=True)
class Finding:
    """``holds`` is None where the data do not suffice; ``numbers`` fill the claim's figure."""

    holds: bool | None = None
    numbers: Numbers = field(default_factory=dict)


def top_three(e: Evidence) -> Finding:
    """The set of the three most important features, in any order."""
    ranked = e.summary.importance.ranked
    wanted = ("AngleToGoal", "DistanceToGoal", "DistanceToGoalClosest")
    if len(ranked) < len(wanted) + 1 or not e.used(*wanted):
        return Finding()
    places = {name: ranked.index(name) + 1 for name in wanted}
    numbers = dict(zip(("angle", "distance", "closest"), places.values(), strict=True))
    return Finding(set(ranked[:3]) == set(wanted), {"names": tuple(ranked[:3]), **numbers})


def stable_over_seasons(e: Evidence) -> Finding:
    """Rank correlation of every season with all other shots at least 0.9."""
    least = e.summary.by_season.least_agreement
    return Finding() if least is None else Finding(least >= 0.9, {"least": least})


def stable_over_clubs(e: Evidence) -> Finding:
    """Rank correlation of every club with all other shots at least 0.9."""
    least = e.summary.by_club.least_agreement
    return Finding() if least is None else Finding(least >= 0.9, {"least": least})


def angle_turns_at_25(e: Evidence) -> Finding:
    """Mean value negative below 25 degrees and positive above."""
    angle = e.value("AngleToGoal")
    return _two_pushes(e, "AngleToGoal", angle < 25, angle >= 25, lambda low, high: low < 0 < high)


def far_is_far(e: Evidence) -> Finding:
    """From 20-25 m to 30-40 m the mean value falls by less than a tenth of its fall from 5-10 m to 20-25 m."""
    d = e.value("DistanceToGoal")
    masks = [(d >= 5) & (d < 10), (d >= 20) & (d < 25), (d >= 30) & (d < 40)]
    near, middle, far = (e.push("DistanceToGoal", mask) for mask in masks)
    if near is None or middle is None or far is None:
        return Finding()
    rates = [float(e.goal[mask].mean()) for mask in masks[1:]]
    return Finding(
        abs(middle - far) < 0.1 * abs(near - middle),
        {"near": near - middle, "far": middle - far, "rate20": rates[0], "rate30": rates[1]},
    )


def closest_is_monotone(e: Evidence) -> Finding:
    """Spearman's correlation of bands of the distance with their mean value at most -0.95."""
    row = next((r for r in e.summary.dependence if r.feature["name"] == "DistanceToGoalClosest"), None)
    if row is None or len(row.rows) < 5:
        return Finding()
    means = np.array([band.mean for band in row.rows])
    rho = rank_correlation(np.arange(len(means), dtype=float), means)
    return Finding() if rho is None else Finding(rho <= -0.95, {"rho": rho})


def header_and_free_kick(e: Evidence) -> Finding:
    """Mean value of a header negative, of a direct free kick positive."""
    header = e.push("Header", e.value("Header") == 1)
    free_kick = e.push("FreeKick", e.value("FreeKick") == 1)
    if header is None or free_kick is None:
        return Finding()
    return Finding(header < 0 < free_kick, {"header": header, "free_kick": free_kick})


def usual_says_nothing(e: Evidence) -> Finding:
    """Mean values of a shot with the foot and of no free kick below 0.005 xG (0.05 log-odds)."""
    foot = e.push("FootShot", e.value("FootShot") == 1)
    no_kick = e.push("FreeKick", e.value("FreeKick") == -1)
    if foot is None or no_kick is None:
        return Finding()
    return Finding(max(abs(foot), abs(no_kick)) < e.hardly, {"foot": foot, "no_kick": no_kick})


def close_goals_are_wide(e: Evidence) -> Finding:
    """At least 80 % of the goals from within 6 m have an angle above 45 degrees."""
    close = e.goal & (e.value("DistanceToGoal") < 6)
    if close.sum() < MIN_SHOTS:
        return Finding()
    share = float((e.value("AngleToGoal")[close] > 45).mean())
    return Finding(share >= 0.8, {"share": share})


def wide_angle_needs_few_defenders(e: Evidence) -> Finding:
    """Angles above 45 degrees: with three or more in the way less than a quarter of what they add with up to two."""
    wide, n = e.value("AngleToGoal") > 45, e.value("AmountOfDefenders")
    return _two_pushes(e, "AngleToGoal", wide & (n <= 2), wide & (n > 2), lambda few, many: many < few / 4)


def pressure_turns_closeness(e: Evidence) -> Finding:
    """Within 8 m: mean value of the distance positive in the least pressed quarter, negative in the most pressed."""
    close, pressure = e.value("DistanceToGoal") < 8, e.value("PressureSum")
    if (close & ~np.isnan(pressure)).sum() < MIN_SHOTS:
        return Finding()
    low, high = np.nanquantile(pressure[close], [0.25, 0.75])
    little, much = close & (pressure <= low), close & (pressure >= high)
    return _two_pushes(e, "DistanceToGoal", little, much, lambda a, b: b < 0 < a)


def header_at_equal_angle(e: Evidence) -> Finding:
    """25-75 degrees in steps of 5: headers score less than feet at the same angles, beyond chance."""
    angle, header = e.value("AngleToGoal"), e.value("Header") == 1
    expected, n, goals = 0.0, 0, 0
    for low in range(25, 75, 5):
        step = (angle >= low) & (angle < low + 5)
        feet, heads = step & ~header, step & header
        if feet.sum() == 0 or heads.sum() == 0:
            continue
        expected += float(e.goal[feet].mean()) * int(heads.sum())
        n, goals = n + int(heads.sum()), goals + int(e.goal[heads].sum())
    if n < MIN_SHOTS:
        return Finding()
    headed = goal_rate(goals, n)
    return Finding(headed.high < expected / n, {"header": headed.rate, "foot": expected / n})


def slow_is_less_likely(e: Evidence) -> Finding:
    """Above 25 degrees: goal rate of the slower half below that of the faster half, their intervals apart."""
    speed, wide = e.value("PlayerSpeed"), e.value("AngleToGoal") > 25
    known = wide & ~np.isnan(speed)
    if known.sum() < 2 * MIN_SHOTS:
        return Finding()
    middle = float(np.median(speed[known]))
    halves = known & (speed <= middle), known & (speed > middle)
    if min(half.sum() for half in halves) < MIN_SHOTS:
        return Finding()
    slow, fast = (goal_rate_of(e.goal[half]) for half in halves)
    return Finding(slow.high < fast.low, {"slow": slow.rate, "fast": fast.rate})


def pressure_clusters_at_zero(e: Evidence) -> Finding:
    """Half of the values of both pressures lie within 0.005 xG (0.05 log-odds) of zero."""
    shares = [
        float((np.abs(floats(e.shots[f"shap_{name}"])) < e.hardly).mean()) if e.used(name) else float("nan")
        for name in ("PressureSum", "PressureMax")
    ]
    numbers = {"sum": shares[0], "max": shares[1]}
    if np.isnan(shares).any():
        return Finding(None, {} if np.isnan(shares).all() else numbers)
    return Finding(min(shares) >= 0.5, numbers)


def pressure_value_hardly_follows_place(e: Evidence) -> Finding:
    """In no tenth of the shots by pressure does PressureSum's value differ between the nearest and the farthest third,
    or between the narrowest and the widest, by a quarter of what the pressure itself changes it by.
    """
    by_distance, by_angle = (_pull(e, name) for name in ("DistanceToGoal", "AngleToGoal"))
    if by_distance is None or by_angle is None:
        return Finding()
    return Finding(max(by_distance, by_angle) < 0.25, {"distance": by_distance, "angle": by_angle})


def _pull(e: Evidence, by: str) -> float | None:
    """The most that a feature changes PressureSum's value at equal pressure, as a share of what the pressure does."""
    pressure, other = e.value("PressureSum"), e.value(by)
    known = ~np.isnan(pressure + other)
    if known.sum() < 10 * MIN_SHOTS or not e.used("PressureSum"):
        return None
    pressure, other = pressure[known], other[known]
    push = floats(e.shots["shap_PressureSum"])[known]
    gaps, means = [], []
    for part in bands(pressure, 10):
        low, high = np.quantile(other[part], [1 / 3, 2 / 3])
        gaps.append(abs(push[part][other[part] <= low].mean() - push[part][other[part] >= high].mean()))
        means.append(push[part].mean())
    span = float(max(means) - min(means))
    return float(max(gaps)) / span if span > 0 else None


def pressed_wide_angle_loses(e: Evidence) -> Finding:
    """Among the more pressed half, Spearman's correlation of the angle with PressureSum's value below -0.1."""
    pressure = e.value("PressureSum")
    if np.isnan(pressure).all():
        return Finding()
    rho = _rho(e, "AngleToGoal", "PressureSum", pressure > np.nanmedian(pressure))
    return Finding() if rho is None else Finding(rho < -0.1, {"rho": rho})


def best_chances_trade(e: Evidence) -> Finding:
    """Among chances of 0.3 xG and more, Spearman's correlation of distance and PressureSum below -0.1."""
    best = (e.xg >= 0.3) & ~np.isnan(e.value("DistanceToGoal") + e.value("PressureSum"))
    if best.sum() < MIN_SHOTS:
        return Finding()
    rho = rank_correlation(e.value("DistanceToGoal")[best], e.value("PressureSum")[best])
    return Finding() if rho is None else Finding(rho < -0.1, {"rho": rho})


def few_narrow_headers_score(e: Evidence) -> Finding:
    """Less than 20 % of the headed goals come from below 25 degrees."""
    headed = e.goal & (e.value("Header") == 1)
    if headed.sum() < MIN_SHOTS:
        return Finding()
    share = float((e.value("AngleToGoal")[headed] < 25).mean())
    return Finding(share < 0.2, {"share": share})


def base_value_is_the_average(e: Evidence) -> Finding:
    """The prediction at the baseline within 5 % of the mean prediction."""
    base, mean = e.summary.base.prediction_at_baseline, e.summary.base.mean_prediction
    if mean is None:
        return Finding()
    return Finding(abs(base - mean) <= 0.05 * mean, {"base": base, "mean": mean})


def _two_pushes(
    e: Evidence, name: str, one: BoolArray, other: BoolArray, holds: Callable[[float, float], bool]
) -> Finding:
    a, b = e.push(name, one), e.push(name, other)
    return Finding() if a is None or b is None else Finding(holds(a, b), {"a": a, "b": b})


def _rho(e: Evidence, by: str, of: str, where: BoolArray) -> float | None:
    x = e.value(by)
    known = where & ~np.isnan(x)
    if known.sum() < MIN_SHOTS or not e.used(of):
        return None
    return rank_correlation(x[known], floats(e.shots[f"shap_{of}"])[known])
