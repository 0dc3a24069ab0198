"""The xG of a penalty: a stated rate, held by a leaf of its own.

A window knows a few hundred penalties, which say little: 300 kicks leave 5 points of doubt. Public counts of thousands
say more, and say it alike: 76 % of 8,346 kicks (M. Clare on Opta data), 77.0 % in men's leagues (M. Oosterwegel),
constants of .76 to .79 at the data providers. So the rate is that of a Beta prior worth some thousand kicks and of the
window's own; no tree is grown on a penalty. The first tree asks for one at its root, and its leaf makes the model's
log odds those of the rate: what is published is a plain booster, and its explanation adds up.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.features.catalogue import CATALOGUES, NO, STRIKE_CODES, YES, Strike
from xgoals.model.booster_arithmetic import booster_of, read_model
from xgoals.model.shots.eligible import has

LONG_RUN_RATE = 0.77
PRIOR_KICKS = 3000
"""What the long-run rate weighs, in kicks."""
FEATURE = "Penalty"
_ROOT = 2147483647
"""Stands for the parent of a root."""
_OF_EVERY_PENALTY = {
    **{f.name: f.at_penalty for c in CATALOGUES.values() for f in c.features if f.at_penalty is not None},
    FEATURE: YES,
    "FootShot": YES,
    "Header": NO,
    "FreeKick": NO,
    "StrikeType": float(STRIKE_CODES[Strike.DEAD_BALL]),
}


def penalty_rate(X: pd.DataFrame, is_goal: npt.NDArray[Any]) -> float:
    """The stated rate of a window: ``(prior goals + goals) / (prior kicks + kicks)``."""
    kicks = has(X, FEATURE)
    return float((LONG_RUN_RATE * PRIOR_KICKS + is_goal[kicks].sum()) / (PRIOR_KICKS + kicks.sum()))


def with_stated_rate(booster: xgboost.Booster, X: pd.DataFrame, is_goal: npt.NDArray[Any]) -> xgboost.Booster:
    """The booster with the stated rate at penalties, and as it was everywhere else.

    Parameters
    ----------
    booster
        Grown on other shots.
    X, is_goal
        The window, penalties included. Where it has no feature ``Penalty`` the booster stays as it is.
    """
    if FEATURE not in X:
        return booster
    return _restated(booster, _penalty(X), penalty_rate(X, is_goal))


def same_rate(booster: xgboost.Booster, before: xgboost.Booster) -> xgboost.Booster:
    """A booster whose leaves were changed, with the rate at penalties that it had before; itself if it had none."""
    first = _first_tree(read_model(before))
    names = before.feature_names or []
    if FEATURE not in names or not _asks_for_a_penalty(first, names.index(FEATURE)):
        return booster
    row = _penalty(pd.DataFrame(columns=list(names), dtype=np.float64))
    return _restated(booster, row, float(before.predict(xgboost.DMatrix(row))[0]))


def undo_at_penalties(model: dict[str, Any], names: Sequence[str], shift: float) -> None:
    """Take a shift of the base back where a booster, as XGBoost's JSON, has the stated rate; nothing where it has none.

    For it nobody has to be asked: that costs a second with a thousand trees.
    """
    tree = _first_tree(model)
    if FEATURE in names and _asks_for_a_penalty(tree, list(names).index(FEATURE)):
        leaf = tree["right_children"][0]
        _set_leaf(tree, leaf, tree["split_conditions"][leaf] - shift)


def margins_with_stated_rate(
    margins: npt.NDArray[np.float64], X: pd.DataFrame, rate: float
) -> npt.NDArray[np.float64]:
    """Log odds of shots ``X``, shape (n,), with those of the rate at penalties."""
    return np.where(has(X, FEATURE), _logit(rate), margins)


def _penalty(X: pd.DataFrame) -> pd.DataFrame:
    """One penalty with these features: as they are in the window, else as the catalogues define them."""
    kicks = X[has(X, FEATURE)]
    known = kicks.dropna(axis="columns", how="all")  # what no kick has stays missing
    row = known.median().reindex(X.columns) if len(kicks) else pd.Series(_OF_EVERY_PENALTY).reindex(X.columns)
    return row.to_frame().T.astype(np.float32)


def _restated(booster: xgboost.Booster, penalty: pd.DataFrame, rate: float) -> xgboost.Booster:
    model = read_model(booster)
    tree, feature = _first_tree(model), list(penalty.columns).index(FEATURE)
    if not _asks_for_a_penalty(tree, feature):
        _ask_for_a_penalty(tree, feature)
    leaf = tree["right_children"][0]
    _set_leaf(tree, leaf, 0.0)
    without = booster_of(json.loads(json.dumps(model)))
    margin = float(without.predict(xgboost.DMatrix(penalty), output_margin=True)[0])
    _set_leaf(tree, leaf, _logit(rate) - margin)
    return booster_of(model)


def _first_tree(model: dict[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = model["learner"]["gradient_booster"]["model"]["trees"][0]
    return tree


def _asks_for_a_penalty(tree: dict[str, Any], feature: int) -> bool:
    right = tree["right_children"][0]
    asks = tree["split_indices"][0] == feature and tree["split_conditions"][0] == 0
    return bool(right != -1 and asks and tree["left_children"][right] == -1)


def _ask_for_a_penalty(tree: dict[str, Any], feature: int) -> None:
    """Put the question before the root: no leads to the old root, now the last but one, yes to a leaf, the last."""
    moved = len(tree["left_children"])
    for child in (tree["left_children"][0], tree["right_children"][0]):
        if child != -1:
            tree["parents"][child] = moved
    for column in (
        "left_children", "right_children", "split_indices", "split_conditions", "split_type", "default_left",
        "base_weights", "loss_changes", "sum_hessian",
    ):  # fmt: skip
        tree[column].append(tree[column][0])
    tree["parents"] += [0, 0]
    for column, value in {"left_children": -1, "right_children": -1, "split_indices": 0, "split_type": 0,
                          "default_left": 0, "loss_changes": 0.0, "sum_hessian": 0.0}.items():  # fmt: skip
        tree[column].append(value)
    tree["base_weights"].append(0.0)
    tree["split_conditions"].append(0.0)
    tree["left_children"][0], tree["right_children"][0] = moved, moved + 1
    tree["parents"][0], tree["split_indices"][0], tree["split_type"][0] = _ROOT, feature, 0
    # What is not known to be a penalty is none; and nothing was gained, so that nobody takes the feature for a find.
    tree["split_conditions"][0], tree["default_left"][0], tree["loss_changes"][0] = 0.0, 1, 0.0
    tree["tree_param"]["num_nodes"] = str(moved + 2)


def _set_leaf(tree: dict[str, Any], node: int, value: float) -> None:
    tree["split_conditions"][node] = tree["base_weights"][node] = value


def _logit(rate: float) -> float:
    return math.log(rate / (1 - rate))
