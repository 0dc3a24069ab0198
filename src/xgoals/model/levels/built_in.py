"""A level inside a booster: a moved base, and a tree each for headers and free kicks.

So a booster with a level is a plain booster: its golden rows, exact Shapley values and proofs are those of any other.
"""

from typing import Any

import xgboost

from xgoals.model.booster_arithmetic import booster_of, read_model, shift_base
from xgoals.model.levels.level import Level
from xgoals.model.shots.penalties import FEATURE, undo_at_penalties

_ROOT = 2147483647
"""Stands for the parent of a root."""


def with_level(booster: xgboost.Booster, level: Level) -> xgboost.Booster:
    """The booster with the level added to its log-odds; penalties keep their stated rate.

    Raises
    ------
    ModelError
        If it is no logistic booster of plain trees.
    """
    model, names = read_model(booster), list(booster.feature_names or [])
    shift_base(model, level.intercept)
    undo_at_penalties(model, names, level.intercept)
    for name, value in (("Header", level.header), ("FreeKick", level.free_kick)):
        if {name, FEATURE} <= set(names) and value:
            _append(model, _question(names.index(name), names.index(FEATURE), value, len(names)))
    return booster_of(model)


def _question(feature: int, penalty: int, value: float, n_features: int) -> dict[str, Any]:
    """A tree that adds ``value`` where a yes-or-no feature (1 or -1) says yes, and it is no penalty.

    Where the feature is missing it adds nothing. Nothing was gained by it, so that nobody takes the feature for a find.
    """
    return {
        "base_weights": [0.0, 0.0, 0.0, value, 0.0],
        "categories": [], "categories_nodes": [], "categories_segments": [], "categories_sizes": [],
        "default_left": [1, 0, 1, 0, 0],
        "left_children": [1, -1, 3, -1, -1],
        "right_children": [2, -1, 4, -1, -1],
        "loss_changes": [0.0] * 5,
        "parents": [_ROOT, 0, 0, 2, 2],
        "split_conditions": [0.0, 0.0, 0.0, value, 0.0],
        "split_indices": [feature, 0, penalty, 0, 0],
        "split_type": [0] * 5,
        "sum_hessian": [0.0] * 5,
        "tree_param": {
            "num_deleted": "0", "num_feature": str(n_features), "num_nodes": "5", "size_leaf_vector": "1",
        },
    }  # fmt: skip


def _append(model: dict[str, Any], tree: dict[str, Any]) -> None:
    forest = model["learner"]["gradient_booster"]["model"]
    number = len(forest["trees"])
    forest["trees"].append(tree | {"id": number})
    forest["tree_info"].append(0)
    forest["iteration_indptr"].append(forest["iteration_indptr"][-1] + 1)
    forest["gbtree_model_param"]["num_trees"] = str(number + 1)
