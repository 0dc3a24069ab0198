"""Numbers into places: waterfalls, decision plots and the race, as coordinates that templates only have to draw."""

from collections.abc import Sequence

from xgoals.report.beeswarm import ticks
from xgoals.report.shot_frame import Facts

_FINE = 0.1
"""A waterfall that spans less than this shows its numbers with three decimals."""

Box = tuple[float, float, float, float]


def waterfall(shot: Facts) -> Facts:
    """Steps from the baseline to the shot, the largest group first.

    Parameters
    ----------
    shot
        See :func:`xgoals.report.summarise_shots.shot_facts`.

    Returns
    -------
    dict
        ``steps``: ``name, value, start, end`` and ``left_pct, width_pct`` of its bar; ``start``, ``end`` in the
        space of the values with their places ``start_pct, end_pct``; ``decimals`` that the numbers need.
    """
    groups: dict[str, float] = shot["groups"]
    ranked = sorted(groups.items(), key=lambda item: (-abs(item[1]), item[0]))
    at = float(shot["base_value"])
    steps: list[Facts] = []
    for name, value in ranked:
        steps.append({"name": name, "value": value, "start": at, "end": at + value})
        at += value
    reached: list[float] = [shot["base_value"], *(step["end"] for step in steps)]
    span = (max(reached) - min(reached)) or 1.0
    low, high = min(reached) - 0.02 * span, max(reached) + 0.3 * span

    def place(value: float) -> float:
        return 100 * (value - low) / (high - low)

    for step in steps:
        edges = sorted((place(step["start"]), place(step["end"])))
        step["left_pct"], step["width_pct"] = edges[0], edges[1] - edges[0]
    return {
        "steps": steps,
        "start": shot["base_value"],
        "end": at,
        "decimals": 2 if max(reached) - min(reached) >= _FINE else 3,
        "start_pct": place(shot["base_value"]),
        "end_pct": place(at),
    }


def decision_plot(shots: Sequence[Facts], *, width: float = 460, row: float = 56) -> Facts | None:
    """Every shot as a line from the baseline, pushed by one group after the other, the most important one last.

    Partial sums of Shapley values can leave 0 to 1: they are drawn where they are.

    Returns
    -------
    dict or None
        ``rows`` (``name, y``), ``lines`` (``points, shot``), ``ticks`` (``value, x``), ``width, height,
        bottom, left_of_0, right_of_1`` in units of the drawing; None without shots.
    """
    if not shots:
        return None
    names = sorted({name for shot in shots for name in shot["groups"]})
    weight = {name: sum(abs(shot["groups"].get(name, 0.0)) for shot in shots) for name in names}
    upwards = sorted(names, key=lambda name: (weight[name], name))
    paths: list[list[float]] = []
    for shot in shots:
        at = [float(shot["base_value"])]
        for name in upwards:
            at.append(at[-1] + shot["groups"].get(name, 0.0))
        paths.append(at)
    low, high = min(map(min, paths)), max(map(max, paths))
    span = (high - low) or 1.0
    low, high = low - 0.04 * span, high + 0.04 * span
    bottom = 14 + row * len(upwards)

    def x(value: float) -> float:
        return width * (value - low) / (high - low)

    return {
        "rows": [{"name": name, "y": bottom - row * (i + 1)} for i, name in enumerate(upwards)],
        "lines": [
            {"shot": shot, "points": [(x(value), bottom - row * i) for i, value in enumerate(path)]}
            for shot, path in zip(shots, paths, strict=True)
        ],
        "ticks": [{"value": value, "x": x(value)} for value, _ in ticks(low, high, 5)],
        "base_x": x(shots[0]["base_value"]),
        "width": width,
        "bottom": bottom,
        "height": bottom + 24,
        "bounds": [x(bound) for bound in (0.0, 1.0) if low < bound < high],
    }


def race_layout(race: Facts, *, width: float, height: float, label_width: float = 30) -> Facts:
    """The race in units of a drawing of this size: lines, goals with labels that never touch each other.

    Returns
    -------
    dict
        ``home``, ``away``: ``path`` (corner points) and ``end``; ``goals``: ``x, y, side, shot`` and the label's
        ``label_x, label_y``; ``xticks, yticks`` (``value, at``), ``half_time_x``, ``left, right, top, bottom``.
    """
    left, right, top, bottom = 30.0, width - 44, 18.0, height - 24
    peak, end = 1.12 * float(race["top"]), float(race["end_min"])

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
                goals.append({"x": points[-1][0], "y": points[-1][1], "side": side, "shot": step["shot"]})
        points.append((x(end), points[-1][1]))
        lines[side] = {
            "path": points,
            "end": points[-1],
            "total": race[side][-1]["after"] if race[side] else 0.0,
        }
    _label(goals, label_width, (left, top - 14, right + 6, bottom))
    _part(lines["home"], lines["away"])
    return {
        **lines,
        "goals": goals,
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


def _label(goals: list[Facts], width: float, bounds: Box) -> None:
    """Give each goal's label the first free place around its dot; dots count as taken."""
    height, r = 13.0, 6.0
    taken: list[Box] = [(goal["x"] - r, goal["y"] - r, goal["x"] + r, goal["y"] + r) for goal in goals]
    for goal in sorted(goals, key=lambda goal: goal["x"]):
        goal["label_x"], goal["label_y"] = goal["x"], goal["y"] - 10
        for distance in (10.0, 24.0, 38.0, 52.0):
            spots = [
                (goal["x"], goal["y"] - distance),
                (goal["x"], goal["y"] + distance + 9),
                (goal["x"] - width * 0.7, goal["y"] - distance + 4),
                (goal["x"] + width * 0.7, goal["y"] + distance + 4),
            ]
            free = [spot for spot in spots if _is_free(spot, width, height, taken, bounds)]
            if free:
                goal["label_x"], goal["label_y"] = free[0]
                break
        taken.append(_box((goal["label_x"], goal["label_y"]), width, height))


def _box(spot: tuple[float, float], width: float, height: float) -> Box:
    x, baseline = spot
    return x - width / 2, baseline - height + 3, x + width / 2, baseline + 3


def _is_free(spot: tuple[float, float], width: float, height: float, taken: list[Box], bounds: Box) -> bool:
    box = _box(spot, width, height)
    inside = (
        box[0] >= bounds[0] - width / 2
        and box[1] >= bounds[1]
        and box[2] <= bounds[2]
        and box[3] <= bounds[3]
    )
    return inside and not any(_touch(box, other) for other in taken)


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
