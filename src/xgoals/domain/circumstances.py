"""How a chance came about, as far as a feed says it: the pass, the first touch, the duel, where the shot ended."""

from dataclasses import dataclass
from enum import StrEnum


class PassKind(StrEnum):
    """What the pass before a shot was; set pieces are passes, too."""

    PASS = "pass"  # noqa: S105  (football's word)
    CROSS = "cross"
    CUT_BACK = "cut_back"
    THROUGH_BALL = "through_ball"
    CORNER = "corner"
    FREE_KICK = "free_kick"
    THROW_IN = "throw_in"
    GOAL_KICK = "goal_kick"
    KICK_OFF = "kick_off"


class PassHeight(StrEnum):
    """How high a pass went: along the ground, below the shoulder, above it."""

    GROUND = "ground"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Assist:
    """The pass that led to a shot, whether it became a goal or not.

    Attributes
    ----------
    player_id
        Who played it; None where nobody is named.
    kind
        What it was.
    height, is_switch
        How high it went, and whether it changed the side of the pitch; None where the feed does not say it.
    """

    player_id: str | None
    kind: PassKind
    height: PassHeight | None = None
    is_switch: bool | None = None


@dataclass(frozen=True, slots=True)
class ShotEnd:
    """Where the ball was stopped or left the pitch, in the shot's coordinates; ``z_m`` is its height, where known."""

    x_m: float
    y_m: float
    z_m: float | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a feed says of a shot beside its place and its words; None is "not said", which is not "no".

    Attributes
    ----------
    assist, end
        The pass before it, and where it ended.
    is_first_time
        Struck with the first touch.
    is_one_on_one
        Nobody but the keeper before the shooter.
    is_open_goal
        Into an empty net.
    is_aerial_won
        The shooter won a duel in the air for the ball.
    is_under_pressure
        An opponent pressed him.
    is_deflected
        The shot touched somebody on its way.
    """

    assist: Assist | None = None
    end: ShotEnd | None = None
    is_first_time: bool | None = None
    is_one_on_one: bool | None = None
    is_open_goal: bool | None = None
    is_aerial_won: bool | None = None
    is_under_pressure: bool | None = None
    is_deflected: bool | None = None


FLAGS = (
    "is_first_time", "is_one_on_one", "is_open_goal", "is_aerial_won", "is_under_pressure", "is_deflected",
)  # fmt: skip
"""The yes-or-no fields of :class:`Circumstances`."""

NOT_SAID = Circumstances()
"""Of a feed that says nothing of all this."""
