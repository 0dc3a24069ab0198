"""What happened at a shot, in one line and whatever any model says: the strike, the pass, the score, who kept goal.

Only what the feed says is told; what it does not say is left out, never guessed.
"""

from collections.abc import Callable, Iterator

from xgoals.analysis.facts.shot_facts import AssistFacts, ShotFacts
from xgoals.domain.circumstances import PassHeight, PassKind
from xgoals.domain.names import surname
from xgoals.domain.shot import BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.language import Language


def facts_line(facts: ShotFacts, words: Language) -> str:
    """The facts of a shot, as in "Right foot, first time, from Trippier's cross, at 0–0, one on one; Courtois in goal".

    Parameters
    ----------
    facts
        See :func:`xgoals.analysis.facts.shot_facts.facts_of_shots`.
    words
        The language of the page.
    """
    clauses = [clause for tell in _CLAUSES if (clause := tell(facts, words))]
    line = ", ".join(clauses)
    keeper = _keeper(facts, words)
    line = "; ".join(part for part in (line, keeper) if part)
    return f"{line[:1].upper()}{line[1:]}." if line else ""


def missing_line(facts: ShotFacts, words: Language) -> str:
    """Whose position is not recorded; empty where everything is, and of penalties, where nobody else matters."""
    if facts.shot_type is ShotType.PENALTY:
        return ""
    if not facts.has_positions:
        return words.text("Where the others stood is not recorded.")
    return "" if facts.has_keeper else words.text("The keeper's position is not recorded.")


def _set_piece(facts: ShotFacts, words: Language) -> str:
    said = _SET_PIECES.get(facts.shot_type)
    return words.text(said) if said else ""


_SET_PIECES = {
    ShotType.PENALTY: "penalty",
    ShotType.FREE_KICK: "direct free kick",
    ShotType.CORNER: "straight from the corner",
}


def _strike(facts: ShotFacts, words: Language) -> str:
    if facts.technique is Technique.DIVING_HEADER:
        return words.text("diving header")
    said = _STRIKES.get(facts.body_part)
    return words.text(said) if said else ""


_STRIKES = {
    BodyPart.RIGHT_FOOT: "right foot",
    BodyPart.LEFT_FOOT: "left foot",
    BodyPart.HEAD: "header",
    BodyPart.OTHER: "neither foot nor head",
}


def _technique(facts: ShotFacts, words: Language) -> str:
    said = _TECHNIQUES.get(facts.technique)
    return words.text(said) if said else ""


_TECHNIQUES = {
    Technique.HALF_VOLLEY: "half-volley",
    Technique.VOLLEY: "volley",
    Technique.LOB: "lob",
    Technique.BACKHEEL: "backheel",
    Technique.OVERHEAD: "overhead kick",
}


def _first_time(facts: ShotFacts, words: Language) -> str:
    """Told where it says something: a header has one touch, and so has a dead ball."""
    is_plain = facts.body_part is not BodyPart.HEAD and facts.shot_type is ShotType.OPEN_PLAY
    return words.text("first time") if facts.is_first_time and is_plain else ""


def _assist(facts: ShotFacts, words: Language) -> str:
    if facts.assist is None or facts.shot_type is not ShotType.OPEN_PLAY:
        return ""
    named, nameless = _pass_words(facts.assist)
    if facts.assist.player:
        return words.text(named, player=surname(facts.assist.player))
    return words.text(nameless)


def _pass_words(assist: AssistFacts) -> tuple[str, str]:
    """How a pass is told, with its player and without."""
    if assist.kind is PassKind.PASS and assist.is_switch:
        return _SWITCH
    if assist.kind is PassKind.PASS and assist.height is PassHeight.HIGH:
        return _HIGH_PASS
    return _PASSES[assist.kind]


_SWITCH = ("from %(player)s's switch of play", "from a switch of play")
_HIGH_PASS = ("from %(player)s's high pass", "from a high pass")


_PASSES = {
    PassKind.PASS: ("from %(player)s's pass", "from a pass"),
    PassKind.CROSS: ("from %(player)s's cross", "from a cross"),
    PassKind.CUT_BACK: ("from %(player)s's cut-back", "from a cut-back"),
    PassKind.THROUGH_BALL: ("from %(player)s's through ball", "from a through ball"),
    PassKind.CORNER: ("from %(player)s's corner", "from a corner"),
    PassKind.FREE_KICK: ("from %(player)s's free kick", "from a free kick"),
    PassKind.THROW_IN: ("from %(player)s's throw-in", "from a throw-in"),
    PassKind.GOAL_KICK: ("from %(player)s's goal kick", "from a goal kick"),
    PassKind.KICK_OFF: ("from %(player)s's kick-off", "from the kick-off"),
}


def _rebound(facts: ShotFacts, words: Language) -> str:
    if facts.rebound_of is None:
        return words.text("a rebound") if facts.set_up is SetUp.REBOUND else ""
    is_header = facts.rebound_of.body_part is BodyPart.HEAD
    named, nameless = _REBOUNDS[is_header, facts.rebound_of.outcome]
    if facts.rebound_of.player:
        return words.text(named, player=surname(facts.rebound_of.player))
    return words.text(nameless)


_REBOUNDS = {
    (True, Outcome.SAVED): ("after %(player)s's header was saved", "after a header was saved"),
    (True, Outcome.BLOCKED): ("after %(player)s's header was blocked", "after a header was blocked"),
    (True, Outcome.WOODWORK): (
        "after %(player)s's header against the woodwork",
        "after a header against the woodwork",
    ),
    (False, Outcome.SAVED): ("after %(player)s's shot was saved", "after a shot was saved"),
    (False, Outcome.BLOCKED): ("after %(player)s's shot was blocked", "after a shot was blocked"),
    (False, Outcome.WOODWORK): (
        "after %(player)s's shot against the woodwork",
        "after a shot against the woodwork",
    ),
}
"""By whether it was a header, and its end."""

_SET_PIECE_PASSES = (PassKind.CORNER, PassKind.FREE_KICK, PassKind.THROW_IN)


def _attack(facts: ShotFacts, words: Language) -> str:
    """How the attack began, where the pass has not said it."""
    if facts.shot_type is not ShotType.OPEN_PLAY:
        return ""
    if facts.assist is not None and facts.assist.kind in _SET_PIECE_PASSES:
        return ""
    if facts.set_up is SetUp.CROSS:
        return "" if facts.assist is not None else words.text("from a cross")
    said = _ATTACKS.get(facts.set_up)
    return words.text(said) if said else ""


_ATTACKS = {
    SetUp.COUNTER: "on the counter",
    SetUp.OPPONENT_ERROR: "after the opponents' mistake",
    SetUp.CORNER: "after a corner",
    SetUp.FREE_KICK: "after a free kick",
    SetUp.THROW_IN: "after a throw-in",
}


def _score(facts: ShotFacts, words: Language) -> str:
    if facts.score is None:
        return ""
    home, away = facts.score
    return words.text("at %(score)s", score=words.score(f"{home}–{away}"))


def _duel(facts: ShotFacts, words: Language) -> str:
    """Whom the shooter had before him, beside him, or over him."""
    if facts.is_open_goal:
        return words.text("into an empty net")
    if facts.is_one_on_one and facts.shot_type is ShotType.OPEN_PLAY:
        return words.text("one on one")
    return ""


def _challenge(facts: ShotFacts, words: Language) -> str:
    if facts.is_aerial_won:
        return words.text("won in the air")
    return words.text("under pressure") if facts.is_under_pressure else ""


def _deflection(facts: ShotFacts, words: Language) -> str:
    return words.text("deflected") if facts.is_deflected else ""


def _keeper(facts: ShotFacts, words: Language) -> str:
    """Who kept goal; nobody did where the net was empty."""
    if not facts.keeper or facts.is_open_goal:
        return ""
    return words.text("%(player)s in goal", player=surname(facts.keeper))


_CLAUSES: tuple[Callable[[ShotFacts, Language], str], ...] = (
    _set_piece,
    _strike,
    _technique,
    _first_time,
    _rebound,
    _assist,
    _attack,
    _score,
    _duel,
    _challenge,
    _deflection,
)
"""In the order in which they are told."""


def texts() -> Iterator[str]:
    """Every clause that comes from a table, for whoever translates them."""
    for table in (_SET_PIECES, _STRIKES, _TECHNIQUES, _ATTACKS):
        yield from table.values()
    for pair in (*_PASSES.values(), *_REBOUNDS.values(), _SWITCH, _HIGH_PASS):
        yield from pair
