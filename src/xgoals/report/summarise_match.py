"""A match as numbers: who had which chances, when, and what results those chances are worth."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from xgoals.report.shot_frame import Facts, FloatArray, Model
from xgoals.report.summarise_shots import shot_facts

SIDES = ("home", "away")

SEQUENCE_GAP_S = 5
"""Shots of a team within this many seconds of one another are one sequence: only one of them can be the goal."""

SURELY_WORTH_A_LOOK_XG = 0.3
"""Cards of goals, and of chances from here on, stand open."""


def match_facts(match: Mapping[str, Any], shots: pd.DataFrame, model: Model) -> Facts:
    """All numbers of the match page but the scenes.

    Parameters
    ----------
    match
        ``match_id, competition, season, match_date, home_team, away_team`` and, where known, ``matchday,
        home_score, away_score``.
    shots
        The shots of this match (see :mod:`xgoals.report.shot_frame`), also none.
    model
        The model that explains them.

    Returns
    -------
    dict
        ``title`` data of the match, ``sides`` (home, away: ``name, score, goals, xg, n``), ``shares`` of home win,
        draw and away win, ``shots`` in the order of play (:func:`shot_facts` and ``side, clock_s, key``),
        ``goals_without_shot``.
    """
    ordered = shots.sort_values(["period", "minute", "second", "shot_id"], kind="stable")
    told = [_shot(row, i, match, model) for i, row in enumerate(ordered.to_dict("records"))]
    sides = {side: _side(side, match, told) for side in SIDES}
    scored = sum(side["score"] or 0 for side in sides.values())
    return {
        "match": {
            key: match.get(key)
            for key in (
                "match_id",
                "competition",
                "season",
                "matchday",
                "match_date",
                "home_team",
                "away_team",
            )
        },
        "sides": sides,
        "shots": told,
        "shares": result_shares(told),
        "goals_without_shot": max(0, scored - sum(side["goals"] for side in sides.values())),
    }


def _shot(row: dict[Any, Any], i: int, match: Mapping[str, Any], model: Model) -> Facts:
    shot = shot_facts(row, model)
    return {
        **shot,
        "key": f"shot-{i + 1}",
        "side": "home" if shot["team"] == match["home_team"] else "away",
        "clock_s": 60 * shot["minute"] + int(row["second"]),
        "open": shot["is_goal"] or shot["xg"] >= SURELY_WORTH_A_LOOK_XG,
    }


def _side(side: str, match: Mapping[str, Any], told: list[Facts]) -> Facts:
    own = [shot for shot in told if shot["side"] == side]
    goals = sum(shot["is_goal"] for shot in own)
    score = match.get(f"{side}_score")
    return {
        "side": side,
        "name": str(match[f"{side}_team"]),
        "score": goals if score is None or pd.isna(score) else int(score),
        "goals": goals,
        "penalty_goals": sum(shot["is_goal"] and shot["is_penalty"] for shot in own),
        "xg": float(sum(shot["xg"] for shot in own)),
        "n": len(own),
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


def race(facts: Facts) -> Facts:
    """Cumulative xG over playing time.

    Playing time runs on through stoppage time: the second half starts where the first one ended.

    Returns
    -------
    dict
        ``home``, ``away``: lists of ``at_min, before, after, shot`` in the order of play; ``end_min``,
        ``half_time_min``, ``top`` (the larger final sum, at least 0.5).
    """
    shifts = _period_shifts(facts["shots"])
    steps: dict[str, list[Facts]] = {side: [] for side in SIDES}
    for shot in facts["shots"]:
        own = steps[shot["side"]]
        before = own[-1]["after"] if own else 0.0
        at = shot["clock_s"] / 60 + shifts.get(shot["period"], 0.0)
        own.append({"at_min": at, "before": before, "after": before + shot["xg"], "shot": shot})
    last = max((step["at_min"] for own in steps.values() for step in own), default=0.0)
    return {
        **steps,
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
