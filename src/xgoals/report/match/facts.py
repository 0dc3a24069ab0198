"""A match as its page shows it: what is counted of it, every shot, goals and cards in their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pandas as pd

from xgoals.analysis.facts.goals_in_time import Goal
from xgoals.analysis.highlights import LARGE_XG
from xgoals.analysis.match import MatchNumbers, match_numbers
from xgoals.analysis.results import Side
from xgoals.analysis.shots import Model, number_or_none
from xgoals.analysis.sides import in_order_of_play, side_of
from xgoals.analysis.within_match.events import MatchEvent
from xgoals.analysis.within_match.race import Race, goal_min, race
from xgoals.domain.incident import IncidentKind
from xgoals.domain.match import MatchStatus
from xgoals.report.facts import Facts
from xgoals.report.shot.facts import published_shot
from xgoals.report.words.clock import clock

SHOWN_BEST = 5
"""Best chances that are listed by themselves."""


@dataclass(frozen=True, slots=True)
class MatchTitle:
    """What stands above a match; None where the feed does not say it."""

    match_id: str
    competition: str
    season: str
    matchday: int | None
    round: str | None
    match_date: Any
    status: MatchStatus


@dataclass(frozen=True, slots=True)
class ToldGoal:
    """A goal as the page lists it.

    Attributes
    ----------
    side
        That it counts for.
    player
        Who scored, also into his own goal; empty where not known.
    clock, at_min
        When: as football writes it, and in playing time.
    key, xg
        Of the card of its shot; None for an own goal.
    score
        What it led to, "2–1"; empty where goals of the result are not known.
    """

    side: Side
    player: str
    clock: str
    at_min: float
    key: str | None
    xg: float | None
    is_penalty: bool
    is_own_goal: bool
    score: str


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """A card or a substitution as the page lists it; names are empty where not known."""

    side: Side
    kind: IncidentKind
    player: str
    replacement: str
    clock: str
    at_min: float


@dataclass(frozen=True)
class MatchFacts:
    """All numbers of a match page but the scenes.

    Attributes
    ----------
    match
        Its title data.
    score
        Of the result, or of the goals that are known; "–" where nothing is.
    numbers, race
        What is counted, and how it built up.
    shots
        In the order of play: :func:`~xgoals.report.shot.facts.published_shot` with ``side, clock, key`` (of the card)
        and ``open``; goals with the ``score`` that they led to.
    goals, events
        In the order of play.
    """

    match: MatchTitle
    score: str
    numbers: MatchNumbers
    race: Race
    shots: tuple[Facts, ...]
    goals: tuple[ToldGoal, ...]
    events: tuple[ToldEvent, ...]

    @property
    def own_goals(self) -> tuple[ToldGoal, ...]:
        """Goals that are nobody's shot."""
        return tuple(goal for goal in self.goals if goal.is_own_goal)

    @property
    def turns(self) -> tuple[ToldGoal | ToldEvent, ...]:
        """Goals and sendings-off in the order of play."""
        reds = [event for event in self.events if event.kind.sends_off]
        return tuple(sorted([*self.goals, *reds], key=lambda turn: turn.at_min))

    @property
    def best(self) -> tuple[Facts, ...]:
        """The best chances, penalties apart, the best first."""
        open_play = [shot for shot in self.shots if not shot["is_penalty"]]
        return tuple(sorted(open_play, key=lambda shot: -shot["xg"])[:SHOWN_BEST])


def match_facts(
    match: Mapping[str, Any], shots: pd.DataFrame, model: Model, models: Mapping[str, Model] | None = None
) -> MatchFacts:
    """Count a match and name what happened.

    Parameters
    ----------
    match
        ``match_id, competition, season, match_date, home_team, away_team`` and, where known, ``matchday, round, status,
        home_score, away_score``, ``own_goals`` (``team`` that it counts for, ``player, minute``) and ``incidents``.
    shots
        The shots of this match (see :mod:`xgoals.analysis.shots`), also none.
    model
        The champion.
    models
        The models that published the numbers, by version, where they are not all the champion's.
    """
    numbers = match_numbers(match, shots)
    of_race = race(numbers)
    rows = in_order_of_play(shots).to_dict("records")
    told = [_shot(row, i, match, model, models or {}) for i, row in enumerate(rows)]
    goals = _goals(numbers, told, of_race)
    scores = {goal.key: goal.score for goal in goals}
    for shot in told:
        shot["score"] = scores.get(shot["key"]) or None
    return MatchFacts(
        match=_title(match),
        score=_score(numbers),
        numbers=numbers,
        race=of_race,
        shots=tuple(told),
        goals=goals,
        events=tuple(_event(at_min, event) for at_min, event in of_race.events),
    )


def _title(match: Mapping[str, Any]) -> MatchTitle:
    keys = ("match_id", "competition", "season", "matchday", "round", "match_date")
    status = MatchStatus(match.get("status") or MatchStatus.PLAYED)
    return MatchTitle(**{key: match.get(key) for key in keys}, status=status)  # type: ignore[arg-type]


def _score(numbers: MatchNumbers) -> str:
    given = [number_or_none(numbers.match.get(f"{side}_score")) for side in ("home", "away")]
    if None in given and not numbers.goals and not numbers.shots:
        return "–"
    return f"{numbers.sides['home'].score}–{numbers.sides['away'].score}"


def _shot(
    row: dict[Any, Any], i: int, match: Mapping[str, Any], model: Model, models: Mapping[str, Model]
) -> Facts:
    shot = published_shot(row, model, models)
    return {
        **shot,
        "key": f"shot-{i + 1}",
        "side": side_of(shot["team"], match),
        "clock": clock(shot),
        "open": shot["is_goal"] or shot["xg"] >= LARGE_XG,
        "score": None,
    }


def _goals(numbers: MatchNumbers, told: Sequence[Facts], of: Race) -> tuple[ToldGoal, ...]:
    """All goals that are known; the score runs where they are all of the result."""
    cards = {shot["shot_id"]: shot for shot in told if shot["is_goal"]}
    home = list(accumulate(int(goal.side == "home") for goal in numbers.goals))
    scores = [f"{ours}–{n - ours}" for n, ours in enumerate(home, start=1)]
    if numbers.goals_without_shot:
        scores = [""] * len(scores)
    return tuple(
        _goal(goal, cards.get(goal.shot_id), score, of)
        for goal, score in zip(numbers.goals, scores, strict=True)
    )


def _goal(goal: Goal, shot: Facts | None, score: str, of: Race) -> ToldGoal:
    return ToldGoal(
        side=goal.side,
        player=goal.player,
        clock=clock({"minute": goal.minute, "period": goal.period}),
        at_min=goal_min(goal, of.shifts_min),
        key=shot["key"] if shot else None,
        xg=shot["xg"] if shot else None,
        is_penalty=goal.is_penalty,
        is_own_goal=goal.is_own_goal,
        score=score,
    )


def _event(at_min: float, event: MatchEvent) -> ToldEvent:
    return ToldEvent(
        side=event.side,
        kind=event.kind,
        player=event.player,
        replacement=event.replacement,
        clock=clock({"minute": event.minute, "period": event.period}),
        at_min=at_min,
    )
