"""Wyscout's words -> those of the domain, in both versions; nothing here knows how a shot ended but `Outcome`.

Never read: ``opportunity`` (tag 201), where the ball went (``goalZone``, tags 1201 to 1223, but for the outcome),
``postShotXg`` and ``possession.attack``: they follow from what became of the shot.
"""

from collections.abc import Collection, Mapping

from xgoals.domain.shot import BodyPart, Outcome, SetUp, ShotType

PERIODS = {"1H": 1, "2H": 2, "E1": 3, "1E": 3, "E2": 4, "2E": 4, "P": 5}
SHOOT_OUT = 5
NOBODY = "0"
"""The id of no player and of no team."""

NUMBERS = range(10, 101)
"""Version 2: sub-events, from duels to shots."""
SHOTS = 10
"""Version 2: the event of all shots from play."""
SHOT, FREE_KICK_SHOT, PENALTY = 100, 33, 35
"""Version 2: sub-events that are shots."""
SUB_EVENTS = {"Shot": SHOT, "Free kick shot": FREE_KICK_SHOT, "Penalty": PENALTY, "Corner": 30, "Free Kick": 31,
              "Free kick cross": 32, "Goal kick": 34, "Throw in": 36}  # fmt: skip
SET_PIECES = {
    30: SetUp.CORNER,
    31: SetUp.FREE_KICK,
    32: SetUp.FREE_KICK,
    34: SetUp.GOAL_KICK,
    36: SetUp.THROW_IN,
}
SHOT_TYPES = {SHOT: ShotType.OPEN_PLAY, FREE_KICK_SHOT: ShotType.FREE_KICK, PENALTY: ShotType.PENALTY}

GOAL, OWN_GOAL, COUNTER, BLOCKED = 101, 102, 1901, 2101
BODY_TAGS = {401: BodyPart.LEFT_FOOT, 402: BodyPart.RIGHT_FOOT, 403: BodyPart.HEAD}
_RESULTS = ((range(1217, 1224), Outcome.WOODWORK), (range(1210, 1217), Outcome.OFF_TARGET),
            (range(1201, 1210), Outcome.SAVED))  # fmt: skip
TAG_NAMES = {GOAL: "goal", 401: "left foot", 402: "right foot", 403: "head or body", COUNTER: "counter attack",
             BLOCKED: "blocked"}  # fmt: skip


def outcome_of_tags(tags: Collection[int]) -> Outcome | None:
    """What became of a shot of version 2; None where no tag says so."""
    if GOAL in tags:
        return Outcome.GOAL
    if BLOCKED in tags:
        return Outcome.BLOCKED
    return next((outcome for zone, outcome in _RESULTS if any(tag in zone for tag in tags)), None)


def outcome_of_zone(shot: Mapping[str, object]) -> Outcome | None:
    """What became of a shot of version 3; None where it does not say so."""
    if shot.get("isGoal") is True:
        return Outcome.GOAL
    zone = str(shot.get("goalZone") or "")
    if zone == "bc":
        return Outcome.BLOCKED
    if zone.startswith("p"):
        return Outcome.WOODWORK
    if shot.get("onTarget") is True:
        return Outcome.SAVED
    return Outcome.OFF_TARGET if zone.startswith("o") else None


POSSESSIONS = (
    ("counterattack", SetUp.COUNTER), ("corner", SetUp.CORNER), ("free_kick", SetUp.FREE_KICK),
    ("throw_in", SetUp.THROW_IN), ("goal_kick", SetUp.GOAL_KICK),
)  # fmt: skip
"""Version 3: the first of these among the possession's types."""
SHOTS_AFTER = {"shot_after_corner": SetUp.CORNER, "shot_after_free_kick": SetUp.FREE_KICK,
               "shot_after_throw_in": SetUp.THROW_IN}  # fmt: skip
SET_UP_OF_TYPE = {
    ShotType.PENALTY: SetUp.OTHER,
    ShotType.FREE_KICK: SetUp.FREE_KICK,
    ShotType.CORNER: SetUp.CORNER,
}
"""A dead ball is its own set-up."""


def body_part_v3(word: object, secondary: Collection[str]) -> BodyPart:
    """What the ball was struck with; "head or other" is the head where it is called a header."""
    if word == "head_or_other":
        return BodyPart.HEAD if "head_shot" in secondary else BodyPart.OTHER
    return {"right_foot": BodyPart.RIGHT_FOOT, "left_foot": BodyPart.LEFT_FOOT}.get(
        str(word), BodyPart.UNKNOWN
    )


def shot_type_v3(primary: str, secondary: Collection[str]) -> ShotType | None:
    """How the ball was put into play; None where the event is no shot."""
    if primary == "penalty":
        return ShotType.PENALTY
    if primary == "shot":
        return ShotType.OPEN_PLAY
    if primary == "free_kick" and {"free_kick_shot", "shot"} & set(secondary):
        return ShotType.FREE_KICK
    return ShotType.CORNER if primary == "corner" and "shot" in secondary else None
