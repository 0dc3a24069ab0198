"""One match: how many attacks, when, by whom, and what comes of them.

A match is played in two passes. The first pass invents all attacks that end with a shot; the second invents
the rebounds after shots that the keeper saved, somebody blocked or the woodwork stopped. The score is the
number of simulated goals (there are no own goals).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from xgoals.domain.shot import Outcome
from xgoals.feeds.simulator import goals, manner, scenes
from xgoals.feeds.simulator.league import SQUAD, Club, Lineup, Position
from xgoals.feeds.simulator.scenes import BoolArray, FloatArray, IntArray, Kind, Moments

ATTACKS_PER_SIDE = 12.15
"""Shots of an average side against another one, rebounds and penalties left out."""
HOME_ADVANTAGE = 0.09
STRENGTH_TO_SHOTS = 0.21
STRENGTH_TO_CLOSENESS = 0.03
STRENGTH_TO_FINISHING = 0.10
PENALTIES_PER_SIDE = 0.15
KIND_SHARES = {Kind.FOOT: 0.785, Kind.HEADER: 0.168, Kind.FREE_KICK: 0.047}
REBOUND_SHARE = 0.085
"""Share of saved, blocked and woodwork shots that fall to a team-mate within five seconds."""
HALF_S = 2700.0
ATTACK_GAP_S = 30.0
"""Least time between two attacks, more than the event clock is ever off."""
_SHOOTER_WEIGHT = {
    Kind.FOOT: {Position.DEFENDER: 0.45, Position.MIDFIELDER: 1.2, Position.FORWARD: 2.6},
    Kind.HEADER: {Position.DEFENDER: 1.3, Position.MIDFIELDER: 0.8, Position.FORWARD: 2.6},
    Kind.FREE_KICK: {Position.DEFENDER: 0.3, Position.MIDFIELDER: 1.6, Position.FORWARD: 1.0},
    Kind.PENALTY: {Position.DEFENDER: 0.1, Position.MIDFIELDER: 0.7, Position.FORWARD: 2.5},
}
_WEIGHTS = np.array([[_SHOOTER_WEIGHT[kind].get(position, 0.0) for position in Position] for kind in Kind])
_SQUAD = np.array(SQUAD)


@dataclass(frozen=True, slots=True)
class Plan:
    """n attacks that end with a shot, as arrays.

    ``side`` is 0 for the home side; ``time_s`` counts from the start of the period; the event clock shows
    ``clock_offset_s`` more.
    """

    side: IntArray
    period: IntArray
    time_s: FloatArray
    clock_offset_s: FloatArray
    kind: IntArray
    is_rebound: BoolArray


@dataclass(frozen=True, slots=True)
class Attempts:
    """n shots as arrays; ``shooter_slot`` is the shooter's place (1-10) among the eleven on the pitch."""

    plan: Plan
    shooter_slot: IntArray
    probability: FloatArray
    provider_xg: FloatArray
    outcome: manner.Words
    moments: Moments
    manner: manner.Manner


def play(
    rng: np.random.Generator,
    clubs: tuple[Club, Club],
    lineups: tuple[Lineup, Lineup],
    added_s: tuple[float, float],
) -> Attempts:
    """All shots of a match, in the order of time.

    Parameters
    ----------
    rng
        The match's random stream.
    clubs, lineups
        Home, away.
    added_s
        Stoppage time of either half.
    """
    first = _attempts(rng, clubs, lineups, _plan(rng, clubs, added_s))
    second = _attempts(rng, clubs, lineups, _rebounds(rng, first))
    both: Attempts = _over_arrays(np.concatenate, first, second)
    order = np.lexsort((both.plan.time_s, both.plan.period))
    result: Attempts = _over_arrays(lambda arrays: arrays[0][order], both)
    return result


def played_s(plan: Plan) -> FloatArray:
    """(n,) seconds of regular play: the second half starts at 2700, whatever was added to the first."""
    return np.asarray(np.where(plan.period == 1, np.minimum(plan.time_s, HALF_S), HALF_S + plan.time_s))


def superiority(clubs: tuple[Club, Club]) -> FloatArray:
    """(2,): attack of either side minus the defence it meets."""
    home, away = clubs
    return np.array([home.attack - away.defence, away.attack - home.defence])


def _plan(rng: np.random.Generator, clubs: tuple[Club, Club], added_s: tuple[float, float]) -> Plan:
    edge = STRENGTH_TO_SHOTS * superiority(clubs) + np.array([HOME_ADVANTAGE, -HOME_ADVANTAGE])
    # A day can be wild or dull: a gamma factor with a standard deviation of a fifth.
    attacks = rng.poisson(ATTACKS_PER_SIDE * np.exp(edge) * rng.gamma(25.0, 1 / 25.0, 2))
    penalties = rng.poisson(PENALTIES_PER_SIDE, 2)
    side = np.repeat([0, 1, 0, 1], [*attacks, *penalties])
    kinds = rng.choice(list(KIND_SHARES), attacks.sum(), p=list(KIND_SHARES.values()))
    kind = np.concatenate([kinds, np.full(penalties.sum(), Kind.PENALTY)]).astype(np.int64)
    n = side.size
    period = np.where(rng.random(n) < 0.46, 1, 2)
    time_s = np.empty(n)
    for half in (1, 2):
        mine = np.flatnonzero(period == half)
        time_s[rng.permutation(mine)] = _times(rng, mine.size, HALF_S + added_s[half - 1])
    offset = np.asarray(np.round(np.clip(rng.normal(0.8, 1.7, n), -2.5, 6.0), 2), dtype=np.float64)
    return Plan(side, period, time_s, offset, kind, np.zeros(n, dtype=bool))


def _times(rng: np.random.Generator, n: int, length_s: float) -> FloatArray:
    """Moments of a half on the grid of 25 frames a second, at least `ATTACK_GAP_S` apart."""
    free = np.sort(rng.uniform(15.0, length_s - ATTACK_GAP_S * (n + 1), n))
    return np.round(25 * (free + ATTACK_GAP_S * np.arange(n))) / 25


def _rebounds(rng: np.random.Generator, first: Attempts) -> Plan:
    loose = np.isin(first.outcome, manner.words([Outcome.SAVED, Outcome.BLOCKED, Outcome.WOODWORK]))
    chosen = np.flatnonzero(loose & (rng.random(loose.size) < REBOUND_SHARE))
    plan, n = first.plan, chosen.size
    later = np.round(25 * rng.uniform(1.2, 4.8, n)) / 25
    return Plan(
        side=plan.side[chosen],
        period=plan.period[chosen],
        time_s=plan.time_s[chosen] + later,
        clock_offset_s=plan.clock_offset_s[chosen],
        kind=np.where(rng.random(n) < 0.88, Kind.FOOT, Kind.HEADER).astype(np.int64),
        is_rebound=np.ones(n, dtype=bool),
    )


def _attempts(
    rng: np.random.Generator, clubs: tuple[Club, Club], lineups: tuple[Lineup, Lineup], plan: Plan
) -> Attempts:
    """Choose the shooters, place everybody, decide."""
    n = plan.side.size
    moment = played_s(plan)
    on_pitch = np.stack([lineup.on_pitch(moment) for lineup in lineups])[plan.side, np.arange(n)]
    squads = [club.squad for club in clubs]
    appetite = np.stack([squad.appetite for squad in squads])[plan.side[:, None], on_pitch]
    slot = _shooter_slots(rng, plan.kind, on_pitch, appetite)
    shooter = on_pitch[np.arange(n), slot]
    finishing = np.stack([squad.finishing for squad in squads])[plan.side, shooter]
    right_footed = np.stack([squad.right_footed for squad in squads])[plan.side, shooter]
    edge = superiority(clubs)[plan.side]
    moments = scenes.place(rng, plan.kind, plan.is_rebound, np.exp(STRENGTH_TO_CLOSENESS * edge))
    skill = np.where(plan.kind == Kind.PENALTY, 0.0, STRENGTH_TO_FINISHING * edge) + finishing
    probability = goals.sigmoid(goals.goal_log_odds(moments) + skill)
    return Attempts(
        plan=plan,
        shooter_slot=slot,
        probability=probability,
        provider_xg=goals.provider_estimate(rng, probability),
        outcome=goals.outcomes(rng, moments, probability),
        moments=moments,
        manner=manner.draw(rng, plan.kind, plan.is_rebound, right_footed),
    )


def _shooter_slots(
    rng: np.random.Generator, kind: IntArray, on_pitch: npt.NDArray[np.int64], appetite: FloatArray
) -> IntArray:
    """(n,) slots 1-10, forwards more often than defenders."""
    weight = np.cumsum(appetite * _WEIGHTS[kind[:, None], _SQUAD[on_pitch]], axis=1)
    drawn = rng.random(kind.size) * weight[:, -1]
    return np.asarray((weight <= drawn[:, None]).sum(axis=1), dtype=np.int64)


def _over_arrays(function: Callable[[list[Any]], Any], *parts: Any) -> Any:
    """Apply a function to the arrays of equal name in dataclasses of arrays, nested ones included."""
    result = {}
    for field in fields(parts[0]):
        values = [getattr(part, field.name) for part in parts]
        is_array = isinstance(values[0], np.ndarray)
        result[field.name] = function(values) if is_array else _over_arrays(function, *values)
    return type(parts[0])(**result)
