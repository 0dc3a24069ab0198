"""Pitch dimensions as data."""

from dataclasses import dataclass

YARD_M = 0.9144
"""One international yard in metres."""

GOAL_WIDTH_M = 7.32
"""Distance between the inner edges of the posts (Laws of the Game, law 1)."""

PENALTY_SPOT_TO_GOAL_M = 11.0
"""Distance of the penalty spot from the goal line (Laws of the Game, law 1)."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """A pitch; the goal attacked is centred at ``(length_m / 2, 0)``."""

    length_m: float
    width_m: float

    @property
    def goal_x_m(self) -> float:
        """The x of the goal line attacked, in metres from the centre."""
        return self.length_m / 2


STATSBOMB_PITCH = Pitch(length_m=120 * YARD_M, width_m=80 * YARD_M)
"""StatsBomb's 120 x 80 yards. Scaled to 105 x 68 m its goal would shrink to 6.8 m: it stays as it is."""

DFL_EVENT_PITCH = Pitch(length_m=105.0, width_m=68.0)
"""The frame of DFL event coordinates, whatever the real pitch."""
