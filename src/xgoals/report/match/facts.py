"""A match as its page shows it: the numbers of :mod:`xgoals.analysis.match`, every shot, the goals in their order."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from xgoals.analysis.highlights import LARGE_XG
from xgoals.analysis.match import match_numbers
from xgoals.analysis.results import SIDES
from xgoals.analysis.shots import Model
from xgoals.analysis.sides import in_order_of_play, side_of
from xgoals.report.facts import Facts
from xgoals.report.shot.facts import published_shot


def match_facts(
    match: Mapping[str, Any], shots: pd.DataFrame, model: Model, models: Mapping[str, Model] | None = None
) -> Facts:
    """All numbers of the match page but the scenes.

    Parameters
    ----------
    match
        ``match_id, competition, season, match_date, home_team, away_team`` and, where known, ``matchday, round,
        home_score, away_score`` and ``own_goals`` (``team`` that it counts for, ``player, minute``).
    shots
        The shots of this match (see :mod:`xgoals.analysis.shots`), also none.
    model
        The champion.
    models
        The models that published the numbers, by version, where they are not all the champion's.

    Returns
    -------
    dict
        ``match``: its title data; ``sides, shares, goal_shares, players, goals_without_shot`` as of
        :class:`xgoals.analysis.match.MatchNumbers`; ``shots`` in the order of play (:func:`published_shot` and
        ``side, clock_s, key, score``); ``own_goals`` (``side, player, minute, period, second``); ``goals`` (both, in
        the order of play); ``sent_off`` (``side, player, minute, period``).
    """
    numbers = match_numbers(match, shots)
    rows = in_order_of_play(shots).to_dict("records")
    told = [_shot(row, i, match, model, models or {}) for i, row in enumerate(rows)]
    own_goals = [_own_goal(goal, match) for goal in match.get("own_goals") or ()]
    goals = _goals_in_order(told, own_goals)
    if not numbers.goals_without_shot:
        _keep_score(goals)
    return {
        "match": {key: match.get(key) for key in _OF_MATCH},
        "sides": numbers.sides,
        "shots": told,
        "own_goals": own_goals,
        "sent_off": [asdict(card) for card in numbers.sent_off],
        "goals": goals,
        "players": numbers.players,
        "shares": numbers.shares,
        "goal_shares": numbers.goal_shares,
        "goals_without_shot": numbers.goals_without_shot,
    }


_OF_MATCH = (
    "match_id", "competition", "season", "matchday", "round", "match_date", "home_team", "away_team", "status",
)  # fmt: skip


def _shot(
    row: dict[Any, Any], i: int, match: Mapping[str, Any], model: Model, models: Mapping[str, Model]
) -> Facts:
    shot = published_shot(row, model, models)
    return {
        **shot,
        "key": f"shot-{i + 1}",
        "side": side_of(shot["team"], match),
        "clock_s": 60 * shot["minute"] + shot["second"],
        "open": shot["is_goal"] or shot["xg"] >= LARGE_XG,
        "score": None,
    }


def _own_goal(goal: Mapping[str, Any], match: Mapping[str, Any]) -> Facts:
    return {
        "side": side_of(goal["team"], match),
        "player": goal.get("player") or "",
        "minute": int(goal["minute"]),
        "period": int(goal.get("period") or 0),
        "second": goal.get("second"),
        "key": None,
        "score": None,
    }


def _goals_in_order(told: list[Facts], own_goals: list[Facts]) -> list[Facts]:
    """All goals in the order of play; of a shot and an own goal in one minute the shot counts as the earlier."""
    goals = [(shot["clock_s"], shot) for shot in told if shot["is_goal"]]
    goals += [(60 * goal["minute"] + _second(goal, 59), goal) for goal in own_goals]
    goals.sort(key=lambda item: (_half(item[1]), item[0]))
    return [goal for _, goal in goals]


def _half(goal: Facts) -> int:
    """The half of a goal, by its minute where a feed tells no more."""
    return int(goal["period"]) or _period(goal["minute"])


def _second(goal: Facts, otherwise: int) -> int:
    """Within its minute, as far as that is known of an own goal."""
    return otherwise if goal["second"] is None else int(goal["second"])


def _keep_score(goals: list[Facts]) -> None:
    """Give every goal the score that it led to."""
    score = dict.fromkeys(SIDES, 0)
    for goal in goals:
        score[goal["side"]] += 1
        goal["score"] = f"{score['home']}\u2013{score['away']}"


def _period(minute: int) -> int:
    """The half that a minute belongs to, where a feed tells no more; stoppage time counts to the later half."""
    return sum(minute >= end for end in (0, 45, 90, 105))


def race(facts: Facts) -> Facts:
    """Cumulative xG over playing time.

    Playing time runs on through stoppage time: the second half starts where the first one ended.

    Returns
    -------
    dict
        ``home``, ``away``: lists of ``at_min, before, after, shot`` in the order of play; ``own_goals`` with
        ``at_min`` and ``level`` (the sum that the side which it counts for had reached); ``sent_off`` with ``at_min``;
        ``end_min``,
        ``half_time_min``, ``top`` (the larger final sum, at least 0.5).
    """
    shifts = _period_shifts(facts["shots"])
    steps: dict[str, list[Facts]] = {side: [] for side in SIDES}
    for shot in facts["shots"]:
        own = steps[shot["side"]]
        before = own[-1]["after"] if own else 0.0
        at = shot["clock_s"] / 60 + shifts.get(shot["period"], 0.0)
        own.append({"at_min": at, "before": before, "after": before + shot["xg"], "shot": shot})
    own_goals = [
        {**goal, "at_min": goal["minute"] + _second(goal, 30) / 60 + shifts.get(_half(goal), 0.0)}
        for goal in facts["own_goals"]
    ]
    for goal in own_goals:
        before = [step["after"] for step in steps[goal["side"]] if step["at_min"] <= goal["at_min"]]
        goal["level"] = before[-1] if before else 0.0
    last = max((step["at_min"] for own in steps.values() for step in own), default=0.0)
    return {
        **steps,
        "own_goals": own_goals,
        "sent_off": [
            {**card, "at_min": card["minute"] + shifts.get(card["period"], 0.0)} for card in facts["sent_off"]
        ],
        "half_time_min": 45 + shifts[2],
        "end_min": max(90 + shifts[2], last),
        "top": max(0.5, *(side.xg for side in facts["sides"].values())),
    }


_PERIOD_ENDS_MIN = {1: 45, 2: 90, 3: 105, 4: 120}


def _period_shifts(told: list[Facts]) -> dict[int, float]:
    """Minutes by which a period's clock lags behind playing time: the stoppage time before it."""
    shift, shifts = 0.0, {}
    for period, end in _PERIOD_ENDS_MIN.items():
        shifts[period] = shift
        latest = max((shot["clock_s"] / 60 for shot in told if shot["period"] == period), default=0.0)
        shift += max(0.0, latest - end)
    return shifts
