"""Plane geometry of a shot, vectorised: angles, distances, the shot triangle, pressure, the keeper's shadow.

The goal attacked is the segment from ``(goal_x_m, -3.66)`` to ``(goal_x_m, +3.66)``. All functions broadcast
their arguments against each other like any numpy ufunc (one shot against an array of people, or columns of
shots against columns of keepers), and NaN stays NaN: a missing position gives a missing value, never a zero.
A shooter recorded behind the goal line is treated as standing on it wherever an angle is asked for.

This module and ``motion`` are the only ones of the domain that need numpy; the objects of the game do not import it.
"""

import numpy as np
import numpy.typing as npt

from xgoals.domain.pitch import GOAL_WIDTH_M

FloatArray = npt.NDArray[np.float64]
"""What every function here returns (a 0-dimensional array where all arguments are numbers)."""

HALF_GOAL_M = GOAL_WIDTH_M / 2

PRESSURE_FRONT_M = 9.0
"""Reach of pressure from an opponent between shooter and goal (Andrienko et al. 2017)."""
PRESSURE_BACK_M = 3.0
"""Reach of pressure from an opponent behind the shooter (Andrienko et al. 2017)."""
PRESSURE_Q = 1.75
"""How steeply pressure falls with distance (Andrienko et al. 2017)."""


def angle_to_goal_deg(x_m: npt.ArrayLike, y_m: npt.ArrayLike, goal_x_m: npt.ArrayLike) -> FloatArray:
    """Angle that the goal subtends at a point, in degrees.

    Parameters
    ----------
    x_m, y_m
        The point (origin at the pitch centre, x towards the goal attacked).
    goal_x_m
        x of the goal line attacked.

    Returns
    -------
    array of degrees in [0, 180]
        0 on the goal line beside the goal (and on a post), 180 on the line between the posts.
    """
    depth = _depth_m(x_m, goal_x_m)
    y = _floats(y_m)
    return np.asarray(np.degrees(np.arctan2(GOAL_WIDTH_M * depth, depth**2 + y**2 - HALF_GOAL_M**2)))


def distance_to_goal_m(x_m: npt.ArrayLike, y_m: npt.ArrayLike, goal_x_m: npt.ArrayLike) -> FloatArray:
    """Distance from a point to the centre of the goal line, in metres."""
    return np.asarray(np.hypot(_floats(goal_x_m) - _floats(x_m), _floats(y_m)))


def distance_to_goal_closest_m(x_m: npt.ArrayLike, y_m: npt.ArrayLike, goal_x_m: npt.ArrayLike) -> FloatArray:
    """Distance from a point to the closest point of the goal line between the posts, in metres."""
    y = _floats(y_m)
    beside = y - np.clip(y, -HALF_GOAL_M, HALF_GOAL_M)
    return np.asarray(np.hypot(_floats(goal_x_m) - _floats(x_m), beside))


def pressure(
    x_m: npt.ArrayLike,
    y_m: npt.ArrayLike,
    person_x_m: npt.ArrayLike,
    person_y_m: npt.ArrayLike,
    goal_x_m: npt.ArrayLike,
    *,
    d_front_m: float = PRESSURE_FRONT_M,
    d_back_m: float = PRESSURE_BACK_M,
    q: float = PRESSURE_Q,
) -> FloatArray:
    """Pressure that each opponent puts on the shooter, 0 (none) to 1 (at the same spot).

    An opponent at distance d, seen by the shooter at angle phi from the centre of the goal, presses with
    ``max(0, 1 - d / L) ** q``, where ``L = d_back + (d_front - d_back) (z^3 + 0.3 z) / 1.3`` and
    ``z = (1 + cos phi) / 2``: an oval that reaches ``d_front`` towards the goal and ``d_back`` behind.

    Parameters
    ----------
    x_m, y_m
        The shooter.
    person_x_m, person_y_m
        The opponents.
    goal_x_m
        x of the goal line attacked.
    d_front_m, d_back_m, q
        Reach ahead, reach behind, exponent.

    Returns
    -------
    array in [0, 1]

    Notes
    -----
    Andrienko et al. (2017), "Visual analysis of pressure in football", Data Mining and Knowledge Discovery
    31, 1793-1839. Where phi is undefined (shooter in the centre of the goal line) cos phi counts as 0.
    """
    to_goal_x, to_goal_y = _floats(goal_x_m) - _floats(x_m), -_floats(y_m)
    dx, dy = _floats(person_x_m) - _floats(x_m), _floats(person_y_m) - _floats(y_m)
    distance = np.hypot(dx, dy)
    norm = distance * np.hypot(to_goal_x, to_goal_y)
    cos_phi = (dx * to_goal_x + dy * to_goal_y) / np.where(norm == 0, 1.0, norm)
    z = (1 + cos_phi) / 2
    reach = d_back_m + (d_front_m - d_back_m) * (z**3 + 0.3 * z) / 1.3
    return np.asarray(np.maximum(0.0, 1 - distance / reach) ** q)


def in_shot_triangle(
    x_m: npt.ArrayLike,
    y_m: npt.ArrayLike,
    person_x_m: npt.ArrayLike,
    person_y_m: npt.ArrayLike,
    goal_x_m: npt.ArrayLike,
    *,
    margin_m: float = 0.0,
) -> FloatArray:
    """Whether each person stands in the triangle of shooter and posts, its border included.

    Parameters
    ----------
    x_m, y_m
        The shooter.
    person_x_m, person_y_m
        The people.
    goal_x_m
        x of the goal line attacked.
    margin_m
        With a margin, people within this distance of the triangle count too, unless they are behind the
        shooter (that is, unless the triangle's nearest point is the shooter himself).

    Returns
    -------
    array of 1.0 (inside), 0.0 (outside), NaN (a position is missing)
    """
    sx, sy, gx = _floats(x_m), _floats(y_m), _floats(goal_x_m)
    px, py = _floats(person_x_m), _floats(person_y_m)
    to_left_x, to_left_y = gx - sx, HALF_GOAL_M - sy
    to_right_y = -HALF_GOAL_M - sy
    dx, dy = px - sx, py - sy
    right_of_left_post = to_left_x * dy - to_left_y * dx <= 0
    left_of_right_post = to_left_x * dy - to_right_y * dx >= 0
    inside = right_of_left_post & left_of_right_post & (px <= gx) & (px >= sx)
    if margin_m > 0:
        nearest = np.minimum(
            _distance_along_side_m(dx, dy, to_left_x, to_left_y),
            _distance_along_side_m(dx, dy, to_left_x, to_right_y),
        )
        behind_line = np.hypot(px - gx, py - np.clip(py, -HALF_GOAL_M, HALF_GOAL_M))
        inside = inside | (np.minimum(nearest, behind_line) <= margin_m)
    missing = np.isnan(to_left_x + to_left_y + dx + dy)
    return np.asarray(np.where(missing, np.nan, inside.astype(np.float64)))


def off_bisector_deg(
    x_m: npt.ArrayLike,
    y_m: npt.ArrayLike,
    person_x_m: npt.ArrayLike,
    person_y_m: npt.ArrayLike,
    goal_x_m: npt.ArrayLike,
) -> FloatArray:
    """Angle at the shooter between a person (the keeper) and the bisector of the goal's opening angle.

    Returns
    -------
    array of degrees in (-180, 180]
        Positive where the person stands to the attacker's left of the bisector.
    """
    left, right = _post_bearings(x_m, y_m, goal_x_m)
    dx, dy = _floats(person_x_m) - _floats(x_m), _floats(person_y_m) - _floats(y_m)
    return np.asarray(np.degrees(_wrapped(np.arctan2(dy, dx) - (left + right) / 2)))


def keeper_coverage_share(
    x_m: npt.ArrayLike,
    y_m: npt.ArrayLike,
    keeper_x_m: npt.ArrayLike,
    keeper_y_m: npt.ArrayLike,
    goal_x_m: npt.ArrayLike,
    *,
    half_reach_m: float,
) -> FloatArray:
    """Share of the goal's opening angle that the keeper hides from the shooter, 0 to 1.

    The keeper is a bar of ``half_reach_m`` to either side, square to the line between shooter and keeper: at
    distance d he hides ``atan(half_reach / d)`` on either side of his own bearing.

    Parameters
    ----------
    x_m, y_m
        The shooter.
    keeper_x_m, keeper_y_m
        The keeper.
    goal_x_m
        x of the goal line attacked.
    half_reach_m
        How far the keeper reaches to either side.

    Returns
    -------
    array in [0, 1]
        NaN where the goal has no opening at all (shooter on the goal line beside the goal).
    """
    left, right = _post_bearings(x_m, y_m, goal_x_m)
    half_opening = (left - right) / 2
    dx, dy = _floats(keeper_x_m) - _floats(x_m), _floats(keeper_y_m) - _floats(y_m)
    centre = _wrapped(np.arctan2(dy, dx) - (left + right) / 2)
    shadow = np.arctan2(half_reach_m, np.hypot(dx, dy))
    hidden = np.minimum(centre + shadow, half_opening) - np.maximum(centre - shadow, -half_opening)
    opening = np.where(half_opening > 0, 2 * half_opening, np.nan)
    return np.asarray(np.clip(hidden / opening, 0.0, 1.0))


def _floats(values: npt.ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def _depth_m(x_m: npt.ArrayLike, goal_x_m: npt.ArrayLike) -> FloatArray:
    """Distance from the goal line; on the line where a position lies behind it."""
    return np.asarray(np.maximum(_floats(goal_x_m) - _floats(x_m), 0.0))


def _post_bearings(
    x_m: npt.ArrayLike, y_m: npt.ArrayLike, goal_x_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Bearings of the left and the right post in radians, 0 along x, positive to the attacker's left."""
    depth, y = _depth_m(x_m, goal_x_m), _floats(y_m)
    return np.arctan2(HALF_GOAL_M - y, depth), np.arctan2(-HALF_GOAL_M - y, depth)


def _wrapped(radians: FloatArray) -> FloatArray:
    """The same angle in (-pi, pi]."""
    return np.asarray(np.pi - np.mod(np.pi - radians, 2 * np.pi))


def _distance_along_side_m(
    dx: FloatArray, dy: FloatArray, side_x: FloatArray, side_y: FloatArray
) -> FloatArray:
    """Distance from (dx, dy) to the segment from the origin to (side_x, side_y); infinite behind it."""
    length2 = side_x**2 + side_y**2
    along = (dx * side_x + dy * side_y) / np.where(length2 == 0, 1.0, length2)
    t = np.minimum(along, 1.0)
    distance = np.hypot(dx - t * side_x, dy - t * side_y)
    return np.asarray(np.where(along > 0, distance, np.inf))
