"""The plane of every picture of a shot: card, goal mouth, animation and mail take their places from here.

The goal line attacked is y = 0, depth grows downwards, the middle of the goal is x = 0, the attacker's left is left.
"""

from typing import TypeVar

from xgoals.analysis.shots import FloatArray

Metres = TypeVar("Metres", float, FloatArray)


def in_picture(x_m: Metres, y_m: Metres, goal_x_m: Metres | float) -> tuple[Metres, Metres]:
    """Places of the pitch (origin at its centre, towards the goal attacked) as x and y of the picture, in metres."""
    return -y_m, goal_x_m - x_m
