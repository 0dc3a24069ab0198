"""A model is the average of a few boosters that differ in their seed alone, merged into one.

Each booster's columns are drawn anew, so their errors differ and partly cancel; the order of the seeds does not
matter, and what comes out is one plain booster.

The same shots make the same model, to the bit, in whatever order they come: rows are never drawn by their position,
and before anything else they are put into an order of their own, by a hash of what they hold.

Trees send a missing value where missing ones did best in training. Among training shots hardly any lacks its frame
(penalties, whose values are fixed, tell nothing), so the way would be left to chance, and a shot without a frame could
score like a penalty; and one whose feed has no word for the first touch like a shot after own control. Hence every fit
also sees some of its shots again as feeds know them that tell less (:mod:`xgoals.model.shots.unseen`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.model.booster_arithmetic import average
from xgoals.model.folds import IndexArray
from xgoals.model.losses import probability
from xgoals.model.shots.eligible import teaches
from xgoals.model.shots.penalties import margins_with_stated_rate, penalty_rate, with_stated_rate
from xgoals.model.shots.unseen import Taught, hashes, with_unseen
from xgoals.model.signs import monotone_constraints

N_SEEDS = 4
"""Boosters in a model, unless its parameters say ``n_seeds``."""
MAX_BIN = 256
"""XGBoost's own, where the parameters do not say otherwise."""
_MANY_SHOTS = 500_000

Grow = Callable[[Taught, Sequence[Mapping[str, Any]], int], Sequence[xgboost.Booster]]
"""Grows boosters of so many trees on these shots: one for each of the parameters, which differ in their seed alone.

Whoever grows them, in one process or in many, has to come to the same bytes: a model's name does not say who did.
"""


def in_this_process(
    taught: Taught, parameters: Sequence[Mapping[str, Any]], n_trees: int
) -> list[xgboost.Booster]:
    """Grow boosters one after the other, from one copy of the shots."""
    matrix = binned(taught.X, taught.y, parameters[0], taught.weight)
    return [xgboost.train(dict(own), matrix, num_boost_round=n_trees) for own in parameters]


def fits_at_once(n_shots: int) -> int:
    """How many fits may work side by side: of a long history one, for each holds its shots while it begins."""
    return 1 if n_shots > _MANY_SHOTS else 2


def fit(
    X: pd.DataFrame,
    y: npt.NDArray[Any],
    params: Mapping[str, Any],
    n_trees: int,
    learn: IndexArray | None = None,
    grow: Grow = in_this_process,
) -> xgboost.Booster:
    """One booster: the average of ``n_seeds`` boosters of ``n_trees`` trees each, of the rows ``learn`` or of all."""
    boosters = _of_each_seed(X, y, params, n_trees, learn, grow)
    known, outcomes = (X, y) if learn is None else (X.iloc[learn], y[learn])
    return with_stated_rate(boosters[0] if len(boosters) == 1 else average(boosters), known, outcomes)


def fit_and_predict(
    X: pd.DataFrame,
    y: npt.NDArray[Any],
    params: Mapping[str, Any],
    n_trees: int,
    fold: tuple[IndexArray, IndexArray],
    grow: Grow = in_this_process,
) -> npt.NDArray[np.float64]:
    """What :func:`fit` on the first rows of a fold would predict for the second, without merging the boosters.

    No copy of the rows is held while trees are grown: folds work side by side.
    """
    learn, predict = fold
    boosters = _of_each_seed(X, y, params, n_trees, learn, grow)
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
    learn: IndexArray | None,
    grow: Grow,
) -> Sequence[xgboost.Booster]:
    own = xgboost_parameters(params, X.columns)
    n_seeds, first = own.pop("n_seeds", N_SEEDS), int(own.pop("seed", 0))
    rows = np.arange(len(X)) if learn is None else learn
    rows = rows[teaches(X.iloc[rows])]
    # Added to -0.0 it makes 0.0: else the order of rows says which of the two a threshold is.
    known, outcomes = in_own_order(X.iloc[rows].astype(np.float32) + np.float32(0), y[rows])
    of_each = [own | {"seed": first + number} for number in range(n_seeds)]
    return grow(with_unseen(known, outcomes, first), of_each, n_trees)


def xgboost_parameters(params: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Parameters as every fit uses them: no row sampling, and the signs of people where none are given."""
    return {"monotone_constraints": monotone_constraints(names), **params, "subsample": 1.0}


def in_own_order(X: pd.DataFrame, y: npt.NDArray[Any]) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    """The same shots in an order that depends on what they hold, not on the order in which they came.

    XGBoost adds up gradients row by row, and cuts a feature of many values into bins along the way.
    """
    order = np.lexsort((y, hashes(X)))
    return X.iloc[order], y[order]


def binned(
    X: pd.DataFrame,
    y: npt.NDArray[Any],
    params: Mapping[str, Any],
    weight: npt.NDArray[np.float32] | None = None,
) -> xgboost.QuantileDMatrix:
    """Shots as ``hist`` wants them: the same trees, to the bit, from a tenth of the room."""
    return xgboost.QuantileDMatrix(
        X, y, weight=weight, max_bin=params.get("max_bin", MAX_BIN), nthread=params.get("nthread")
    )
