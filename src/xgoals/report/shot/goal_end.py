"""Where a shot ended, seen from the front: in the goal, beside it, over it, or where somebody stopped it."""

from dataclasses import dataclass

from xgoals.domain.circumstances import ShotEnd
from xgoals.domain.geometry import HALF_GOAL_M
from xgoals.language import Language
from xgoals.report.shot.plane import in_picture

BAR_M = 2.44
HALF_WIDTH_M, HEIGHT_M = 6.5, 4.2
"""What is seen of the ground beside the goal, and of the air above it."""
_STOPPED_M = 0.5
"""Further than this from the goal line the ball was stopped before it."""
_NEAR_M = 6.0
"""Nothing is drawn of a ball that was stopped further away."""
_CENTRAL_M = 1.0


@dataclass(frozen=True, slots=True)
class GoalEnd:
    """The ball at its end.

    Attributes
    ----------
    x, z
        From the middle of the goal to the right, as the shooter sees it, and above the ground: at the edge of the
        picture where it went beyond.
    is_beyond
        Whether it did.
    told
        Where it ended, in words.
    """

    x: float
    z: float
    is_beyond: bool
    told: str


def goal_end(end: ShotEnd | None, goal_x_m: float, words: Language) -> GoalEnd | None:
    """Look at the end of a shot from the front; None where its height is not known, or it was stopped far out."""
    if end is None or end.z_m is None:
        return None
    x, before_m = in_picture(end.x_m, end.y_m, goal_x_m)
    if before_m > _NEAR_M:
        return None
    seen = min(max(x, -HALF_WIDTH_M), HALF_WIDTH_M), min(max(end.z_m, 0.0), HEIGHT_M)
    return GoalEnd(*seen, is_beyond=seen != (x, max(end.z_m, 0.0)), told=_told(x, end.z_m, before_m, words))


def _told(x: float, z: float, before_m: float, words: Language) -> str:
    if before_m > _STOPPED_M:
        return words.text(
            "Stopped %(before)s m before the goal line, %(height)s m high.",
            before=words.number(before_m, 1),
            height=words.number(z, 1),
        )
    if abs(x) > HALF_GOAL_M:
        wide = words.number(abs(x) - HALF_GOAL_M, 1)
        if x < 0:
            return words.text(
                "%(wide)s m wide of the left post, %(height)s m high.", wide=wide, height=words.number(z, 1)
            )
        return words.text(
            "%(wide)s m wide of the right post, %(height)s m high.", wide=wide, height=words.number(z, 1)
        )
    if z > BAR_M:
        return words.text("%(over)s m over the bar.", over=words.number(z - BAR_M, 1))
    return _inside(x, z, words)


def _inside(x: float, z: float, words: Language) -> str:
    height = words.number(z, 1)
    if abs(x) < _CENTRAL_M:
        return words.text("In the middle of the goal, %(height)s m high.", height=height)
    inside = words.number(HALF_GOAL_M - abs(x), 1)
    if x < 0:
        return words.text(
            "%(inside)s m inside the left post, %(height)s m high.", inside=inside, height=height
        )
    return words.text("%(inside)s m inside the right post, %(height)s m high.", inside=inside, height=height)
