"""A match as numbers: both sides, who had the chances, what results those are worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xgoals.analysis.facts.goals_in_time import Goal, goals_of_match, known_goals, score_at_half_time
from xgoals.analysis.results import SIDES, Result, ResultShares, Side, goals_table, result_shares
from xgoals.analysis.sides import MatchShot, PlayerChances, SideNumbers, players, shots_of_match, side_numbers
from xgoals.analysis.within_match.events import MatchEvent, match_events


@dataclass(frozen=True)
class MatchNumbers:
    """All that is counted of a match.

    Attributes
    ----------
    match
        As it was handed in.
    sides
        Home and away.
    shares, goal_shares
        Of results and of goals (:mod:`xgoals.analysis.results`).
    result, likelihood
        The side that won, or ``"draw"``, and the share of that result.
    players
        Who had the chances, the largest sum first; nobody without a name.
    n_shots
        Of both sides.
    goals_without_shot
        Goals of the result that nobody knows anything of.
    goals
        Those that are known, own goals among them, in the order of play.
    half_time
        Goals of home and away in the first half; None where not all are known, with their half.
    shots
        In the order of play.
    is_score_known
        Whether ``goals`` are all of the result's.
    events
        Cards and substitutions in the order of play; empty also where the feed tells of none.
    """

    match: Mapping[str, Any]
    sides: Mapping[Side, SideNumbers]
    shares: ResultShares
    goal_shares: Mapping[Side, list[float]]
    result: Result
    likelihood: float
    players: tuple[PlayerChances, ...]
    n_shots: int
    goals_without_shot: int
    goals: tuple[Goal, ...] = ()
    half_time: tuple[int, int] | None = None
    shots: tuple[MatchShot, ...] = ()
    is_score_known: bool = False
    events: tuple[MatchEvent, ...] = ()

    @property
    def sent_off(self) -> tuple[MatchEvent, ...]:
        """Who was sent off, in the order of play."""
        return tuple(event for event in self.events if event.kind.sends_off)


def match_numbers(match: Mapping[str, Any], shots: pd.DataFrame) -> MatchNumbers:
    """Count a match.

    Parameters
    ----------
    match
        ``home_team, away_team`` and, where known, ``home_score, away_score``, ``own_goals`` (``team`` that it counts
        for, ``player, minute, period, second``) and ``incidents`` (rows of
        :func:`xgoals.analysis.within_match.events.match_events`).
    shots
        The shots of this match (see :mod:`xgoals.analysis.shots`), also none.
    """
    counted = shots_of_match(match, shots)
    sides = {side: side_numbers(side, match, counted) for side in SIDES}
    home, away = sides["home"].score, sides["away"].score
    result: Result = "home" if home > away else "away" if away > home else "draw"
    shares = result_shares(counted)
    scored = sum(side.score for side in sides.values())
    explained = sum(side.goals for side in sides.values()) + len(match.get("own_goals") or ())
    rows = shots.to_dict("records")
    complete = goals_of_match(match, rows)
    return MatchNumbers(
        match=match,
        sides=sides,
        shares=shares,
        goal_shares=goals_table(counted),
        result=result,
        likelihood=getattr(shares, result),
        players=tuple(players(counted)),
        n_shots=len(counted),
        goals_without_shot=max(0, scored - explained),
        goals=tuple(known_goals(match, rows)),
        half_time=None if complete is None else score_at_half_time(complete),
        shots=tuple(counted),
        is_score_known=complete is not None,
        events=match_events(match),
    )
