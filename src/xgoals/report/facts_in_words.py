"""One measured value in words: "13 m out", "hides 98 % of the goal, ordinarily 62 %", "much pressure"."""

from collections.abc import Callable, Mapping
from typing import Any

from xgoals.features.catalogue import NEAREST_REACH_M
from xgoals.language import THIN, Language
from xgoals.report.facts import Facts

_MUCH, _LITTLE = 1.5, 0.5
"""Pressure above or below these multiples of the ordinary is called much or little."""

_WIDE, _TIGHT = 1.4, 0.75
"""An angle above or below these multiples of the ordinary is called wide or tight."""


def fact(feature: Facts, words: Language) -> str:
    """One measured value in words, with the ordinary one where that says more; empty where it says nothing."""
    if feature["value"] is None:
        return ""
    speaker = _FACTS.get(feature["name"])
    if speaker is not None:
        return speaker(feature["value"], feature["baseline"], words)
    if feature["kind"] == "category":
        word = category_word(feature, feature["value"])
        return words.text(_CATEGORIES.get(word, word))
    own = feature_value(feature, feature["value"], words)
    if feature["kind"] == "binary":
        return words.text(feature["label"]) if feature["value"] > 0 else ""
    ordinary = feature_value(feature, feature["baseline"], words)
    return words.text(
        "%(label)s %(own)s, ordinarily %(ordinary)s",
        label=words.text(feature["label"]),
        own=own,
        ordinary=ordinary,
    )


def _distance(value: float, _: float | None, words: Language) -> str:
    return words.text("%(distance)s m out", distance=words.number(value, 0))


def _distance_closest(value: float, _: float | None, words: Language) -> str:
    return words.text("%(distance)s m from the nearest point of the goal", distance=words.number(value, 0))


def _angle(value: float, ordinary: float | None, words: Language) -> str:
    said = words.number(value, 0)
    if ordinary is None:
        return words.text("an angle of %(angle)s°", angle=said)
    if value > _WIDE * ordinary:
        return words.text("a wide angle of %(angle)s°", angle=said)
    if value < _TIGHT * ordinary:
        return words.text("a tight angle of %(angle)s°", angle=said)
    return words.text("an angle of %(angle)s°", angle=said)


def _coverage(value: float, ordinary: float | None, words: Language) -> str:
    if ordinary is None:
        return words.text("hides %(n)s of the goal", n=words.share(value / 100))
    return words.text(
        "hides %(n)s of the goal, ordinarily %(ordinary)s",
        n=words.share(value / 100),
        ordinary=words.share(ordinary / 100),
    )


def _keeper_off(value: float, ordinary: float | None, words: Language) -> str:
    if ordinary is None:
        return words.text("%(n)s m from goal", n=words.number(value, 1))
    return words.text(
        "%(n)s m from goal, ordinarily %(ordinary)s m",
        n=words.number(value, 1),
        ordinary=words.number(ordinary, 1),
    )


def _keeper_reaches(value: float, ordinary: float | None, words: Language) -> str:
    if ordinary is None:
        return words.text("gets to %(n)s of the goal", n=words.share(value / 100))
    return words.text(
        "gets to %(n)s of the goal, ordinarily %(ordinary)s",
        n=words.share(value / 100),
        ordinary=words.share(ordinary / 100),
    )


def _unblocked(value: float, ordinary: float | None, words: Language) -> str:
    if ordinary is None:
        return words.text("leave %(n)s of the goal open", n=words.share(value / 100))
    return words.text(
        "leave %(n)s of the goal open, ordinarily %(ordinary)s",
        n=words.share(value / 100),
        ordinary=words.share(ordinary / 100),
    )


def _goal_side(value: float, _: float | None, words: Language) -> str:
    if value == 0:
        return words.text("nobody goal-side")
    return words.plural("one goal-side", "%(n)s goal-side", int(value))


def _nearest(value: float, _: float | None, words: Language) -> str:
    if value == 0:
        return words.text("nobody within %(n)s m", n=words.number(NEAREST_REACH_M, 0))
    return words.text("the nearest %(n)s m away", n=words.number((1 - value) * NEAREST_REACH_M, 1))


def _in_the_way(value: float, _: float | None, words: Language) -> str:
    if value != round(value):
        return ""
    return (
        words.text("nobody in the way")
        if value == 0
        else words.plural("one in the way", "%(n)s in the way", int(value))
    )


def _pressure_sum(value: float, ordinary: float | None, words: Language) -> str:
    if value == 0:
        return words.text("no pressure")
    if not ordinary or _LITTLE <= value / ordinary <= _MUCH:
        return ""
    return words.text("much pressure") if value > ordinary else words.text("little pressure")


def _pressure_max(value: float, ordinary: float | None, words: Language) -> str:
    if value == 0:
        return words.text("no pressure")
    if not ordinary or _LITTLE <= value / ordinary <= _MUCH:
        return ""
    return (
        words.text("an opponent tight on the shooter")
        if value > ordinary
        else words.text("nobody tight on the shooter")
    )


def _header(value: float, _: float | None, words: Language) -> str:
    return words.text("a header") if value > 0 else ""


def _foot(value: float, _: float | None, words: Language) -> str:
    return words.text("not with the foot") if value < 0 else ""


def _free_kick(value: float, _: float | None, words: Language) -> str:
    return words.text("a direct free kick") if value > 0 else ""


_FACTS: dict[str, Callable[[float, float | None, Language], str]] = {
    "DistanceToGoal": _distance,
    "DistanceToGoalClosest": _distance_closest,
    "AngleToGoal": _angle,
    "GoalkeeperCoverage": _coverage,
    "GoalDistanceGoalkeeper": _keeper_off,
    "GoalDistanceGoalkeeperClosest": _keeper_off,
    "GoalkeeperInterception": _keeper_reaches,
    "UnblockedShare": _unblocked,
    "OpponentsGoalSide": _goal_side,
    "PressureNearest": _nearest,
    "AmountOfDefenders": _in_the_way,
    "PressureSum": _pressure_sum,
    "PressureMax": _pressure_max,
    "Header": _header,
    "FootShot": _foot,
    "FreeKick": _free_kick,
}


_CATEGORIES = {
    "direct": "first time",
    "volley": "a volley",
    "control": "the ball under control",
    "dribble short": "after a short dribble",
    "dribble long": "after a long dribble",
    "half volley": "a half-volley",
    "lob": "a lob",
    "backheel": "a backheel",
    "overhead": "an overhead kick",
    "diving header": "a diving header",
    "open play": "from open play",
    "cross": "from a cross",
    "counter": "on the counter",
    "opponent error": "after a mistake",
    "rebound": "a rebound",
    "corner": "after a corner",
    "free kick": "after a free kick",
    "throw in": "after a throw-in",
    "goal kick": "after a goal kick",
    "kick off": "after kick-off",
    "backheel or overhead kick": "a backheel or overhead kick",
    "half volley with the first touch": "a half-volley, first time",
    "half volley after a touch": "a half-volley after a touch",
    "first touch": "first time",
    "first touch after a rebound": "first time from a rebound",
    "after own control": "the ball under control",
    "dead ball": "a dead ball",
    "normal": "",
    "other": "",
}
"""How a category's word stands in a sentence."""


def category_word(feature: Mapping[str, Any], value: float) -> str:
    """The catalogue's word for a code; "other" for a code that it does not know."""
    by_code = {int(code): str(word) for code, word in feature["categories"].items()}
    return by_code.get(int(value), "other")


_DECIMALS = {"m": 1, "deg": 0, "%": 0, "km/h": 1}
_UNITS = {"deg": "°", "%": f"{THIN}%", "km/h": f"{THIN}km/h", "m": f"{THIN}m"}


def feature_value(feature: Mapping[str, Any], value: float | None, words: Language) -> str:
    """A feature's value as people read it: with its unit, or the word of its category."""
    if value is None or value != value:
        return words.text("missing")
    if feature["kind"] in ("category", "binary") and feature["categories"]:
        return words.text(category_word(feature, value))
    if feature["kind"] == "binary":
        return words.text("yes") if value > 0 else words.text("no")
    if feature["kind"] == "count":
        return words.number(value, 0 if value == round(value) else 1)
    unit = feature["unit"] or ""
    return words.number(value, _DECIMALS.get(unit, 2)) + _UNITS.get(unit, f"{THIN}{unit}" if unit else "")
