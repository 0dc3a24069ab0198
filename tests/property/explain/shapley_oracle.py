"""Shapley values by definition, and random models to try the engine on.

The oracle shares nothing with the engine: it asks ``Booster.predict`` for every coalition of every shot
and sums the textbook formula.
"""

import json
from itertools import combinations
from math import factorial

import numpy as np
import xgboost as xgb


def coalition_values(booster, x, baseline, players, space):
    """v(S) for all S; ``players`` are lists of columns, bit i of S is player i."""
    masks = np.arange(1 << len(players))
    rows = np.tile(baseline, (len(masks), 1))
    for i, columns in enumerate(players):
        holding = masks >> i & 1 == 1
        for column in columns:
            rows[holding, column] = x[column]
    names = booster.feature_names
    return booster.predict(xgb.DMatrix(rows, feature_names=names), output_margin=space == "log_odds").astype(
        float
    )


def shapley_by_definition(v):
    """Values (k,) of a game given as a vector over masks."""
    k = len(v).bit_length() - 1
    masks = np.arange(len(v))
    size = np.bitwise_count(masks)
    weight = np.array(
        [factorial(s) * factorial(k - s - 1) / factorial(k) if s < k else 0 for s in range(k + 1)]
    )
    phi = np.zeros(k)
    for i in range(k):
        without = masks[masks >> i & 1 == 0]
        phi[i] = np.sum(weight[size[without]] * (v[without | 1 << i] - v[without]))
    return phi


def interactions_by_definition(v):
    """Interaction values (k, k) in shap's convention: halves off the diagonal, main effects on it."""
    k = len(v).bit_length() - 1
    masks = np.arange(len(v))
    size = np.bitwise_count(masks)
    effect = np.zeros((k, k))
    for i, j in combinations(range(k), 2):
        without = masks[(masks >> i & 1 == 0) & (masks >> j & 1 == 0)]
        weight = np.array(
            [factorial(s) * factorial(k - s - 2) / (2 * factorial(k - 1)) for s in range(k - 1)]
        )
        derivative = v[without | 1 << i | 1 << j] - v[without | 1 << i] - v[without | 1 << j] + v[without]
        effect[i, j] = effect[j, i] = np.sum(weight[size[without]] * derivative)
    return effect + np.diag(shapley_by_definition(v) - effect.sum(axis=1))


def thresholds(booster):
    """All (column, threshold) pairs of a model."""
    trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    return [
        (column, np.float32(threshold))
        for tree in trees
        for left, column, threshold in zip(
            tree["left_children"], tree["split_indices"], tree["split_conditions"], strict=True
        )
        if left >= 0
    ]


def random_case(seed):
    """A random model with shots and a baseline that are awkward on purpose."""
    rng = np.random.default_rng(seed)
    n_features = int(rng.integers(1, 13))
    n_train = int(rng.integers(20, 200))
    X = rng.normal(size=(n_train, n_features))
    for column in range(n_features):
        kind = rng.integers(5)
        if kind == 0:
            X[:, column] = rng.integers(-1, 3, n_train)
        elif kind == 1:
            X[rng.random(n_train) < rng.choice([0.2, 0.9, 1.0]), column] = np.nan
        elif kind == 2 and column:
            X[:, column] = X[:, rng.integers(column)]  # a duplicate
    score = np.nan_to_num(X) @ rng.normal(size=n_features) + np.nan_to_num(X).prod(axis=1)
    y = (score + rng.normal(size=n_train) > rng.normal()).astype(int)
    if rng.random() < 0.03:
        y[:] = rng.integers(2)  # a constant model
    depth = int(rng.integers(1, 9))
    lossguide = rng.random() < 0.2
    booster = xgb.train(
        {
            "objective": rng.choice(["binary:logistic", "reg:logistic"]),
            "max_depth": 0 if lossguide else depth,
            "max_leaves": int(rng.integers(2, 40)) if lossguide else 0,
            "grow_policy": "lossguide" if lossguide else "depthwise",
            "tree_method": rng.choice(["hist", "exact"]) if not lossguide else "hist",
            "eta": float(rng.choice([0.05, 0.3, 1.0])),
            "min_child_weight": 0.1,
            "colsample_bytree": float(rng.choice([0.5, 1.0])),
            "base_score": float(rng.uniform(0.05, 0.95)),
            "num_parallel_tree": int(rng.choice([1, 1, 1, 3])),
            "seed": seed,
            "nthread": 1,
        },
        xgb.DMatrix(X, y),
        num_boost_round=int(np.exp(rng.uniform(0, np.log(134 if seed % 4 else 400)))),
    )
    return booster, _awkward_shots(rng, booster, X), _awkward_baseline(rng, X)


def _awkward_shots(rng, booster, X):
    shots = X[rng.integers(len(X), size=3)].copy()
    for column, threshold in thresholds(booster)[:50]:
        if rng.random() < 0.3:
            below = np.nextafter(threshold, np.float32(-np.inf))
            shots[rng.integers(3), column] = rng.choice([threshold, below])
    shots[rng.random(shots.shape) < 0.05] = np.nan
    return shots


def _awkward_baseline(rng, X):
    baseline = X[rng.integers(len(X))].copy()
    return np.where(rng.random(len(baseline)) < 0.3, np.nan_to_num(X).mean(axis=0), baseline)


def edited(booster, edit):
    """A copy of the booster after ``edit(model)`` has changed its JSON's model part (trees, tree_info ...)."""
    document = json.loads(booster.save_raw("json"))
    model = document["learner"]["gradient_booster"]["model"]
    edit(model)
    for number, tree in enumerate(model["trees"]):
        tree["id"] = number
    model["tree_info"] = [0] * len(model["trees"])
    model["gbtree_model_param"] |= {"num_trees": str(len(model["trees"])), "num_parallel_tree": "1"}
    model["iteration_indptr"] = list(range(len(model["trees"]) + 1))
    copy = xgb.Booster()
    copy.load_model(bytearray(json.dumps(document).encode()))
    return copy


def renumbered(tree, new_column):
    """A copy of a tree in which column c has become ``new_column[c]``."""
    return tree | {"split_indices": [int(new_column[column]) for column in tree["split_indices"]]}
