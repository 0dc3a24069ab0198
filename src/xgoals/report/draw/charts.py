"""Numbers into places: shots on a map, as coordinates that templates only have to draw."""

from collections.abc import Sequence

from xgoals.domain.names import short_name
from xgoals.report.draw.labels import place_labels
from xgoals.report.facts import Facts


def goal_names(shot: Facts) -> list[str]:
    """What a goal may be called in a chart: "Álex Grimaldo 76′", an own goal with its mark, or only the minute."""
    mark = f" ({shot['mark']})" if shot.get("mark") else ""
    if not shot["player"]:
        return [f"{shot['clock']}{mark}", shot["clock"]]
    name = short_name(shot["player"])
    return [f"{name} {shot['clock']}{mark}", f"{name} {shot['clock']}", shot["clock"]]


def map_layout(shots: Sequence[Facts], side: str, depth_m: float) -> list[Facts]:
    """The marks of a side's map in metres, the smallest on top; goals bear a label.

    Returns
    -------
    list of dict
        ``shot, x, y, r`` and what :func:`place_labels` adds; only goals bear a label.
    """
    placed = [shot for shot in shots if shot["side"] == side and shot["depth_m"] is not None]
    marks = [
        {"shot": s, "x": -s["left_m"], "y": min(s["depth_m"], depth_m - 1), "r": s["radius_m"]}
        for s in sorted(placed, key=lambda shot: -shot["xg"])
    ]
    place_labels(
        marks,
        [goal_names(mark["shot"]) if mark["shot"]["is_goal"] else [] for mark in marks],
        font=MAP_FONT_M,
        bounds=(-35.0, 0.3, 35.0, depth_m - 0.3),
    )
    return marks


MAP_FONT_M = 2.3
"""Size of the text on a map, in metres."""

_LEAST_MAP_M, _MOST_MAP_M = 30.0, 48.0


def map_depth(shots: Sequence[Facts]) -> float:
    """How far from the goal line the maps of a match reach, in metres."""
    furthest = max((shot["depth_m"] for shot in shots if shot["depth_m"] is not None), default=0.0)
    return min(max(_LEAST_MAP_M, furthest + 3.0), _MOST_MAP_M)
