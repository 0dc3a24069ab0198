"""How a match built up: the running sums of xG over playing time, who led when, and what happened beside the shots.

Playing time runs on through stoppage time: a later half starts where the one before it ended.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from xgoals.analysis.facts.goals_in_time import Goal
from xgoals.analysis.match import MatchNumbers
from xgoals.analysis.results import SIDES, Side
from xgoals.analysis.sides import MatchShot
from xgoals.analysis.within_match.events import MatchEvent
from xgoals.domain.match import MatchStatus

_PERIOD_ENDS_MIN = {1: 45, 2: 90, 3: 105, 4: 120}
_LEAST_TOP_XG = 0.5
_WHOLE = (MatchStatus.PLAYED, MatchStatus.AWARDED)
"""A match that was broken off, or is not over, ends with what is last known of it."""

Standing = Literal["level", "ahead", "behind"]
STANDINGS: tuple[Standing, ...] = ("level", "ahead", "behind")


@dataclass(frozen=True, slots=True)
class Step:
    """A shot on the line of its side.

    Attributes
    ----------
    shot_n
        Its number in the order of play, from 0.
    at_min
        When, in playing time.
    before, after
        The sum of its side before it and with it.
    """

    shot_n: int
    at_min: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class OwnGoalMark:
    """An own goal on the line of the side that it counts for, at the sum which that side had reached."""

    goal: Goal
    at_min: float
    level: float


@dataclass(frozen=True, slots=True)
class GameState:
    """A stretch of play at one lead: home goals minus away goals."""

    from_min: float
    to_min: float
    lead: int


@dataclass(frozen=True)
class Race:
    """A match over playing time.

    Attributes
    ----------
    steps
        Shots by side, in the order of play.
    own_goals
        Those that are known.
    events
        Cards and substitutions with their playing time.
    states
        From kick-off to the end; empty where not all goals of the result are known with their half.
    shifts_min
        By how many minutes the clock of each half lags behind playing time.
    half_time_min, end_min
        When the first half ended, as far as anything is known of it, and the match.
    top
        The larger final sum, at least 0.5.
    """

    steps: Mapping[Side, tuple[Step, ...]]
    own_goals: tuple[OwnGoalMark, ...]
    events: tuple[tuple[float, MatchEvent], ...]
    states: tuple[GameState, ...]
    shifts_min: Mapping[int, float]
    half_time_min: float
    end_min: float
    top: float


def race(numbers: MatchNumbers) -> Race:
    """The race of a match (:func:`xgoals.analysis.match.match_numbers`)."""
    shifts = _shifts(numbers)
    steps = {side: _steps(numbers.shots, side, shifts) for side in SIDES}
    own = [goal for goal in numbers.goals if goal.is_own_goal]
    events = tuple((_playing_min(e.period, e.minute, e.second, shifts), e) for e in numbers.events)
    last_period = max((period for period, _ in _moments(numbers)), default=2)
    last = max((minute + shifts.get(period, 0.0) for period, minute in _moments(numbers)), default=0.0)
    full = 120 + shifts[4] if last_period > 2 else 90 + shifts[2]
    end = max(full if MatchStatus(numbers.match.get("status") or "played") in _WHOLE else 0.0, last)
    return Race(
        steps=steps,
        own_goals=tuple(_own_goal(goal, steps, shifts) for goal in own),
        events=events,
        states=_states(numbers, shifts, end),
        shifts_min=shifts,
        half_time_min=45 + shifts[2],
        end_min=end,
        top=max(_LEAST_TOP_XG, *(side.xg for side in numbers.sides.values())),
    )


def xg_by_standing(numbers: MatchNumbers, of: Race) -> dict[Side, dict[Standing, float]] | None:
    """The xG of either side while level, ahead and behind; None where nobody knows who led when.

    A goal belongs to the stretch that it ended.
    """
    if not of.states:
        return None
    sums: dict[Side, dict[Standing, float]] = {side: dict.fromkeys(STANDINGS, 0.0) for side in SIDES}
    for side in SIDES:
        for step in of.steps[side]:
            sums[side][_standing(side, step.at_min, of.states)] += numbers.shots[step.shot_n].xg
    return sums


def minutes_by_standing(states: Sequence[GameState]) -> dict[Standing, float]:
    """Playing time for which the home side was level, ahead and behind."""
    sums: dict[Standing, float] = dict.fromkeys(STANDINGS, 0.0)
    for state in states:
        sums[_of_lead(state.lead)] += state.to_min - state.from_min
    return sums


def xg_after(numbers: MatchNumbers, event: MatchEvent) -> dict[Side, float]:
    """The xG of either side from shots after a moment of play."""
    then = (event.period, 60 * event.minute + event.second)
    later = [shot for shot in numbers.shots if (shot.period, shot.clock_s) > then]
    return {side: float(sum(shot.xg for shot in later if shot.side == side)) for side in SIDES}


def _standing(side: Side, at_min: float, states: Sequence[GameState]) -> Standing:
    state = [state for state in states if state.from_min < at_min or state.from_min == 0][-1]
    return _of_lead(state.lead if side == "home" else -state.lead)


def _of_lead(lead: int) -> Standing:
    return "level" if lead == 0 else "ahead" if lead > 0 else "behind"


def _steps(shots: Sequence[MatchShot], side: Side, shifts: Mapping[int, float]) -> tuple[Step, ...]:
    own = [(n, shot) for n, shot in enumerate(shots) if shot.side == side]
    sums = list(accumulate((shot.xg for _, shot in own), initial=0.0))
    return tuple(
        Step(n, shot.clock_s / 60 + shifts.get(shot.period, 0.0), before, after)
        for (n, shot), before, after in zip(own, sums, sums[1:], strict=False)
    )


def _own_goal(goal: Goal, steps: Mapping[Side, Sequence[Step]], shifts: Mapping[int, float]) -> OwnGoalMark:
    at_min = goal_min(goal, shifts)
    reached = [step.after for step in steps[goal.side] if step.at_min <= at_min]
    return OwnGoalMark(goal, at_min, reached[-1] if reached else 0.0)


def goal_min(goal: Goal, shifts: Mapping[int, float]) -> float:
    """When a goal fell; of a minute whose second is not known, in its middle."""
    from_s, to_s = goal.earliest[2], goal.latest[2]
    return _playing_min(goal.latest[0], goal.minute, to_s if from_s == to_s else 30, shifts)


def _playing_min(period: int, minute: int, second: int, shifts: Mapping[int, float]) -> float:
    return minute + second / 60 + shifts.get(period, 0.0)


def _states(numbers: MatchNumbers, shifts: Mapping[int, float], end: float) -> tuple[GameState, ...]:
    if not numbers.is_score_known or any(goal.period == 0 for goal in numbers.goals):
        return ()
    found, lead, since = [], 0, 0.0
    for goal in numbers.goals:
        at = goal_min(goal, shifts)
        found.append(GameState(since, at, lead))
        lead, since = lead + (1 if goal.side == "home" else -1), at
    return (*found, GameState(since, end, lead))


def _moments(numbers: MatchNumbers) -> Iterable[tuple[int, float]]:
    """Half and minute of everything that is known of a match with its half."""
    yield from ((shot.period, shot.clock_s / 60) for shot in numbers.shots)
    yield from ((goal.period, float(goal.minute)) for goal in numbers.goals if goal.is_own_goal)
    yield from ((event.period, event.minute + event.second / 60) for event in numbers.events)


def _shifts(numbers: MatchNumbers) -> dict[int, float]:
    """Minutes by which a half's clock lags behind playing time: the stoppage time before it."""
    moments = list(_moments(numbers))
    shift, shifts = 0.0, {}
    for period, end in _PERIOD_ENDS_MIN.items():
        shifts[period] = shift
        latest = max((minute for of, minute in moments if of == period), default=0.0)
        shift += max(0.0, latest - end)
    return shifts
