"""Numbers into words: rule-based, so that nothing is invented.

Every clause states measured values of the shot beside the ordinary one (the baseline); the model's values only
decide which clauses are said, in which order, and whether they raise or lower. A test recomputes the clauses.
"""

from dataclasses import dataclass

from xgoals.analysis.highlights import SURPRISE_XG
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.facts_in_words import category_word, fact
from xgoals.report.words.rank import rank_in_words

_WORTH_SAYING = 0.08
"""A group with less than this share of all pushes is not mentioned."""

_WORTH_A_FACT = 0.4
"""Of a group's features those are told that pull at least this much of what the strongest does."""


@dataclass(frozen=True)
class Story:
    """A shot in words: a headline, and what made the number."""

    headline: str
    body: str


def shot_story(shot: Facts, words: Language) -> Story:
    """Say what made a shot worth its xG.

    Parameters
    ----------
    shot
        See :func:`xgoals.report.summarise_shots.shot_facts`.
    words
        The language of the page.
    """
    return Story(headline(shot, words), _body(shot, words))


def times_in_a_hundred(xg: float, words: Language) -> str:
    """A probability as a natural frequency."""
    if xg < 0.01:
        return words.text("less than once in a hundred")
    return words.plural("about once in a hundred", "about %(n)s times in a hundred", round(100 * xg))


def headline(shot: Facts, words: Language) -> str:
    """How good a chance it was: its rank among shots of its kind, and how often such shots go in."""
    often = times_in_a_hundred(shot["xg"], words)
    if shot["is_penalty"]:
        return words.text("A penalty: such kicks go in %(often)s.", often=often)
    if is_surprise(shot):
        return words.text("A goal that hardly anybody expects: it goes in %(often)s.", often=often)
    if shot["rank"] is None or shot["ranked_among"] is None:
        return words.text("It goes in %(often)s.", often=often)
    return words.text(
        "%(rank)s: it goes in %(often)s.",
        rank=rank_in_words(shot["rank"], shot["ranked_among"], words),
        often=often,
    )


def is_surprise(shot: Facts) -> bool:
    """Whether it was a goal that a model which had not seen the match, wherever there is one, did not expect."""
    xg = shot["xg"] if shot["unseen_xg"] is None else shot["unseen_xg"]
    return bool(shot["is_goal"] and xg < SURPRISE_XG)


def _body(shot: Facts, words: Language) -> str:
    if shot["is_penalty"]:
        return ""
    total = sum(abs(value) for value in shot["groups"].values())
    ranked = sorted(shot["groups"].items(), key=lambda item: (-abs(item[1]), item[0]))
    told = [(group, value) for group, value in ranked if abs(value) > _WORTH_SAYING * total]
    raised = [_clause(shot, group, 1, words) for group, value in told if value > 0]
    lowered = [_clause(shot, group, -1, words) for group, value in told if value < 0]
    sentences = []
    if raised:
        sentences.append(words.text("In its favour: %(what)s.", what=words.listing(raised)))
    if lowered:
        sentences.append(words.text("Against it: %(what)s.", what=words.listing(lowered)))
    if told and told[0][1] < 0:
        sentences.reverse()
    return " ".join(sentences)


_GROUP_NAMES = {
    "place": "the place",
    "keeper": "the keeper",
    "opponents": "the opponents",
    "execution": "the execution",
    "situation": "the situation",
}


def _clause(shot: Facts, group: str, sign: int, words: Language) -> str:
    """The group and, in brackets, at most two facts that pull the way the whole group does."""
    members = [feature for feature in shot["features"] if feature["group"] == group]
    reasons = [f for f in members if supports(f, sign) and not _is_disputed(f, members, sign)]
    reasons.sort(key=lambda f: -abs(f["attribution"]))
    strong = [f for f in reasons if abs(f["attribution"]) >= _WORTH_A_FACT * abs(reasons[0]["attribution"])]
    plain = [_plainer(feature, members, sign) for feature in strong]
    distinct = list(dict.fromkeys(text for text in (fact(feature, words) for feature in plain) if text))[:2]
    name = words.text(_GROUP_NAMES.get(group, group))
    return f"{name} ({', '.join(distinct)})" if distinct else name


_TWINS = {
    "DistanceToGoalClosest": "DistanceToGoal",
    "GoalDistanceGoalkeeperClosest": "GoalDistanceGoalkeeper",
    "FootShot": "Header",
    "StrikeType": "Header",
}
"""Features that say the same thing to a reader, with the one that says it in plainer words."""


def _plainer(feature: Facts, members: list[Facts], sign: int) -> Facts:
    """The feature, or its twin where that says the same of this shot in plainer words."""
    twin = next((f for f in members if f["name"] == _TWINS.get(feature["name"])), None)
    if twin is None or twin["value"] is None:
        return feature
    if twin["name"] == "Header" and (twin["value"] < 0 or _is_diving(feature)):
        return feature
    return twin if _points(twin, sign) else feature


def _is_disputed(feature: Facts, members: list[Facts], sign: int) -> bool:
    """Whether another measure of the same thing points the other way: then neither is told.

    Two opponents beside the goal leave nearly all of it open to a shot from close by, and count as in the way.
    """
    other = next((f for f in members if f["name"] == _SAME_THING.get(feature["name"])), None)
    if other is None or other["value"] is None or other["baseline"] is None:
        return False
    return _points(other, -sign)


_SAME_THING = {
    "UnblockedShare": "AmountOfDefenders",
    "AmountOfDefenders": "UnblockedShare",
    "PressureNearest": "PressureSum",
    "PressureSum": "PressureNearest",
    "PressureMax": "PressureSum",
}
"""Two measures of one thing that the picture shows once: who is in the way, and how close they are."""


def _is_diving(feature: Facts) -> bool:
    return feature["kind"] == "category" and category_word(feature, feature["value"]) == "diving header"


def supports(feature: Facts, sign: int) -> bool:
    """Whether a feature is a reason that a reader of the picture would accept.

    Its own value pulls the way of its group, and the shot differs from the ordinary one in the direction that
    pulls so in football: a keeper who hides more than usual is no reason why a shot is rated higher, even when
    the model, weighing him with everything else, says so.
    """
    if feature["attribution"] * sign <= 0:
        return False
    return _points(feature, sign)


def _points(feature: Facts, sign: int) -> bool:
    """Whether the shot differs from the ordinary one in the direction that pulls so in football."""
    expected = _EXPECTED.get(feature["name"])
    if expected is None or feature["value"] is None or feature["baseline"] is None:
        return True
    return bool((feature["value"] - feature["baseline"]) * expected * sign > 0)


_EXPECTED = {
    "AngleToGoal": 1,
    "DistanceToGoal": -1,
    "DistanceToGoalClosest": -1,
    "GoalkeeperCoverage": -1,
    "GoalDistanceGoalkeeper": 1,
    "GoalDistanceGoalkeeperClosest": 1,
    "GoalkeeperInterception": -1,
    "AmountOfDefenders": -1,
    "UnblockedShare": 1,
    "OpponentsGoalSide": -1,
    "PressureNearest": -1,
    "PressureMax": -1,
    "PressureSum": -1,
    "Header": -1,
    "FootShot": 1,
}
"""Which way more of a feature pulls, as anybody who plays football would say."""
