"""A match as numbers: who had which chances, when, and what results those chances are worth."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from xgoals.report.shot_frame import Facts, FloatArray, Model
from xgoals.report.summarise_shots import probability, shot_facts
from xgoals.report.summarise_sides import LARGE_XG, players, side_by_side

SIDES = ("home", "away")

SEQUENCE_GAP_S = 5
"""Shots of a team within this many seconds of one another are one sequence: only one of them can be the goal."""


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
        The shots of this match (see :mod:`xgoals.report.shot_frame`), also none.
    model
        The champion.
    models
        The models that published the numbers, by version, where they are not all the champion's.

    Returns
    -------
    dict
        ``title`` data of the match, ``sides`` (home, away: ``name, score, goals, xg, n``,
        :func:`side_by_side`), ``shares`` of home win, draw and away win, ``goal_shares`` (:func:`goals_table`),
        ``shots`` in the order of play (:func:`published_shot` and ``side, clock_s, key, score``), ``own_goals``
        (``side, player, minute``), ``goals`` (both, in the order of play), ``players`` (:func:`players`),
        ``goals_without_shot`` that nobody knows anything of.
    """
    ordered = shots.sort_values(["period", "minute", "second", "shot_id"], kind="stable")
    told = [_shot(row, i, match, model, models or {}) for i, row in enumerate(ordered.to_dict("records"))]
    own_goals = [_own_goal(goal, match) for goal in match.get("own_goals") or ()]
    sides = {side: _side(side, match, told, own_goals) for side in SIDES}
    scored = sum(side["score"] or 0 for side in sides.values())
    unknown = max(0, scored - sum(side["goals"] for side in sides.values()) - len(own_goals))
    goals = _goals_in_order(told, own_goals)
    if not unknown:
        _keep_score(goals)
    return {
        "match": {key: match.get(key) for key in _OF_MATCH},
        "sides": sides,
        "shots": told,
        "own_goals": own_goals,
        "goals": goals,
        "players": players(told),
        "shares": result_shares(told),
        "goal_shares": goals_table(told),
        "goals_without_shot": unknown,
    }


_OF_MATCH = ("match_id", "competition", "season", "matchday", "round", "match_date", "home_team", "away_team")


def published_shot(row: dict[Any, Any], model: Model, models: Mapping[str, Model]) -> Facts:
    """One shot with the number that was published for it and the model that it came from.

    Returns
    -------
    dict
        :func:`shot_facts`, ``second``, ``space``, ``ordinary_xg`` (the prediction at that model's baseline),
        ``published_by`` (its version where it is not ``model``), ``champion_xg`` (the number of ``model`` today where
        a reader would see the difference).
    """
    by = models.get(str(row.get("model_version")), model)
    shot = shot_facts(row, by)
    ordinary = by.get("prediction_at_baseline")
    today = row.get("champion_xg")
    differs = today is not None and not pd.isna(today) and round(float(today), 2) != round(shot["xg"], 2)
    return {
        **shot,
        "second": int(row.get("second") or 0),
        "space": by["space"],
        "ordinary_xg": probability(shot["base_value"], by["space"]) if ordinary is None else float(ordinary),
        "published_by": None if by["model_version"] == model["model_version"] else by["model_version"],
        "champion_xg": float(today) if differs and today is not None else None,
    }


def _shot(
    row: dict[Any, Any], i: int, match: Mapping[str, Any], model: Model, models: Mapping[str, Model]
) -> Facts:
    shot = published_shot(row, model, models)
    return {
        **shot,
        "key": f"shot-{i + 1}",
        "side": "home" if shot["team"] == match["home_team"] else "away",
        "clock_s": 60 * shot["minute"] + shot["second"],
        "open": shot["is_goal"] or shot["xg"] >= LARGE_XG,
        "score": None,
    }


def _own_goal(goal: Mapping[str, Any], match: Mapping[str, Any]) -> Facts:
    return {
        "side": "home" if goal["team"] == match["home_team"] else "away",
        "player": goal.get("player") or "",
        "minute": int(goal["minute"]),
        "key": None,
        "score": None,
    }


def _goals_in_order(told: list[Facts], own_goals: list[Facts]) -> list[Facts]:
    """All goals in the order of play; of a shot and an own goal in one minute the shot counts as the earlier."""
    goals = [(shot["clock_s"], shot) for shot in told if shot["is_goal"]]
    goals += [(60 * goal["minute"] + 59, goal) for goal in own_goals]
    goals.sort(key=lambda item: (item[1].get("period") or _period(item[1]["minute"]), item[0]))
    return [goal for _, goal in goals]


def _keep_score(goals: list[Facts]) -> None:
    """Give every goal the score that it led to."""
    score = dict.fromkeys(SIDES, 0)
    for goal in goals:
        score[goal["side"]] += 1
        goal["score"] = f"{score['home']}\u2013{score['away']}"


def _period(minute: int) -> int:
    """The half that a minute belongs to, where a feed tells no more; stoppage time counts to the later half."""
    return sum(minute >= end for end in (0, 45, 90, 105))


def _side(side: str, match: Mapping[str, Any], told: list[Facts], own_goals: list[Facts]) -> Facts:
    own = [shot for shot in told if shot["side"] == side]
    goals = sum(shot["is_goal"] for shot in own)
    score = match.get(f"{side}_score")
    given = sum(goal["side"] == side for goal in own_goals)
    return {
        "side": side,
        "name": str(match[f"{side}_team"]),
        "score": goals + given if score is None or pd.isna(score) else int(score),
        "goals": goals,
        "own_goals": given,
        "penalty_goals": sum(shot["is_goal"] and shot["is_penalty"] for shot in own),
        "xg": float(sum(shot["xg"] for shot in own)),
        "n": len(own),
        **side_by_side(own),
    }


def sequences(told: list[Facts]) -> dict[str, list[float]]:
    """Chance of a goal of each sequence of shots, by side.

    Shots of one team that follow each other within :data:`SEQUENCE_GAP_S` in one half are one sequence. Its
    chance of a goal is that of at least one of them: 1 - (1 - p1)(1 - p2)...
    """
    chances: dict[str, list[float]] = {side: [] for side in SIDES}
    last: dict[str, Facts] = {}
    for shot in told:
        side, before = shot["side"], last.get(shot["side"])
        if (
            before
            and before["period"] == shot["period"]
            and shot["clock_s"] - before["clock_s"] <= SEQUENCE_GAP_S
        ):
            chances[side][-1] = 1 - (1 - chances[side][-1]) * (1 - shot["xg"])
        else:
            chances[side].append(shot["xg"])
        last[side] = shot
    return chances


def goals_distribution(chances: list[float]) -> FloatArray:
    """Probability of 0, 1, 2, ... goals from independent chances (Poisson binomial, exact)."""
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, [1 - chance, chance])
    return np.asarray(distribution)


def result_shares(told: list[Facts]) -> Facts:
    """How often such chances end in a home win, a draw, an away win: exact, sequences combined first."""
    chances = sequences(told)
    table = np.outer(goals_distribution(chances["home"]), goals_distribution(chances["away"]))
    return {
        "home": float(np.tril(table, -1).sum()),
        "draw": float(np.trace(table)),
        "away": float(np.triu(table, 1).sum()),
    }


MOST_GOALS = 4
"""The last column of :func:`goals_table` is this many goals or more."""


def goals_table(told: list[Facts]) -> dict[str, list[float]]:
    """Probability of 0, 1, 2, 3 and :data:`MOST_GOALS` or more goals of either side from such chances."""
    table = {}
    for side, chances in sequences(told).items():
        exact = goals_distribution(chances)
        few = [float(exact[n]) if n < len(exact) else 0.0 for n in range(MOST_GOALS)]
        table[side] = [*few, float(exact[MOST_GOALS:].sum())]
    return table


def race(facts: Facts) -> Facts:
    """Cumulative xG over playing time.

    Playing time runs on through stoppage time: the second half starts where the first one ended.

    Returns
    -------
    dict
        ``home``, ``away``: lists of ``at_min, before, after, shot`` in the order of play; ``own_goals`` with
        ``at_min`` and ``level`` (the sum that the side had reached); ``end_min``,
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
        {**goal, "at_min": goal["minute"] + 0.5 + shifts.get(_period(goal["minute"]), 0.0)}
        for goal in facts["own_goals"]
    ]
    for goal in own_goals:
        before = [step["after"] for step in steps[goal["side"]] if step["at_min"] <= goal["at_min"]]
        goal["level"] = before[-1] if before else 0.0
    last = max((step["at_min"] for own in steps.values() for step in own), default=0.0)
    return {
        **steps,
        "own_goals": own_goals,
        "half_time_min": 45 + shifts[2],
        "end_min": max(90 + shifts[2], last),
        "top": max(0.5, *(side["xg"] for side in facts["sides"].values())),
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
