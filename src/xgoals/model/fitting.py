"""A model is the average of a few boosters that differ in their seed alone, merged into one.

Each booster's rows and columns are drawn anew, so their errors differ and partly cancel; the order of the seeds does
not matter, and what comes out is one plain booster.

Trees send a missing value where missing ones did best in training. Among training shots hardly any lacks its frame
(penalties, whose values are fixed, tell nothing), so the way would be left to chance, and a shot without a frame could
score like a penalty. Hence every fit also sees a few of its shots a second time with their people hidden.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.features.catalogue import NEED_A_FRAME, NEED_A_KEEPER, YES
from xgoals.model.booster_arithmetic import average
from xgoals.model.folds import IndexArray
from xgoals.model.losses import probability
from xgoals.model.shots.eligible import teaches
from xgoals.model.shots.penalties import margins_with_stated_rate, penalty_rate, with_stated_rate

N_SEEDS = 3
"""Boosters in a model, unless its parameters say ``n_seeds``."""
_MAX_BIN = 256
"""XGBoost's own, where the parameters do not say otherwise."""
_MANY_SHOTS = 500_000
HIDDEN_SHARE = 0.025
"""Of the shots without penalties, so many are seen again without anybody, and as many others without a keeper."""


def fits_at_once(n_shots: int) -> int:
    """How many fits may work side by side: of a long history one, for each holds its shots while it begins."""
    return 1 if n_shots > _MANY_SHOTS else 2


def fit(X: pd.DataFrame, y: npt.NDArray[Any], params: Mapping[str, Any], n_trees: int) -> xgboost.Booster:
    """One booster: the average of ``n_seeds`` boosters of ``n_trees`` trees each."""
    boosters = _of_each_seed(X, y, params, n_trees)
    return with_stated_rate(boosters[0] if len(boosters) == 1 else average(boosters), X, y)


def fit_and_predict(
    X: pd.DataFrame,
    y: npt.NDArray[Any],
    params: Mapping[str, Any],
    n_trees: int,
    fold: tuple[IndexArray, IndexArray],
) -> npt.NDArray[np.float64]:
    """What :func:`fit` on the first rows of a fold would predict for the second, without merging the boosters.

    No copy of the rows is held while trees are grown: folds work side by side.
    """
    learn, predict = fold
    boosters = _of_each_seed(X, y, params, n_trees, learn)
    rows = xgboost.DMatrix(X.iloc[predict].astype(np.float32))
    margins = [booster.predict(rows, output_margin=True).astype(np.float64) for booster in boosters]
    rate = penalty_rate(X.iloc[learn], y[learn])
    return probability(margins_with_stated_rate(np.mean(margins, axis=0), X.iloc[predict], rate))


def float32_features(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Columns of a frame as XGBoost holds them, without a copy of them in double precision between."""
    values = np.empty((len(frame), len(names)), dtype=np.float32)
    for i, name in enumerate(names):
        values[:, i] = frame[name].to_numpy()
    return pd.DataFrame(values, columns=list(names), index=frame.index)


def _of_each_seed(
    X: pd.DataFrame,
    y: npt.NDArray[Any],
    params: Mapping[str, Any],
    n_trees: int,
    learn: IndexArray | None = None,
) -> list[xgboost.Booster]:
    own = dict(params)
    n_seeds, first = own.pop("n_seeds", N_SEEDS), int(own.pop("seed", 0))
    rows = np.arange(len(X)) if learn is None else learn
    rows = rows[teaches(X.iloc[rows])]
    matrix = binned(*_with_hidden_people(X.iloc[rows].astype(np.float32), y[rows], first), own)
    return [
        xgboost.train(own | {"seed": first + number}, matrix, num_boost_round=n_trees)
        for number in range(n_seeds)
    ]


def binned(X: pd.DataFrame, y: npt.NDArray[Any], params: Mapping[str, Any]) -> xgboost.QuantileDMatrix:
    """Shots as ``hist`` wants them: the same trees, to the bit, from a tenth of the room."""
    return xgboost.QuantileDMatrix(
        X, y, max_bin=params.get("max_bin", _MAX_BIN), nthread=params.get("nthread")
    )


def _with_hidden_people(
    X: pd.DataFrame, y: npt.NDArray[Any], seed: int
) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    """The shots, and copies of a few, drawn by the seed, that lack what needs a frame or a keeper."""
    is_penalty = X["Penalty"].to_numpy() == YES if "Penalty" in X else np.zeros(len(X), dtype=bool)
    drawn = np.random.default_rng(seed).permutation(np.flatnonzero(~is_penalty))
    n = round(HIDDEN_SHARE * len(drawn))
    seen, outcomes = [X], [y]
    for rows, hidden in ((drawn[:n], NEED_A_FRAME), (drawn[n : 2 * n], NEED_A_KEEPER)):
        names = [name for name in X.columns if name in hidden]
        if names and n:
            seen.append(X.iloc[rows].assign(**dict.fromkeys(names, np.nan)))
            outcomes.append(y[rows])
    return (pd.concat(seen), np.concatenate(outcomes)) if len(seen) > 1 else (X, y)
