"""Is everybody at the right end? Feeds turn a shot or its frame by mistake, so that they lie at opposite goals.

Nobody within 25 m of a shot, and people around the place opposite: one of the two is turned. In 31,000 real frames
the nearest person is at most 31 m away (at corner kicks, where nobody is near the place opposite either). Which of
the two is turned says the keeper. The rules ask for more than doubt, since a keeper can be far from his goal for
good reason.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto

from xgoals.domain.frame import People
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import Person

NEAR_SHOT_M = 25.0
NEAR_OPPOSITE_M = 20.0
SURE_OF = 3
"""So many people around the place opposite leave no doubt."""
AT_HOME_M = 35.0
"""A keeper who is this near to his goal line is at the right end."""
BEHIND_M = 60.0
"""A keeper so far behind the shooter is at the wrong end; on real shots it is 20 m at most."""


class Ends(Enum):
    """What of a shot and its frame is at the wrong end."""

    RIGHT = auto()
    SHOT_TURNED = auto()
    FRAME_TURNED = auto()
    IN_DOUBT = auto()
    KEEPER_WRONG = auto()


def ends_of(x_m: float, y_m: float, people: Sequence[Person], pitch: Pitch) -> Ends:
    """Whether a shot and the people of its frame are at the same end.

    Parameters
    ----------
    x_m, y_m
        The shot's place.
    people
        Everybody but the shooter.
    pitch
        Where the goals are.
    """
    keepers = [person for person in people if person.is_keeper and not person.is_teammate]
    is_behind = any(is_keeper_behind(keeper, x_m) for keeper in keepers)
    around = sum(math.hypot(p.x_m - x_m, p.y_m - y_m) <= NEAR_SHOT_M for p in people)
    opposite = sum(math.hypot(p.x_m + x_m, p.y_m + y_m) <= NEAR_OPPOSITE_M for p in people)
    if around or not opposite:
        return Ends.KEEPER_WRONG if is_behind else Ends.RIGHT
    is_at_home = any(keeper.x_m > pitch.goal_x_m - AT_HOME_M for keeper in keepers)
    if opposite < SURE_OF:
        return Ends.IN_DOUBT
    if x_m < 0 and is_at_home:
        return Ends.SHOT_TURNED
    return Ends.FRAME_TURNED if x_m > 0 and is_behind else Ends.IN_DOUBT


def is_keeper_behind(keeper: Person, x_m: float) -> bool:
    """Whether a keeper stands so far behind the shooter that he is at the wrong end."""
    return keeper.x_m < x_m - BEHIND_M


def turned(people: Sequence[Person]) -> People:
    """The people at the other end."""
    return tuple(
        replace(
            p,
            x_m=-p.x_m,
            y_m=-p.y_m,
            vx_ms=None if p.vx_ms is None else -p.vx_ms,
            vy_ms=None if p.vy_ms is None else -p.vy_ms,
        )
        for p in people
    )
