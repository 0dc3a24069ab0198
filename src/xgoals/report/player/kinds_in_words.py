"""Kinds of shots as people call them."""

from collections.abc import Iterator

from xgoals.analysis.player.kinds import BAND_EDGES_XG, Band, Situation, Strike, Zone
from xgoals.analysis.player.profile import Aspect, Kind
from xgoals.language import Language

ZONES = {
    Zone.GOAL_AREA: "goal area",
    Zone.NEAR: "middle, up to 11 m",
    Zone.BOX: "middle, 11 m to the edge of the box",
    Zone.BOX_LEFT: "box, on the left",
    Zone.BOX_RIGHT: "box, on the right",
    Zone.EDGE: "before the box, middle",
    Zone.EDGE_LEFT: "before the box, on the left",
    Zone.EDGE_RIGHT: "before the box, on the right",
    Zone.FAR: "from 25 m or more",
    Zone.UNKNOWN: "place not known",
}
STRIKES = {
    Strike.RIGHT_FOOT: "right foot",
    Strike.LEFT_FOOT: "left foot",
    Strike.HEAD: "head",
    Strike.OTHER: "neither foot nor head",
}
SITUATIONS = {
    Situation.OPEN_PLAY: "open play",
    Situation.COUNTER: "on the counter",
    Situation.CORNER: "after a corner",
    Situation.FREE_KICK: "after a free kick",
    Situation.THROW_IN: "after a throw-in",
    Situation.DIRECT_FREE_KICK: "direct free kick",
    Situation.PENALTY: "penalty",
}
ASPECTS = {
    Aspect.PLACE: "From where",
    Aspect.STRIKE: "With what",
    Aspect.SITUATION: "After what",
    Aspect.QUALITY: "How good",
}
_TRAITS: dict[Kind, str] = {
    Zone.GOAL_AREA: "shots from the goal area",
    Zone.NEAR: "shots from the middle, up to 11 m",
    Zone.BOX: "shots from the middle of the box, beyond 11 m",
    Zone.BOX_LEFT: "shots from the left of the box",
    Zone.BOX_RIGHT: "shots from the right of the box",
    Zone.EDGE: "shots from before the box, middle",
    Zone.EDGE_LEFT: "shots from before the box, on the left",
    Zone.EDGE_RIGHT: "shots from before the box, on the right",
    Zone.FAR: "shots from 25 m or more",
    Zone.UNKNOWN: "shots whose place is not known",
    Strike.RIGHT_FOOT: "shots with the right foot",
    Strike.LEFT_FOOT: "shots with the left foot",
    Strike.HEAD: "headers",
    Strike.OTHER: "shots with neither foot nor head",
    Situation.OPEN_PLAY: "shots from open play",
    Situation.COUNTER: "shots on the counter",
    Situation.CORNER: "shots after corners",
    Situation.FREE_KICK: "shots after free kicks",
    Situation.THROW_IN: "shots after throw-ins",
    Situation.DIRECT_FREE_KICK: "direct free kicks",
    Situation.PENALTY: "penalties",
}


def kind_in_words(kind: Kind, words: Language) -> str:
    """A kind as a line of a table."""
    if isinstance(kind, Band):
        return _band(kind, words)
    if isinstance(kind, Zone):
        return words.text(ZONES[kind])
    return words.text(STRIKES[kind] if isinstance(kind, Strike) else SITUATIONS[kind])


def trait_in_words(kind: Kind, words: Language) -> str:
    """What two players have in common: "headers"."""
    return words.text(_TRAITS[kind])


def _band(band: Band, words: Language) -> str:
    n = tuple(Band).index(band)
    edges = [words.number(edge) for edge in BAND_EDGES_XG]
    if n == 0:
        return words.text("less than %(xg)s xG", xg=edges[0])
    if n == len(edges):
        return words.text("%(xg)s xG or more", xg=edges[-1])
    return words.text("%(low)s to %(high)s xG", low=edges[n - 1], high=edges[n])


def texts() -> Iterator[str]:
    """What comes from tables, for whoever translates it."""
    for table in (ZONES, STRIKES, SITUATIONS, ASPECTS, _TRAITS):
        yield from table.values()
