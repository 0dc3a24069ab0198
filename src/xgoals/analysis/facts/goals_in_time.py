"""The goals of a match on its clock: the score before a moment, and the score at half-time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xgoals.analysis.results import SIDES, Side
from xgoals.analysis.shots import number_or_none, text_or_empty
from xgoals.analysis.sides import side_of
from xgoals.domain.bounds import FIRST_MINUTE

Moment = tuple[int, int, int, float]
"""Period, minute, second, and order within the second."""

STOPPAGE_MINUTES = 20
"""So long stoppage time can be: an own goal of minute 47 may be of either half, one of minute 70 is of the second."""
_LENGTH_MINUTES = {1: 45, 2: 45, 3: 15, 4: 15}
_ALL_DAY = 1e9


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, and when: exactly from a shot; an own goal's feed may leave open when in its minute, and in which half.

    Attributes
    ----------
    side
        That it counts for.
    player
        Who scored, also into his own goal; empty where not known.
    minute, period
        Of play; 0 where the half is not known.
    earliest, latest
        Between which moments it fell.
    is_own_goal, is_penalty
        How.
    shot_id
        The shot that it was; empty for an own goal.
    """

    side: Side
    player: str
    minute: int
    period: int
    earliest: Moment
    latest: Moment
    is_own_goal: bool = False
    is_penalty: bool = False
    shot_id: str = ""


def known_goals(match: Mapping[str, Any], shots: Iterable[Mapping[Any, Any]]) -> list[Goal]:
    """The goals of which anything is known, in the order of play.

    Parameters
    ----------
    match
        ``home_team, away_team`` and, where known, ``own_goals`` (``team`` that it counts for, ``player, minute``, and
        ``period, second`` where known).
    shots
        Rows of its shots.
    """
    goals = [_of_shot(row, match) for row in shots if row["is_goal"]]
    goals += [_own_goal(goal, match) for goal in match.get("own_goals") or ()]
    return sorted(goals, key=lambda goal: goal.latest)


def goals_of_match(match: Mapping[str, Any], shots: Iterable[Mapping[Any, Any]]) -> list[Goal] | None:
    """All goals of a match in the order of play; None where they are not all of the result's, or no result is known."""
    goals = known_goals(match, shots)
    for side in SIDES:
        score = number_or_none(match.get(f"{side}_score"))
        if score is None or score != sum(goal.side == side for goal in goals):
            return None
    return goals


def score_before(goals: Sequence[Goal], shot: Mapping[Any, Any]) -> tuple[int, int] | None:
    """Home and away before a shot; None where an own goal may have fallen before or after it."""
    moment = _moment(shot)
    if any(goal.is_own_goal and goal.earliest <= moment <= goal.latest for goal in goals):
        return None
    before = [goal.side for goal in goals if goal.latest < moment]
    return before.count("home"), before.count("away")


def score_at_half_time(goals: Sequence[Goal]) -> tuple[int, int] | None:
    """Home and away after the first half; None where the half of a goal is not known."""
    if any(goal.period == 0 for goal in goals):
        return None
    first = [goal.side for goal in goals if goal.period == 1]
    return first.count("home"), first.count("away")


def _of_shot(row: Mapping[Any, Any], match: Mapping[str, Any]) -> Goal:
    moment = _moment(row)
    return Goal(
        side=side_of(text_or_empty(row["team"]), match),
        player=text_or_empty(row["player"]),
        minute=moment[1],
        period=moment[0],
        earliest=moment,
        latest=moment,
        is_penalty=bool(row["is_penalty"]),
        shot_id=text_or_empty(row.get("shot_id")),
    )


def _moment(row: Mapping[Any, Any]) -> Moment:
    period, minute, second = (
        int(number_or_none(row.get(key)) or 0) for key in ("period", "minute", "second")
    )
    return period, minute, second, number_or_none(row.get("event_n")) or 0.0


def _own_goal(goal: Mapping[str, Any], match: Mapping[str, Any]) -> Goal:
    minute, second = int(goal["minute"]), number_or_none(goal.get("second"))
    known = number_or_none(goal.get("period"))
    periods = [int(known)] if known is not None else possible_periods(minute)
    from_s, to_s = (0, 59) if second is None else (int(second), int(second))
    return Goal(
        side=side_of(goal["team"], match),
        player=text_or_empty(goal.get("player")),
        minute=minute,
        period=periods[0] if len(periods) == 1 else 0,
        earliest=(periods[0], minute, from_s, -1.0),
        latest=(periods[-1], minute, to_s, _ALL_DAY),
        is_own_goal=True,
    )


def possible_periods(minute: int) -> list[int]:
    """The halves that a minute of play can belong to.

    >>> possible_periods(30), possible_periods(47), possible_periods(70)
    ([1], [1, 2], [2])
    """
    return [
        period
        for period, first in FIRST_MINUTE.items()
        if first <= minute < first + _LENGTH_MINUTES[period] + STOPPAGE_MINUTES
    ] or [max(FIRST_MINUTE)]
