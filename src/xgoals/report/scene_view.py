"""The moment of a shot as the picture on a card needs it: metres, goal line on top, shooter below.

In the picture x runs to the right, y downwards, the origin is the centre of the goal line: a point of the pitch
at ``(x_m, y_m)`` stands at ``(-y_m, goal_x - x_m)``. So the attacker's left is left.
"""

import math
from typing import Any

import numpy as np
import pandas as pd

from xgoals.analysis.shots import floats
from xgoals.domain.geometry import HALF_GOAL_M, in_shot_triangle, pressure
from xgoals.features.catalogue import DEFENDER_MARGIN_M, KEEPER_HALF_REACH_M
from xgoals.report.facts import Facts

WORTH_A_LINE = 0.05
"""Pressure below this gets no line."""

_HALF_WIDTH_M, _LEAST_DEPTH_M, _MOST_DEPTH_M = 24.0, 21.0, 45.0
_BEHIND_M = 8.5
"""So much is seen behind the shooter: whoever could press him."""
_STANDING_MS = 1.0
"""Whoever is slower gets no arrow."""
_AHEAD_S = 0.4
"""A velocity is drawn as the way covered in this time."""


def scene_view(shot: Facts, people: pd.DataFrame) -> Facts | None:
    """Everybody around a shot, in the picture's coordinates.

    Parameters
    ----------
    shot
        ``depth_m`` and ``left_m`` of the shooter (None without place).
    people
        The other players of this shot: ``x_m, y_m, is_teammate, is_keeper, player, vx_ms, vy_ms``; and
        ``goal_x_m``. May be empty.

    Returns
    -------
    dict or None
        ``shooter`` (x, y), ``people`` (``x, y, kind, name, pressure, in_way, to``), ``shadow`` (corner points of what
        the keeper hides, or None), ``half_width_m, depth_m`` of the picture; None without the shooter's place.
    """
    if shot["depth_m"] is None:
        return None
    shooter = (-shot["left_m"], shot["depth_m"])
    depth = min(max(_LEAST_DEPTH_M, shot["depth_m"] + _BEHIND_M), max(_MOST_DEPTH_M, shot["depth_m"] + 3))
    half = max(_HALF_WIDTH_M, abs(shot["left_m"]) + 3)
    placed = people[people["x_m"].notna() & people["y_m"].notna()]
    everybody = _people(shot, placed)
    keepers = [person for person in everybody if person["kind"] == "keeper"]
    return {
        "shooter": shooter,
        "people": [p for p in everybody if abs(p["x"]) <= half + 1 and -2 <= p["y"] <= depth + 1],
        "shadow": keeper_shadow(shooter, (keepers[0]["x"], keepers[0]["y"])) if keepers else None,
        "half_width_m": half,
        "depth_m": depth,
        "positions_known": bool(len(placed)),
    }


def _people(shot: Facts, placed: pd.DataFrame) -> list[Facts]:
    if placed.empty:
        return []
    depth = floats(placed["goal_x_m"]) - floats(placed["x_m"])
    left = floats(placed["y_m"])
    # the shooter at depth d stands d before the goal line: put the goal line at x = 0
    pushes = pressure(-shot["depth_m"], shot["left_m"], -depth, left, 0.0)
    ways = in_shot_triangle(-shot["depth_m"], shot["left_m"], -depth, left, 0.0, margin_m=DEFENDER_MARGIN_M)
    return [
        _person(row, x, y, push, bool(way))
        for row, x, y, push, way in zip(placed.to_dict("records"), -left, depth, pushes, ways, strict=True)
    ]


def _person(row: dict[Any, Any], x: float, y: float, push: float, is_in_way: bool) -> Facts:
    opponent, keeper = not row["is_teammate"], bool(row["is_keeper"])
    kind = "mate" if not opponent else "keeper" if keeper else "opponent"
    pressing = opponent and not keeper and push >= WORTH_A_LINE
    vx, vy = (float("nan") if row[key] is None else float(row[key]) for key in ("vx_ms", "vy_ms"))
    moving = math.hypot(vx, vy) > _STANDING_MS
    return {
        "x": float(x),
        "y": float(y),
        "kind": kind,
        "name": "" if row.get("player") is None or pd.isna(row["player"]) else str(row["player"]),
        "pressure": float(push) if pressing else 0.0,
        "in_way": kind == "opponent" and is_in_way,
        "to": (float(x - vy * _AHEAD_S), float(y - vx * _AHEAD_S)) if moving else None,
    }


def keeper_shadow(
    shooter: tuple[float, float], keeper: tuple[float, float]
) -> list[tuple[float, float]] | None:
    """What of the open goal the keeper hides, as four corners in the picture.

    The keeper is a bar of 1.6 m to either side, square to the line from the shooter. Two corners lie level with
    him, two on the goal line.

    Returns
    -------
    list of (x, y) or None
        None where he hides nothing of it: beside the angle, or behind the shooter.
    """
    (sx, sy), (kx, ky) = shooter, keeper
    ahead = sy - ky
    if sy <= 0 or ahead <= 0 or ky < 0:
        return None
    posts = math.atan2(-HALF_GOAL_M - sx, sy), math.atan2(HALF_GOAL_M - sx, sy)
    centre = math.atan2(kx - sx, ahead)
    spread = math.atan2(KEEPER_HALF_REACH_M, math.hypot(kx - sx, ahead))
    low, high = np.clip([centre - spread, centre + spread], *posts)
    if high <= low:
        return None
    corners = ((ahead, low), (ahead, high), (sy, high), (sy, low))
    at = [(sx + way * math.tan(bearing), sy - way) for way, bearing in corners]
    return [(float(x), float(y)) for x, y in at]
