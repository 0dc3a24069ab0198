"""Who scored and when, the score at half-time, and who was sent off: the lines below a result."""

from collections.abc import Mapping
from dataclasses import dataclass

from xgoals.analysis.facts.goals_in_time import Goal
from xgoals.analysis.match import MatchNumbers
from xgoals.analysis.results import SIDES, Side
from xgoals.analysis.within_match.events import MatchEvent
from xgoals.domain.names import surname
from xgoals.language import Language
from xgoals.report.words.clock import clock


@dataclass(frozen=True, slots=True)
class GoalTime:
    """When somebody scored, "45+2′ (penalty)", and by which shot; the id is empty for an own goal."""

    said: str
    shot_id: str


@dataclass(frozen=True, slots=True)
class Scorer:
    """Who scored for a side, by the surname, and when; own goals of a player stand apart from his goals."""

    name: str
    times: tuple[GoalTime, ...]

    def __str__(self) -> str:
        return f"{self.name} {', '.join(time.said for time in self.times)}"


@dataclass(frozen=True, slots=True)
class GoalsInWords:
    """The lines below a result.

    Attributes
    ----------
    scorers
        By side, "Wirtz 17′, 45+2′ (penalty), Deman 9′ (own goal)", empty without a goal.
    half_time
        "1–0", empty where not known.
    sent_off
        "Boniface 54′", by side, empty without one.
    """

    scorers: Mapping[Side, str]
    half_time: str
    sent_off: Mapping[Side, str]


def goals_in_words(numbers: MatchNumbers, words: Language) -> GoalsInWords:
    """What is known of the goals of a match."""
    return GoalsInWords(
        scorers={side: _line(numbers, side, words) for side in SIDES},
        half_time="" if numbers.half_time is None else words.score("–".join(map(str, numbers.half_time))),
        sent_off={side: _sent_off(numbers.sent_off, side, words) for side in SIDES},
    )


def _line(numbers: MatchNumbers, side: Side, words: Language) -> str:
    told = [str(scorer) for scorer in scorers(numbers, side, words)]
    lacking = lacking_goals(numbers, side, words)
    return ", ".join([*told, lacking] if lacking else told)


def scorers(numbers: MatchNumbers, side: Side, words: Language) -> tuple[Scorer, ...]:
    """Each scorer of a side once, in the order of his first goal; of goals without a name each by itself."""
    times: dict[tuple[str, bool, int], list[GoalTime]] = {}
    for n, goal in enumerate(numbers.goals):
        if goal.side == side:
            who = goal.player, goal.is_own_goal, 0 if goal.player else n
            times.setdefault(who, []).append(GoalTime(_when(goal, words), goal.shot_id))
    return tuple(Scorer(_name(player, words), tuple(at)) for (player, *_), at in times.items())


def lacking_goals(numbers: MatchNumbers, side: Side, words: Language) -> str:
    """How many goals of a side nobody knows anything of; empty where all are known."""
    unknown = numbers.sides[side].score - sum(goal.side == side for goal in numbers.goals)
    if unknown <= 0:
        return ""
    return words.plural(
        "one goal without a shot in the data", "%(n)s goals without a shot in the data", unknown
    )


def _name(player: str, words: Language) -> str:
    return surname(player) or words.text("Unknown player")


def _when(goal: Goal, words: Language) -> str:
    said = clock({"minute": goal.minute, "period": goal.period})
    if goal.is_own_goal:
        return f"{said} ({words.text('own goal')})"
    return f"{said} ({words.text('penalty')})" if goal.is_penalty else said


def _sent_off(cards: tuple[MatchEvent, ...], side: Side, words: Language) -> str:
    return ", ".join(
        f"{_name(card.player, words)} {clock({'minute': card.minute, 'period': card.period})}"
        for card in cards
        if card.side == side
    )
