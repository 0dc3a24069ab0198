"""Opta's numbers, in F24 and MA3 alike: types of events and qualifiers -> the domain's words.

Qualifiers that follow from what became of the shot are refused by name: whoever asks for one is told why. The keeper's
place (230, 231) is given of goals and misses and never of saves, 374 and 375 of goals alone.
"""

from collections.abc import Iterable, Iterator, Mapping

from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, ShotType, Technique

MISS, POST, SAVED, GOAL = 13, 14, 15, 16
SHOTS = (MISS, POST, SAVED, GOAL)
DELETED = 43
OWN_GOAL = 28
BLOCKED = 82
PROVIDER_XG = 321
FIRST_TOUCH = 328

LEAKS: Mapping[int, str] = {
    230: "the keeper's x is given of goals and misses, never of saves",
    231: "the keeper's y is given of goals and misses, never of saves",
    395: "the keeper's x is given by what became of the shot",
    396: "the keeper's y is given by what became of the shot",
    374: "a time that only goals have",
    375: "a time that only goals have",
    102: "where the ball crossed the line",
    103: "how high the ball crossed the line",
    146: "where the ball was blocked",
    147: "where the ball was blocked",
    136: "whether the keeper touched it",
    137: "whether the keeper touched it",
    133: "whether it was deflected",
    138: "whether it hit the woodwork",
    214: "a big chance is an opinion that knows the end",
    322: "xG on target is of shots on target",
}
"""Qualifier -> why it can be no feature."""


class LeakError(ValueError):
    """Somebody asks for a qualifier that knows the outcome: a bug of ours."""


class Qualifiers:
    """The qualifiers of an event; those that know the outcome are refused."""

    def __init__(self, values: Mapping[int, str | None]) -> None:
        self._values = values

    def __contains__(self, number: int) -> bool:
        if number in LEAKS:
            raise LeakError(f"qualifier {number} is no feature: {LEAKS[number]}")
        return number in self._values

    def __getitem__(self, number: int) -> str | None:
        return self._values[number] if number in self else None

    def names(self) -> Iterator[str]:
        """Numbers and names of those that are known here, for people."""
        return (f"{number} {name}" for number, name in NAMES.items() if number in self._values)


NAMES: Mapping[int, str] = {
    9: "penalty", 15: "head", 20: "right foot", 21: "other body part", 22: "regular play", 23: "fast break",
    24: "set piece", 25: "from corner", 26: "free kick", 28: "own goal", 72: "left footed", 82: "blocked",
    108: "volley", 109: "overhead", 110: "half volley", 111: "diving header", 117: "lob", 160: "throw-in set piece",
    254: "follows a dribble", 262: "back heel", 263: "direct corner", 297: "follows a rebound", 323: "follows a block",
    324: "follows a take-on", 328: "first touch",
}  # fmt: skip

BODY_PARTS = {20: BodyPart.RIGHT_FOOT, 72: BodyPart.LEFT_FOOT, 15: BodyPart.HEAD, 21: BodyPart.OTHER}
PENALTY = 9
SHOT_TYPES = {PENALTY: ShotType.PENALTY, 26: ShotType.FREE_KICK, 263: ShotType.CORNER}
TECHNIQUES = {
    109: Technique.OVERHEAD, 262: Technique.BACKHEEL, 111: Technique.DIVING_HEADER, 117: Technique.LOB,
    110: Technique.HALF_VOLLEY, 108: Technique.VOLLEY,
}  # fmt: skip
CONTROLS = {
    108: BallControl.VOLLEY, 254: BallControl.DRIBBLE_SHORT, 324: BallControl.DRIBBLE_SHORT,
    300: BallControl.DRIBBLE_SHORT, FIRST_TOUCH: BallControl.DIRECT,
}  # fmt: skip
SET_UPS = {
    297: SetUp.REBOUND, 323: SetUp.REBOUND, 23: SetUp.COUNTER, 25: SetUp.CORNER, 160: SetUp.THROW_IN,
    24: SetUp.FREE_KICK, 22: SetUp.OPEN_PLAY,
}  # fmt: skip
DEAD_BALLS = {
    ShotType.PENALTY: SetUp.OTHER,
    ShotType.FREE_KICK: SetUp.FREE_KICK,
    ShotType.CORNER: SetUp.CORNER,
}


def outcome(type_id: int, qualifiers: Qualifiers) -> Outcome:
    """What became of a shot."""
    if type_id == SAVED:
        return Outcome.BLOCKED if BLOCKED in qualifiers else Outcome.SAVED
    return {GOAL: Outcome.GOAL, POST: Outcome.WOODWORK}.get(type_id, Outcome.OFF_TARGET)


def ball_control(shot_type: ShotType, qualifiers: Qualifiers, *, has_first_touch: bool) -> BallControl:
    """What the shooter did before; unknown in files from before first touches were noted (2017)."""
    if shot_type in DEAD_BALLS:
        return BallControl.OTHER
    if not has_first_touch:
        return BallControl.UNKNOWN
    return next((word for number, word in CONTROLS.items() if number in qualifiers), BallControl.CONTROL)


def set_up(shot_type: ShotType, qualifiers: Qualifiers) -> SetUp:
    """How the chance came about; a dead ball is its own set-up."""
    if shot_type in DEAD_BALLS:
        return DEAD_BALLS[shot_type]
    return next((word for number, word in SET_UPS.items() if number in qualifiers), SetUp.UNKNOWN)


def has_first_touch(events: Iterable[Qualifiers]) -> bool:
    """Whether a file notes first touches at all."""
    return any(FIRST_TOUCH in qualifiers for qualifiers in events)
