"""What the parts, ways and zones of a club's page are called."""

from xgoals.analysis.club.blocks import Direction
from xgoals.analysis.club.origins import LastPass, Origin
from xgoals.analysis.club.places import Zone
from xgoals.domain.reason import Part
from xgoals.language import Language


def way_in_words(kind: str, name: str, words: Language) -> str:
    """A way to a chance, or a zone."""
    if kind == "zone":
        return _zone(Zone(name), words)
    return _pass(LastPass(name), words) if kind == "pass" else origin_in_words(name, words)


def origin_in_words(name: str, words: Language) -> str:
    """How an attack began."""
    return {
        "set_pieces": words.text("Set pieces in all"),
        Origin.PENALTY: words.text("Penalty"),
        Origin.DIRECT_FREE_KICK: words.text("Direct free kick"),
        Origin.AFTER_FREE_KICK: words.text("After a free kick"),
        Origin.CORNER: words.text("After a corner"),
        Origin.THROW_IN: words.text("After a throw-in"),
        Origin.COUNTER: words.text("Counter-attack"),
        Origin.CROSS: words.text("From a cross"),
        Origin.OPPONENT_ERROR: words.text("After an opponent's error"),
        Origin.REBOUND: words.text("From a rebound"),
        Origin.GOAL_KICK: words.text("From a goal kick on"),
        Origin.KICK_OFF: words.text("From the kick-off on"),
        Origin.OPEN_PLAY: words.text("Open play otherwise"),
        Origin.OTHER: words.text("Not told"),
    }[name]


def _pass(name: LastPass, words: Language) -> str:
    return {
        LastPass.THROUGH_BALL: words.text("Through ball"),
        LastPass.CUT_BACK: words.text("Cut-back"),
        LastPass.CROSS: words.text("Cross"),
        LastPass.CORNER: words.text("Corner straight to the shooter"),
        LastPass.FREE_KICK: words.text("Free kick straight to the shooter"),
        LastPass.THROW_IN: words.text("Throw-in straight to the shooter"),
        LastPass.PASS: words.text("Another pass"),
        LastPass.OTHER: words.text("Goal kick or kick-off"),
        LastPass.NONE: words.text("No pass named"),
    }[name]


def _zone(zone: Zone, words: Language) -> str:
    return {
        Zone.GOAL_AREA: words.text("Goal area"),
        Zone.BOX_CENTRE: words.text("Penalty area, centre"),
        Zone.BOX_SIDES: words.text("Penalty area, sides"),
        Zone.OUTSIDE: words.text("Outside the penalty area"),
    }[zone]


def part_in_words(part: Part, words: Language) -> str:
    """A part of the xG."""
    return {
        Part.PLACE: words.text("Place"),
        Part.KEEPER: words.text("Keeper"),
        Part.OPPONENTS: words.text("Opponents"),
        Part.STRIKE: words.text("Strike"),
    }[part]


def what_it_means(part: Part, words: Language) -> str:
    """What a part is measured by, in a few words."""
    return {
        Part.PLACE: words.text("where from, foot or head"),
        Part.KEEPER: words.text("how the keeper stood, against usual keepers there"),
        Part.OPPONENTS: words.text("who was in the way or near, against what is usual there"),
        Part.STRIKE: words.text("how the ball was struck"),
    }[part]


def standing_part(part: Part, direction: Direction, more: float, words: Language) -> str:
    """A part that sets a club's shots, or those it faces, apart from the league's."""
    if direction is Direction.FOR:
        return {
            (Part.PLACE, True): words.text("it shoots from better places"),
            (Part.PLACE, False): words.text("it shoots from worse places"),
            (Part.KEEPER, True): words.text("keepers stand worse when it shoots"),
            (Part.KEEPER, False): words.text("keepers stand better when it shoots"),
            (Part.OPPONENTS, True): words.text("opponents get less in the way of its shots"),
            (Part.OPPONENTS, False): words.text("opponents get more in the way of its shots"),
            (Part.STRIKE, True): words.text("it strikes the ball in easier ways"),
            (Part.STRIKE, False): words.text("it strikes the ball in harder ways"),
        }[part, more > 0]
    return {
        (Part.PLACE, True): words.text("it lets others shoot from better places"),
        (Part.PLACE, False): words.text("it lets others shoot only from worse places"),
        (Part.KEEPER, True): words.text("its keepers stand worse than usual"),
        (Part.KEEPER, False): words.text("its keepers stand better than usual"),
        (Part.OPPONENTS, True): words.text("its players get less in the way of shots"),
        (Part.OPPONENTS, False): words.text("its players get more in the way of shots"),
        (Part.STRIKE, True): words.text("it lets others strike the ball in easier ways"),
        (Part.STRIKE, False): words.text("it makes others strike the ball in harder ways"),
    }[part, more > 0]
