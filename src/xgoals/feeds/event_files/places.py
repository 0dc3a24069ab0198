"""Places in hundredths of a pitch -> metres from its centre."""

from xgoals.domain.pitch import GOAL_WIDTH_M, PENALTY_SPOT_TO_GOAL_M, Pitch

Place = tuple[float, float]

_CIRCLE_M = 9.15
_DEPTHS_M = (0.0, 5.5, PENALTY_SPOT_TO_GOAL_M, 16.5, PENALTY_SPOT_TO_GOAL_M + _CIRCLE_M)
"""Goal line, goal area, penalty spot, penalty area, top of its arc (Laws of the Game, law 1)."""
_HALF_WIDTHS_M = (0.0, GOAL_WIDTH_M / 2, 9.16, 20.16)
"""Axis, post, goal area, penalty area."""
_OPTA_DEPTHS = (0.0, 5.8, 11.5, 17.0, 20.4)
_OPTA_CIRCLE = 41.0
_OPTA_HALF_WIDTHS = (0.0, 4.8, 13.2, 28.9)
"""Opta's marks of the same lines, in hundredths of length and width: between them its coordinates stretch."""


def linear(x: float, y: float, pitch: Pitch) -> Place:
    """Hundredths of length and width, x towards the goal attacked, y downwards (to the attacker's right)."""
    return (x - 50) * pitch.length_m / 100, (50 - y) * pitch.width_m / 100


def by_opta_zones(x: float, y: float, pitch: Pitch) -> Place:
    """Opta's hundredths, x towards the goal attacked, y to the attacker's left.

    The lines of every pitch have the same marks, however large it is, so that metres follow from the zone between two
    lines: a penalty, at x = 88.5, is 11 m from the line and not 12.
    """
    return _along(x, pitch), _across(y, pitch)


def _along(x: float, pitch: Pitch) -> float:
    is_attacked = x >= 50
    from_line = 100 - x if is_attacked else x
    half_m = pitch.length_m / 2
    depth_m = _stretched(
        from_line, (*_OPTA_DEPTHS, _OPTA_CIRCLE, 50.0), (*_DEPTHS_M, half_m - _CIRCLE_M, half_m)
    )
    return pitch.length_m / 2 - depth_m if is_attacked else depth_m - pitch.length_m / 2


def _across(y: float, pitch: Pitch) -> float:
    beside_m = _stretched(abs(y - 50), (*_OPTA_HALF_WIDTHS, 50.0), (*_HALF_WIDTHS_M, pitch.width_m / 2))
    return beside_m if y >= 50 else -beside_m


def _stretched(value: float, marks: tuple[float, ...], metres: tuple[float, ...]) -> float:
    """Linear between neighbouring marks; beyond the first and the last pair as between them."""
    n = next((n for n in range(1, len(marks) - 1) if value <= marks[n]), len(marks) - 1)
    share = (value - marks[n - 1]) / (marks[n] - marks[n - 1])
    return metres[n - 1] + share * (metres[n] - metres[n - 1])
