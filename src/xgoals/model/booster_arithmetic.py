"""Boosters as sums of trees: scaled, shifted and averaged, they stay plain boosters that can be explained exactly.

The log-odds of a booster are ``base + sum of leaves``. Scaled leaves scale it, a moved base shifts it, and the trees
of several boosters, their leaves divided, are the average of their log-odds. Done on XGBoost's own JSON.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

import xgboost

from xgoals.domain.errors import ModelError
from xgoals.explain.kinds import kind_of

_BASE_SCORE_MARGIN = 1e-6
"""XGBoost keeps ``base_score`` this far away from 0 and 1."""


def scaled_and_shifted(booster: xgboost.Booster, slope: float, shift: float) -> xgboost.Booster:
    """The booster with log-odds ``slope * m + shift`` where the given one has m.

    Raises
    ------
    ModelError
        If it is no logistic booster of plain trees.
    """
    model = read_model(booster)
    _scale(model, slope)
    base = _base_margin(model)
    _set_base_margin(model, slope * base + shift)
    return booster_of(model)


def shift_base(model: dict[str, Any], shift: float) -> None:
    """Add to the log-odds of a booster that is XGBoost's own JSON."""
    _set_base_margin(model, _base_margin(model) + shift)


def average(boosters: Sequence[xgboost.Booster]) -> xgboost.Booster:
    """One booster whose log-odds are the mean of the given ones', to float32.

    Raises
    ------
    ModelError
        If there is none, they do not share their features, or one is no logistic booster of plain trees.
    """
    if not boosters:
        raise ModelError("there is no booster to average")
    models = [read_model(booster) for booster in boosters]
    names = [model["learner"]["feature_names"] for model in models]
    widths = [model["learner"]["learner_model_param"]["num_feature"] for model in models]
    if any(name != names[0] for name in names) or any(width != widths[0] for width in widths):
        raise ModelError("boosters of different features cannot be averaged")
    for model in models:
        _scale(model, 1 / len(models))
    merged, trees = models[0], [tree for model in models for tree in _forest(model)["trees"]]
    for number, tree in enumerate(trees):
        tree["id"] = number
    forest = _forest(merged)
    forest["trees"] = trees
    forest["tree_info"] = [0] * len(trees)
    forest["iteration_indptr"] = list(range(len(trees) + 1))
    forest["gbtree_model_param"] |= {"num_trees": str(len(trees)), "num_parallel_tree": "1"}
    _set_base_margin(merged, sum(map(_base_margin, models)) / len(models))
    return booster_of(merged)


def read_model(booster: xgboost.Booster) -> dict[str, Any]:
    """A booster as XGBoost's own JSON.

    Raises
    ------
    ModelError
        If it is no logistic booster of plain trees.
    """
    model: dict[str, Any] = json.loads(booster.save_raw("json"))
    learner = model["learner"]
    if kind_of(learner) != "gbtree" or learner["objective"]["name"] != "binary:logistic":
        raise ModelError("only binary:logistic boosters of plain trees can be scaled or averaged")
    return model


def _forest(model: dict[str, Any]) -> dict[str, Any]:
    forest: dict[str, Any] = model["learner"]["gradient_booster"]["model"]
    return forest


def _scale(model: dict[str, Any], factor: float) -> None:
    """Multiply every leaf; a leaf's weight stands where an inner node has its threshold."""
    for tree in _forest(model)["trees"]:
        tree["base_weights"] = [factor * weight for weight in tree["base_weights"]]
        tree["split_conditions"] = [
            factor * condition if child == -1 else condition
            for condition, child in zip(tree["split_conditions"], tree["left_children"], strict=True)
        ]


def _base_margin(model: dict[str, Any]) -> float:
    (text,) = model["learner"]["learner_model_param"]["base_score"].strip("[]").split(",")
    probability = min(max(float(text), _BASE_SCORE_MARGIN), 1 - _BASE_SCORE_MARGIN)
    return math.log(probability / (1 - probability))


def _set_base_margin(model: dict[str, Any], margin: float) -> None:
    model["learner"]["learner_model_param"]["base_score"] = f"[{1 / (1 + math.exp(-margin)):.9E}]"


def booster_of(model: dict[str, Any]) -> xgboost.Booster:
    """The booster that XGBoost's JSON describes."""
    return xgboost.Booster(model_file=bytearray(json.dumps(model).encode()))
