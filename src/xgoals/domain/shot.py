"""A shot: who, when, from where, how. Feeds translate their own words into the enumerations here.

``OTHER`` is a word that the feed has said and that is none of these; ``UNKNOWN`` is that it has said none. What rests
on an unknown word is missing, for a guess in its place would be a claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from xgoals.domain.circumstances import NOT_SAID, Circumstances
from xgoals.domain.pitch import Pitch

UNKNOWN = "unknown"
"""In every enumeration of words: the feed has not said it."""


class BodyPart(StrEnum):
    """What the ball was struck with."""

    RIGHT_FOOT = "right_foot"
    LEFT_FOOT = "left_foot"
    HEAD = "head"
    OTHER = "other"
    UNKNOWN = "unknown"


class ShotType(StrEnum):
    """How the ball was put into play for the shot itself (a direct free kick, not a shot after one)."""

    OPEN_PLAY = "open_play"
    FREE_KICK = "free_kick"
    CORNER = "corner"
    PENALTY = "penalty"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What became of the shot."""

    GOAL = "goal"
    SAVED = "saved"
    BLOCKED = "blocked"
    OFF_TARGET = "off_target"
    WOODWORK = "woodwork"
    OTHER = "other"


class BallControl(StrEnum):
    """What the shooter did with the ball before the shot (DFL: TakerBallControl)."""

    DIRECT = "direct"
    VOLLEY = "volley"
    CONTROL = "control"
    DRIBBLE_SHORT = "dribble_short"
    DRIBBLE_LONG = "dribble_long"
    OTHER = "other"
    UNKNOWN = "unknown"


class SetUp(StrEnum):
    """How the chance came about (DFL: TakerSetup; StatsBomb: play_pattern)."""

    OPEN_PLAY = "open_play"
    CROSS = "cross"
    COUNTER = "counter"
    OPPONENT_ERROR = "opponent_error"
    REBOUND = "rebound"
    CORNER = "corner"
    FREE_KICK = "free_kick"
    THROW_IN = "throw_in"
    GOAL_KICK = "goal_kick"
    KICK_OFF = "kick_off"
    OTHER = "other"
    UNKNOWN = "unknown"


class Technique(StrEnum):
    """The manner of striking the ball (DFL: ExtendedTypeOfShot; StatsBomb: technique)."""

    NORMAL = "normal"
    HALF_VOLLEY = "half_volley"
    VOLLEY = "volley"
    LOB = "lob"
    BACKHEEL = "backheel"
    OVERHEAD = "overhead"
    DIVING_HEADER = "diving_header"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shot:
    """One attempt at goal, shoot-outs excluded.

    Attributes
    ----------
    event_n
        Order of the shot within its match, from 0.
    period
        1, 2 and, in extra time, 3, 4.
    period_time_s
        Seconds since the start of the period, by the event feed's clock.
    event_time
        Absolute time by the event feed's clock; None where the feed has none.
    x_m, y_m
        The shot's place (origin at the pitch centre, x towards the goal attacked, y to the attacker's left).
        None where the feed gives none: every feature of place is then missing.
    provider_xg
        The provider's own estimate: a yardstick, never a feature.
    official
        Other official values of the provider, by the provider's names: yardsticks, never features.
    raw
        The provider's own words for what the enumerations translate.
    circumstances
        What else the feed says of how the chance came about and where it ended: told, never a feature.
    """

    shot_id: str
    event_n: int
    period: int
    minute: int
    second: int
    period_time_s: float | None
    team_id: str
    player_id: str | None
    x_m: float | None
    y_m: float | None
    body_part: BodyPart
    shot_type: ShotType
    outcome: Outcome
    ball_control: BallControl
    set_up: SetUp
    technique: Technique
    event_time: datetime | None = None
    provider_xg: float | None = None
    official: Mapping[str, float] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    circumstances: Circumstances = NOT_SAID

    @property
    def is_goal(self) -> bool:
        """Whether the shot became a goal."""
        return self.outcome is Outcome.GOAL

    @property
    def is_penalty(self) -> bool:
        """Whether it is a penalty kick; published metrics leave these out."""
        return self.shot_type is ShotType.PENALTY

    def on_pitch(self, pitch: Pitch, *, before: Pitch) -> "Shot":
        """The shot on another pitch than it was told of: its distance from the goal line stays."""
        by_m = pitch.goal_x_m - before.goal_x_m
        return self if self.x_m is None or not by_m else replace(self, x_m=self.x_m + by_m)
