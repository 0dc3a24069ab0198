"""Whether parameters that won a search are adopted: the best of sixty is the luckiest of sixty.

Winner and present parameters meet once more, on matches that the search never saw: a fifth of the earlier ones is
reserved, another fifth for the next search. Each is fitted as training fits a model, on the matches that were searched
on. The winner is adopted only if its AUC is better there beyond chance and its log loss no worse than a margin allows.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.errors import ModelError
from xgoals.model.fitting import fit_and_predict
from xgoals.model.metrics import log_loss
from xgoals.model.resampling import Draws, auc, one_sided_bounds

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

N_FOLDS = 4
"""Of the search. Even, so that two fits at once are never one."""
N_PARTS = 5
"""One of so many parts of the matches is reserved."""
_PARTING_SEED = 10_002
"""Of what match is in which part: the same for every search, so that the parts come round in turn."""
LOG_LOSS_GUARD = 0.0003
"""What a candidate may lose in log loss against the present parameters."""
CONFIRMING_SEED = 10_001
"""Of the fits that confirm: beyond those that anybody would search with."""
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
        Which shots count when a candidate is judged (:mod:`xgoals.model.shots.eligible`).
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

    def reserve(self, number: int) -> "tuple[SearchData, SearchData]":
        """What a search may look at, and the reserved fifth of the matches; ``number`` counts searches."""
        is_reserved = _part_of(self.match_ids) == number % N_PARTS
        return self._among(~is_reserved), self._among(is_reserved)

    def _among(self, chosen: npt.NDArray[np.bool_]) -> "SearchData":
        return SearchData(
            self.X[chosen].reset_index(drop=True),
            self.is_goal[chosen],
            self.match_ids[chosen].reset_index(drop=True),
            self.is_judged[chosen],
        )


def _part_of(match_ids: pd.Series) -> npt.NDArray[np.intp]:
    """The part of each shot's match; others that come do not change it."""
    codes, matches = pd.factorize(match_ids)
    return np.array(
        [crc32(f"{_PARTING_SEED} {match}".encode()) % N_PARTS for match in matches], dtype=np.intp
    )[codes]


def confirm(
    searched: SearchData, reserved: SearchData, *, winner: Mapping[str, Any], present: Mapping[str, Any]
) -> dict[str, Any]:
    """Both parameter sets on matches, and with seeds, that the search never saw.

    Parameters
    ----------
    searched, reserved
        What both learn from, and what they are judged on.
    winner, present
        XGBoost's parameters with ``n_trees``.

    Returns
    -------
    dict
        ``winner`` and ``present`` (each ``auc, log_loss``), ``auc_gain`` and its one-sided bound ``auc_gain_low``
        by bootstrap over matches; ``n_matches`` that were reserved.

    Raises
    ------
    ModelError
        If the reserved matches hold no goals, or nothing but goals.
    """
    is_goal = reserved.is_goal[reserved.is_judged]
    if is_goal.all() or not is_goal.any():
        raise ModelError(
            f"{int(is_goal.sum())} goals in {len(is_goal)} shots of the matches reserved to confirm a search",
            advice="Give it more matches",
        )
    both = SearchData(
        pd.concat([searched.X, reserved.X], ignore_index=True),
        np.concatenate([searched.is_goal, reserved.is_goal]),
        pd.concat([searched.match_ids, reserved.match_ids], ignore_index=True),
        np.concatenate([np.zeros(len(searched.X), dtype=bool), reserved.is_judged]),
    )
    rows = np.arange(len(searched.X)), np.flatnonzero(both.is_judged)

    def of(params: Mapping[str, Any]) -> FloatArray:
        """What a model of the searched matches says of the reserved ones."""
        own = {**params, "seed": CONFIRMING_SEED}
        return fit_and_predict(both.X, both.is_goal, own, own.pop("n_trees"), rows)

    with ThreadPoolExecutor(2) as pool:
        xg = dict(zip(("winner", "present"), pool.map(of, (winner, present)), strict=True))
    figures: dict[str, Any] = {
        name: {"auc": auc(p, is_goal), "log_loss": log_loss(is_goal, p)} for name, p in xg.items()
    }
    draws = Draws.of(reserved.match_ids[reserved.is_judged], N_RESAMPLES, CONFIRMING_SEED)
    gains = draws.aucs(xg["winner"], is_goal) - draws.aucs(xg["present"], is_goal)
    return figures | {
        "auc_gain": figures["winner"]["auc"] - figures["present"]["auc"],
        "auc_gain_low": one_sided_bounds(gains, CONFIDENCE)[0],
        "n_matches": int(reserved.match_ids.nunique()),
    }


def verdict(confirmed: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether the winner is adopted, and why, of figures as :func:`confirm` returns them."""
    loss = confirmed["winner"]["log_loss"] - confirmed["present"]["log_loss"]
    found = (
        f"AUC {confirmed['auc_gain']:+.4f} (95 % bound {confirmed['auc_gain_low']:+.4f}), log loss {loss:+.5f} "
        "on matches that the search never saw"
    )
    if not confirmed["auc_gain_low"] > 0:
        return False, f"Not better than the present parameters beyond chance: {found}."
    if loss > LOG_LOSS_GUARD:
        return False, f"Better ranking, but worse probabilities than the present parameters: {found}."
    return True, f"Better than the present parameters: {found}."
