"""Goals against xG faced, keeper by keeper, and what shots on target usually become.

xG says how good a chance was before the ball was struck: a shot that misses is no keeper's doing. So shots on
target are judged by themselves, too: how often other clubs' shots on target of the same xG went in.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.club.blocks import BoolArray, FloatArray, match_numbers
from xgoals.analysis.club.finishing import Surplus, name_in, surplus, surplus_of
from xgoals.domain.shot import Outcome
from xgoals.model.losses import probability

_MIN_SHOTS, _MIN_GOALS = 100, 20
"""With fewer shots on target of other clubs nothing is said of what they usually become."""
_STEPS = 25
_SHRINKAGE = 1e-6


@dataclass(frozen=True, slots=True)
class Keeper:
    """What a keeper faced.

    Attributes
    ----------
    player_id, name
        By the frames of the shots.
    n_matches
        Matches in which he faced a shot.
    faced
        All shots but penalties: conceded against xG.
    on_target
        Goals and saves among them: conceded against what shots on target of this xG usually become at other clubs;
        None where too few are known.
    """

    player_id: str
    name: str
    n_matches: int
    faced: Surplus
    on_target: Surplus | None


@dataclass(frozen=True, slots=True)
class Keepers:
    """Those of a club, who faced most first; ``n_unknown``: shots but penalties with nobody known in goal."""

    keepers: tuple[Keeper, ...]
    n_unknown: int


def keepers(faced: pd.DataFrame, others: pd.DataFrame) -> Keepers:
    """Goals against xG faced.

    Parameters
    ----------
    faced
        The shots that a club faced: ``keeper_id, keeper, xg, is_goal, is_penalty, outcome``.
    others
        Those that other clubs faced: what shots on target become is learned from them alone.
    """
    curve, played = _curve(others), faced[~faced["is_penalty"].astype(bool)]
    rows = [_keeper(str(player_id), part, curve) for player_id, part in played.groupby("keeper_id")]
    return Keepers(
        tuple(sorted(rows, key=lambda row: (-row.faced.n_shots, row.name))),
        int(played["keeper_id"].isna().sum()),
    )


def _keeper(player_id: str, part: pd.DataFrame, curve: FloatArray | None) -> Keeper:
    n_matches = len(np.unique(match_numbers(part)))
    name = name_in(part["keeper"], player_id)
    return Keeper(player_id, name, n_matches, surplus(part), _on_target(part, curve))


def _is_on_target(shots: pd.DataFrame) -> BoolArray:
    is_such = shots["outcome"].isin([str(Outcome.GOAL), str(Outcome.SAVED)]).to_numpy(dtype=bool)
    return np.asarray(is_such & ~shots["is_penalty"].to_numpy(dtype=bool))


def _on_target(part: pd.DataFrame, curve: FloatArray | None) -> Surplus | None:
    if curve is None:
        return None
    cut = part[_is_on_target(part)]
    chance = probability(curve[0] + curve[1] * _log_odds(cut))
    return surplus_of(cut["is_goal"].to_numpy(dtype=bool), chance)


def _curve(others: pd.DataFrame) -> FloatArray | None:
    """Intercept and slope of the log-odds that a shot on target goes in, over those of its xG."""
    cut = others[_is_on_target(others)]
    is_goal = cut["is_goal"].to_numpy(dtype=np.float64)
    if len(cut) < _MIN_SHOTS or not _MIN_GOALS <= is_goal.sum() <= len(cut) - _MIN_GOALS:
        return None
    design = np.column_stack([np.ones(len(cut)), _log_odds(cut)])
    curve = np.zeros(2)
    for _ in range(_STEPS):  # Newton's method: a smooth convex function of two numbers
        chance = probability(design @ curve)
        slope = design.T @ (is_goal - chance) - _SHRINKAGE * curve
        bend = (design * (chance * (1 - chance))[:, None]).T @ design + _SHRINKAGE * np.eye(2)
        curve = curve + np.linalg.solve(bend, slope)
    return curve


def _log_odds(shots: pd.DataFrame) -> FloatArray:
    xg = np.clip(shots["xg"].to_numpy(dtype=np.float64), 1e-4, 1 - 1e-4)
    return np.asarray(np.log(xg / (1 - xg)))
