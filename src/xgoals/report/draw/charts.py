"""Numbers into places: the race and the maps, as coordinates that templates only have to draw."""

from collections.abc import Sequence

from xgoals.domain.names import short_name
from xgoals.report.draw.beeswarm import ticks
from xgoals.report.draw.labels import place_labels
from xgoals.report.facts import Facts

_FONT = 12.5
"""Size of the text in charts, as in the style sheet."""


def goal_names(shot: Facts) -> list[str]:
    """What a goal may be called in a chart: "Álex Grimaldo 76′", an own goal with its mark, or only the minute."""
    mark = f" ({shot['mark']})" if shot.get("mark") else ""
    if not shot["player"]:
        return [f"{shot['clock']}{mark}", shot["clock"]]
    name = short_name(shot["player"])
    return [f"{name} {shot['clock']}{mark}", f"{name} {shot['clock']}", shot["clock"]]


def race_layout(race: Facts, *, width: float, height: float, names: bool = True) -> Facts:
    """The race in units of a drawing of this size: lines, goals with labels that never touch each other.

    Returns
    -------
    dict
        ``home``, ``away``: ``path`` (corner points) and ``end``; ``goals`` and ``own_goals``: ``x, y, side, shot`` and
        what :func:`place_labels` adds; ``sent_off``: ``x, y, side, card``; ``xticks, yticks`` (``value, at``),
        ``half_time_x``, ``left, right, top, bottom``.
    """
    left, right, top, bottom = 30.0, width - 44, 18.0, height - 24
    peak, end = 1.15 * float(race["top"]), float(race["end_min"])

    def x(minute: float) -> float:
        return left + (right - left) * minute / end

    def y(xg: float) -> float:
        return bottom - (bottom - top) * xg / peak

    lines, goals = {}, []
    for side in ("home", "away"):
        points = [(x(0), y(0))]
        for step in race[side]:
            points += [(x(step["at_min"]), y(step["before"])), (x(step["at_min"]), y(step["after"]))]
            if step["shot"]["is_goal"]:
                goals.append(_dot(*points[-1], side, step["shot"]))
        points.append((x(end), points[-1][1]))
        lines[side] = {
            "path": points,
            "end": points[-1],
            "total": race[side][-1]["after"] if race[side] else 0.0,
        }
    own = [_dot(x(goal["at_min"]), y(goal["level"]), goal["side"], goal) for goal in race["own_goals"]]
    texts = [goal_names(dot["shot"]) for dot in (*goals, *own)]
    place_labels(
        [*goals, *own],
        [text if names else text[-1:] for text in texts],
        font=_FONT,
        bounds=(left, top - 16, right + 40, bottom),
    )
    _part(lines["home"], lines["away"])
    return {
        **lines,
        "goals": goals,
        "own_goals": own,
        "sent_off": [
            {"x": x(card["at_min"]), "y": bottom, "side": card["side"], "card": card}
            for card in race["sent_off"]
        ],
        "xticks": [{"value": minute, "at": x(at)} for minute, at in _minute_ticks(race)],
        "yticks": [{"value": value, "at": y(value)} for value, _ in ticks(0.0, peak, 4)],
        "half_time_x": x(race["half_time_min"]),
        "left": left,
        "right": right,
        "top": top,
        "bottom": bottom,
        "width": width,
        "height": height,
    }


def _dot(x: float, y: float, side: str, shot: Facts) -> Facts:
    return {"x": x, "y": y, "r": 6.0, "side": side, "shot": shot}


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


def _minute_ticks(race: Facts) -> list[tuple[int, float]]:
    """Minutes of the match with their playing time: later halves start after the stoppage time."""
    shift = race["half_time_min"] - 45
    late = [(minute, minute + shift) for minute in (60, 75, 90, 105, 120)]
    return [
        (0, 0.0),
        (15, 15.0),
        (30, 30.0),
        (45, 45.0),
        *(tick for tick in late if tick[1] <= race["end_min"]),
    ]


def _part(home: Facts, away: Facts, least: float = 15) -> None:
    """Keep the two labels at the right end apart."""
    a, b = home["end"][1], away["end"][1]
    gap = least - abs(a - b)
    shift = gap / 2 if gap > 0 else 0.0
    home["label_y"], away["label_y"] = (a - shift, b + shift) if a <= b else (a + shift, b - shift)
