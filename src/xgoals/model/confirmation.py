"""Whether parameters that won a search are adopted: the best of sixty is the luckiest of sixty.

Winner and present parameters meet once more, on folds and with seeds that the search never saw, each fitted as
training fits a model. The winner is adopted only if its AUC is better there beyond chance and its log loss is no worse
than a margin allows.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.model.fitting import fit_and_predict
from xgoals.model.metrics import log_loss
from xgoals.model.resampling import Draws, auc, one_sided_bounds

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

N_FOLDS = 4
"""Of the search and of the confirmation. Even, so that two fits at once are never one."""
LOG_LOSS_GUARD = 0.0003
"""What a candidate may lose in log loss against the present parameters."""
CONFIRMING_SEED = 10_001
"""Of the folds and fits that confirm: beyond those that anybody would search with."""
N_RESAMPLES = 1000
CONFIDENCE = 0.95
"""Of the one-sided bound of the gain."""


@dataclass(frozen=True, slots=True)
class SearchData:
    """What a search learns from, a row or an entry a shot.

    Attributes
    ----------
    X, is_goal, match_ids
        Features, outcomes, and the match of each shot.
    is_judged
        Which shots count when a candidate is judged (:mod:`xgoals.model.eligible`).
    """

    X: pd.DataFrame
    is_goal: npt.NDArray[np.bool_]
    match_ids: pd.Series
    is_judged: npt.NDArray[np.bool_]

    def split(self, n: int, seed: int) -> list[tuple[IndexArray, IndexArray]]:
        """``(train, test)`` row numbers, n times; whole matches, drawn by the seed."""
        code, matches = pd.factorize(self.match_ids)
        part = (np.random.default_rng(seed).permutation(len(matches)) % n)[code]
        return [(np.flatnonzero(part != k), np.flatnonzero((part == k) & self.is_judged)) for k in range(n)]


def confirm(data: SearchData, *, winner: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """Both parameter sets out of fold, on folds and with seeds that the search never saw.

    Parameters
    ----------
    winner, present
        XGBoost's parameters with ``n_trees``.

    Returns
    -------
    dict
        ``winner`` and ``present`` (each ``auc, log_loss``), ``auc_gain`` and its one-sided bound ``auc_gain_low``
        by bootstrap over matches.
    """
    is_goal = data.is_goal[data.is_judged]
    with ThreadPoolExecutor(2) as pool:
        xg = {
            "winner": _out_of_fold(data, winner, pool),
            "present": _out_of_fold(data, present, pool),
        }
    figures: dict[str, Any] = {
        name: {"auc": auc(p, is_goal), "log_loss": log_loss(is_goal, p)} for name, p in xg.items()
    }
    draws = Draws.of(data.match_ids[data.is_judged], N_RESAMPLES, CONFIRMING_SEED)
    gains = draws.aucs(xg["winner"], is_goal) - draws.aucs(xg["present"], is_goal)
    return figures | {
        "auc_gain": figures["winner"]["auc"] - figures["present"]["auc"],
        "auc_gain_low": one_sided_bounds(gains, CONFIDENCE)[0],
    }


def _out_of_fold(data: SearchData, params: Mapping[str, Any], pool: ThreadPoolExecutor) -> FloatArray:
    """Predictions of the shots that count."""
    own = {**params, "seed": CONFIRMING_SEED}
    n_trees = own.pop("n_trees")

    def of_fold(rows: tuple[IndexArray, IndexArray]) -> FloatArray:
        """The test rows of a fold, predicted."""
        return fit_and_predict(data.X, data.is_goal, own, n_trees, rows)

    folds = data.split(N_FOLDS, CONFIRMING_SEED)
    xg = np.empty(len(data.X))
    for (_, test), predicted in zip(folds, pool.map(of_fold, folds), strict=True):
        xg[test] = predicted
    return xg[data.is_judged]


def verdict(confirmed: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether the winner is adopted, and why, of figures as :func:`confirm` returns them."""
    loss = confirmed["winner"]["log_loss"] - confirmed["present"]["log_loss"]
    found = (
        f"AUC {confirmed['auc_gain']:+.4f} (95 % bound {confirmed['auc_gain_low']:+.4f}), log loss {loss:+.5f} "
        "on other folds and seeds"
    )
    if not confirmed["auc_gain_low"] > 0:
        return False, f"Not better than the present parameters beyond chance: {found}."
    if loss > LOG_LOSS_GUARD:
        return False, f"Better ranking, but worse probabilities than the present parameters: {found}."
    return True, f"Better than the present parameters: {found}."
