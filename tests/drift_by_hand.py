"""A competition whose keepers stand farther out since matchday 23, by hand."""

from dataclasses import replace
from datetime import date

from xgoals.analysis.drift.alarms import Alarm, Cause, Matchday
from xgoals.analysis.drift.causes import Part
from xgoals.analysis.drift.told import Drift, PointRow

KEEPER = "GoalDistanceGoalkeeper"


def day(n: int | None) -> Matchday:
    return Matchday("2024/2025", n, f"2024-09-{n or 1:02d}")


CAUSE = Cause(
    since=day(23), earliest=day(22), latest=day(24), n_points=3, n_shots=804, n_matches=30, value=0.4, window_value=0.0,
    mean=4.98, window_mean=3.18, code=None, share=None, window_share=None, is_missing=False, risen=None, fallen=None,
    parts={
        "club": (Part("X", 0.5, 0.1), Part("Y", 0.4, 0.1), Part("Z", 0.1, 0.8)), "opponent": (),
        "provider": (Part("statsbomb", 1.0, 1.0),),
    },
)  # fmt: skip
ALARM = Alarm("League", "feature", KEEPER, day(25), CAUSE)


def row(n: int, kind: str, name: str, value: float, **changes) -> PointRow:
    first = PointRow(
        "League", True, n, n + 1, "2024/2025", n + 1, date(2024, 9, 1 + n), date(2024, 9, 2 + n), 9, 230, "competition",
        kind, name, value, -0.1, 0.1, 0.0, None, None, None, None, False, 0,
    )  # fmt: skip
    return replace(first, **changes)


def rows(is_learned: bool, **last) -> tuple[PointRow, ...]:
    found = []
    for n in range(4):
        changes = {"is_learned": is_learned or n < 2} | (last if n == 3 else {})
        found += [
            row(n, "attribution", "ndcg", 0.99, low=0.95, high=None, window_value=1.0, **changes),
            row(n, "calibration", "level", 0.01, **changes),
            row(n, "feature", KEEPER, 0.03, low=None, mean=3.2, mean_low=2.0, mean_high=4.4, window_mean=3.1,
                **changes),
        ]  # fmt: skip
    return tuple(found)


def a_drift() -> Drift:
    """Four matchdays, two of them of the window, and an alarm at the newest."""
    return Drift(rows(False, alarm_over=1), (ALARM,), 0.9)
