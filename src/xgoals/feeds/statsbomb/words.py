"""StatsBomb's words translated into those of the domain; what is not listed here is unknown."""

from typing import Any

from xgoals.domain.shot import UNKNOWN, BallControl, BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.feeds.json_values import obj, text_of

BODY_PARTS = {
    "Right Foot": BodyPart.RIGHT_FOOT,
    "Left Foot": BodyPart.LEFT_FOOT,
    "Head": BodyPart.HEAD,
    "Other": BodyPart.OTHER,
}
SHOT_TYPES = {
    "Open Play": ShotType.OPEN_PLAY,
    "Free Kick": ShotType.FREE_KICK,
    "Corner": ShotType.CORNER,
    "Penalty": ShotType.PENALTY,
    "Kick Off": ShotType.OPEN_PLAY,
}
OUTCOMES = {
    "Goal": Outcome.GOAL,
    "Saved": Outcome.SAVED,
    "Saved Off Target": Outcome.SAVED,
    "Saved to Post": Outcome.SAVED,
    "Saved To Post": Outcome.SAVED,
    "Saved Off T": Outcome.SAVED,
    "Blocked": Outcome.BLOCKED,
    "Off T": Outcome.OFF_TARGET,
    "Wayward": Outcome.OFF_TARGET,
    "Post": Outcome.WOODWORK,
}
TECHNIQUES = {
    "Normal": Technique.NORMAL,
    "Half Volley": Technique.HALF_VOLLEY,
    "Volley": Technique.VOLLEY,
    "Lob": Technique.LOB,
    "Backheel": Technique.BACKHEEL,
    "Overhead Kick": Technique.OVERHEAD,
    "Diving Header": Technique.DIVING_HEADER,
}
SET_UPS = {
    "Regular Play": SetUp.OPEN_PLAY,
    "From Counter": SetUp.COUNTER,
    "From Corner": SetUp.CORNER,
    "From Free Kick": SetUp.FREE_KICK,
    "From Throw In": SetUp.THROW_IN,
    "From Goal Kick": SetUp.GOAL_KICK,
    "From Keeper": SetUp.GOAL_KICK,
    "From Kick Off": SetUp.KICK_OFF,
    "Other": SetUp.OTHER,
}


def ball_control(
    details: dict[str, Any], shot_type: ShotType, technique: Technique, body_part: BodyPart
) -> BallControl:
    """The shooter's last touches, in the words of DFL's TakerBallControl; what is marked only where it is so is "no".

    Where the kind of shot, technique or body part are unknown, so is what follows from them.
    """
    if shot_type in (ShotType.FREE_KICK, ShotType.PENALTY, ShotType.CORNER):
        return BallControl.OTHER
    if details.get("follows_dribble"):
        return BallControl.DRIBBLE_SHORT
    if technique is Technique.VOLLEY:
        return BallControl.VOLLEY
    if details.get("first_time") or body_part is BodyPart.HEAD:
        return BallControl.DIRECT
    return BallControl.UNKNOWN if UNKNOWN in (shot_type, technique, body_part) else BallControl.CONTROL


def raw_words(event: dict[str, Any], details: dict[str, Any]) -> dict[str, str]:
    """The provider's own words, kept beside their translation."""
    words = {
        key: text_of(obj(details.get(key)).get("name"))
        for key in ("type", "technique", "body_part", "outcome")
    }
    words["play_pattern"] = text_of(obj(event.get("play_pattern")).get("name"))
    flags = {
        key: "true" for key in ("first_time", "one_on_one", "open_goal", "aerial_won") if details.get(key)
    }
    return {key: word for key, word in words.items() if word} | flags
