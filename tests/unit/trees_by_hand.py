"""Boosters made by hand: a few numbers that can be followed on paper."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xgboost as xgb


def _nodes(spec, tree):
    """Append ``spec``, a leaf's number or (column, threshold, left, right[, default_left]), to a tree.

    Level by level: XGBoost looks for a right child behind the left one.
    """
    level = [(spec, 2147483647)]
    while level:
        below = []
        for node, parent in level:
            here = len(tree["left_children"])
            leaf = not isinstance(node, tuple)
            column, threshold, default_left = (
                (0, node, False) if leaf else (*node[:2], len(node) > 4 and node[4])
            )
            for key, value in {
                "left_children": -1,
                "right_children": -1,
                "split_indices": column,
                "split_conditions": threshold,
                "default_left": int(default_left),
                "base_weights": threshold if leaf else 0.0,
                "parents": parent,
                "loss_changes": 0.0,
                "sum_hessian": 1.0,
                "split_type": 0,
            }.items():
                tree[key].append(value)
            if parent != 2147483647:
                side = "left_children" if tree["left_children"][parent] == -1 else "right_children"
                tree[side][parent] = here
            if not leaf:
                below += [(node[2], here), (node[3], here)]
        level = below


@pytest.fixture(scope="session")
def booster_by_hand() -> Callable[..., xgb.Booster]:
    """Make a booster from nested tuples: ``booster_by_hand([(0, 1.5, -0.3, 0.7)], ["a", "b"])``."""

    def make(trees: list[Any], names: list[str], base_score: float = 0.5) -> xgb.Booster:
        X = np.arange(8.0)[:, None] * np.ones(len(names))
        any_booster = xgb.train(
            {"objective": "binary:logistic", "base_score": base_score, "max_depth": 1},
            xgb.DMatrix(X, np.arange(8) > 3, feature_names=names),
            num_boost_round=1,
        )
        document = json.loads(any_booster.save_raw("json"))
        model = document["learner"]["gradient_booster"]["model"]
        template = model["trees"][0]
        model["trees"] = []
        for number, spec in enumerate(trees):
            tree = template | {key: [] for key, value in template.items() if isinstance(value, list)}
            _nodes(spec, tree)
            tree["id"] = number
            tree["tree_param"] = template["tree_param"] | {"num_nodes": str(len(tree["left_children"]))}
            model["trees"].append(tree)
        model["tree_info"] = [0] * len(trees)
        model["gbtree_model_param"] |= {"num_trees": str(len(trees))}
        model["iteration_indptr"] = list(range(len(trees) + 1))
        booster = xgb.Booster()
        booster.load_model(bytearray(json.dumps(document).encode()))
        return booster

    return make
