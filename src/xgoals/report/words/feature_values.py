"""A feature's value in words: "41.6°", "8.4 m", "a half-volley, first time"."""

from collections.abc import Mapping
from typing import Any

from xgoals.language import THIN, Language

CATEGORIES = {
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
    "header won in the air": "a header won in the air",
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
