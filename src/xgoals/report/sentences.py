"""Numbers into words: rule-based, so that nothing is invented.

Every clause states measured values of the shot beside the ordinary one (the baseline); the model's values only
decide which clauses are said, in which order, and whether they raise or lower. A test recomputes the clauses.
"""

from collections.abc import Callable
from dataclasses import dataclass

from xgoals.language import THIN, Language
from xgoals.report.shot_frame import Facts

SURPRISING_XG = 0.05
"""A goal from less than this is one that hardly anybody expects."""

_WORTH_SAYING = 0.08
"""A group with less than this share of all pushes is not mentioned."""

_MUCH, _LITTLE = 1.5, 0.5
"""Pressure above or below these multiples of the ordinary is called much or little."""


@dataclass(frozen=True)
class Story:
    """A shot in words: a headline, and what made the number."""

    headline: str
    body: str


def shot_story(shot: Facts, ordinary_xg: float, words: Language) -> Story:
    """Say what made a shot worth its xG.

    Parameters
    ----------
    shot
        See :func:`xgoals.report.summarise_shots.shot_facts`.
    ordinary_xg
        The prediction at the baseline row: the xG of an ordinary shot.
    words
        The language of the page.
    """
    return Story(_headline(shot, ordinary_xg, words), _body(shot, words))


def times_in_a_hundred(xg: float, words: Language) -> str:
    """A probability as a natural frequency."""
    if xg < 0.01:
        return words.text("less than once in a hundred")
    return words.plural("about once in a hundred", "about %(n)s times in a hundred", round(100 * xg))


def _headline(shot: Facts, ordinary_xg: float, words: Language) -> str:
    xg = shot["xg"]
    if shot["is_goal"] and xg < SURPRISING_XG:
        return words.text(
            "A goal that hardly anybody expects: it goes in %(often)s.", often=times_in_a_hundred(xg, words)
        )
    return words.text(
        "%(ratio)s: it goes in %(often)s.",
        ratio=_ratio(xg / ordinary_xg, words),
        often=times_in_a_hundred(xg, words),
    )


def _ratio(ratio: float, words: Language) -> str:
    if ratio >= 1.75:
        return words.text("%(n)s times an ordinary shot", n=words.number(ratio, 0))
    if ratio >= 1.25:
        return words.text("Half as much again as an ordinary shot")
    if ratio >= 0.8:
        return words.text("About an ordinary shot")
    if ratio >= 0.4:
        return words.text("About half an ordinary shot")
    if ratio >= 0.15:
        return words.text("A fraction of an ordinary shot")
    return words.text("Next to nothing beside an ordinary shot")


def _body(shot: Facts, words: Language) -> str:
    total = sum(abs(value) for value in shot["groups"].values())
    ranked = sorted(shot["groups"].items(), key=lambda item: (-abs(item[1]), item[0]))
    told = [(group, value) for group, value in ranked if abs(value) > _WORTH_SAYING * total]
    raised = [_clause(shot, group, words) for group, value in told if value > 0]
    lowered = [_clause(shot, group, words) for group, value in told if value < 0]
    sentences = []
    if raised:
        sentences.append(words.text("Raised by %(what)s.", what=words.listing(raised)))
    if lowered:
        sentences.append(words.text("Lowered by %(what)s.", what=words.listing(lowered)))
    if told and told[0][1] < 0:
        sentences.reverse()
    return " ".join(sentences)


def _clause(shot: Facts, group: str, words: Language) -> str:
    features = {feature["name"]: feature for feature in shot["features"]}
    said = _SPEAKERS[group](features, words) if group in _SPEAKERS else ""
    said = said or _strongest(shot, group, words)
    name = words.text(_GROUP_NAMES.get(group, group))
    return f"{name} ({said})" if said else name


_GROUP_NAMES = {
    "place": "the place",
    "keeper": "the goalkeeper",
    "opponents": "the opponents",
    "execution": "the execution",
    "situation": "the situation",
}


def _place(features: dict[str, Facts], words: Language) -> str:
    distance, angle = _value(features, "DistanceToGoal"), _value(features, "AngleToGoal")
    if distance is None or angle is None:
        return ""
    return words.text(
        "%(distance)s m out, angle %(angle)s°",
        distance=words.number(distance, 0),
        angle=words.number(angle, 0),
    )


def _keeper(features: dict[str, Facts], words: Language) -> str:
    hidden = features.get("GoalkeeperCoverage")
    if hidden is None:
        return ""
    if hidden["value"] is None:
        return words.text("position unknown")
    if hidden["baseline"] is None:
        return words.text("hides %(n)s of the goal", n=words.share(hidden["value"] / 100))
    return words.text(
        "hides %(n)s of the goal, ordinarily %(ordinary)s",
        n=words.share(hidden["value"] / 100),
        ordinary=words.share(hidden["baseline"] / 100),
    )


def _opponents(features: dict[str, Facts], words: Language) -> str:
    parts = []
    in_the_way = _value(features, "AmountOfDefenders")
    if in_the_way is not None and in_the_way == round(in_the_way):
        n = int(in_the_way)
        parts.append(
            words.text("nobody in the way")
            if n == 0
            else words.plural("one in the way", "%(n)s in the way", n)
        )
    pressure = features.get("PressureSum")
    if pressure is not None and pressure["value"] is not None and pressure["baseline"]:
        parts.append(_pressure(pressure["value"], pressure["value"] / pressure["baseline"], words))
    return ", ".join(parts)


def _pressure(value: float, ratio: float, words: Language) -> str:
    if value == 0:
        return words.text("no pressure")
    if ratio > _MUCH:
        return words.text("much pressure")
    return words.text("little pressure") if ratio < _LITTLE else words.text("ordinary pressure")


def _execution(features: dict[str, Facts], words: Language) -> str:
    if _value(features, "Header") == 1:
        return words.text("a header")
    return ""


def _situation(features: dict[str, Facts], words: Language) -> str:
    if _value(features, "Penalty") == 1:
        return words.text("a penalty")
    if _value(features, "FreeKick") == 1:
        return words.text("a direct free kick")
    return ""


_SPEAKERS: dict[str, Callable[[dict[str, Facts], Language], str]] = {
    "place": _place,
    "keeper": _keeper,
    "opponents": _opponents,
    "execution": _execution,
    "situation": _situation,
}


def _strongest(shot: Facts, group: str, words: Language) -> str:
    members = [feature for feature in shot["features"] if feature["group"] == group]
    if not members:
        return ""
    feature = max(members, key=lambda member: abs(member["attribution"]))
    said = feature_value(feature, feature["value"], words)
    return said if feature["kind"] == "category" else f"{words.text(feature['label'])}: {said}"


def _value(features: dict[str, Facts], name: str) -> float | None:
    feature = features.get(name)
    return None if feature is None else feature["value"]


_DECIMALS = {"m": 1, "deg": 0, "%": 0, "km/h": 1}
_UNITS = {"deg": "°", "%": f"{THIN}%", "km/h": f"{THIN}km/h", "m": f"{THIN}m"}


def feature_value(feature: Facts, value: float | None, words: Language) -> str:
    """A feature's value as people read it: with its unit, or the word of its category."""
    if value is None or value != value:
        return words.text("missing")
    if feature["kind"] in ("category", "binary") and feature["categories"]:
        by_code = {int(code): word for code, word in feature["categories"].items()}
        return words.text(str(by_code.get(int(value), "other")))
    if feature["kind"] == "binary":
        return words.text("yes") if value > 0 else words.text("no")
    if feature["kind"] == "count":
        return words.number(value, 0 if value == round(value) else 1)
    unit = feature["unit"] or ""
    return words.number(value, _DECIMALS.get(unit, 2)) + _UNITS.get(unit, f"{THIN}{unit}" if unit else "")
