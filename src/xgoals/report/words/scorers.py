"""Who scored and when, the score at half-time, and who was sent off: the lines below a result."""

from xgoals.analysis.facts.goals_in_time import Goal
from xgoals.analysis.match import MatchNumbers, SendingOff
from xgoals.analysis.results import SIDES, Side
from xgoals.domain.names import surname
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.words.clock import clock


def goals_in_words(numbers: MatchNumbers, words: Language) -> Facts:
    """What is known of the goals of a match.

    Returns
    -------
    dict
        ``scorers``: by side, "Wirtz 17′, 45+2′ (penalty), Deman 9′ (own goal)", empty without a goal;
        ``half_time``: "1–0", empty where not known; ``sent_off``: "Boniface 54′", by side, empty without one.
    """
    return {
        "scorers": {side: _scorers(numbers, side, words) for side in SIDES},
        "half_time": "" if numbers.half_time is None else words.score("–".join(map(str, numbers.half_time))),
        "sent_off": {side: _sent_off(numbers.sent_off, side, words) for side in SIDES},
    }


def _scorers(numbers: MatchNumbers, side: Side, words: Language) -> str:
    """Each scorer once, in the order of his first goal, own goals apart; then how many goals are nobody's shot."""
    times: dict[tuple[str, bool, int], list[str]] = {}
    for n, goal in enumerate(numbers.goals):
        if goal.side == side:
            who = goal.player, goal.is_own_goal, 0 if goal.player else n
            times.setdefault(who, []).append(_when(goal, words))
    told = [f"{_name(player, words)} {', '.join(at)}" for (player, *_), at in times.items()]
    unknown = numbers.sides[side].score - sum(map(len, times.values()))
    if unknown > 0:
        told.append(words.plural("one goal not from a shot", "%(n)s goals not from a shot", unknown))
    return ", ".join(told)


def _name(player: str, words: Language) -> str:
    return surname(player) or words.text("Unknown player")


def _when(goal: Goal, words: Language) -> str:
    said = clock({"minute": goal.minute, "period": goal.period})
    if goal.is_own_goal:
        return f"{said} ({words.text('own goal')})"
    return f"{said} ({words.text('penalty')})" if goal.is_penalty else said


def _sent_off(cards: tuple[SendingOff, ...], side: Side, words: Language) -> str:
    return ", ".join(
        f"{_name(card.player, words)} {clock({'minute': card.minute, 'period': card.period})}"
        for card in cards
        if card.side == side
    )
