"""A booster from what a model file was found to say.

XGBoost never sees the file: a flipped bit in it can end the process. It gets a model that is written anew from what was
checked, every float as it was.
"""

import re
from itertools import pairwise

import numpy as np
import xgboost
from numpy.typing import NDArray

from xgoals.explain.forest import refuse_what_is_no_logistic_forest
from xgoals.model.model_file.soundness import Content, check_learner
from xgoals.model.model_file.trees import Trees
from xgoals.model.model_file.ubjson import BrokenError, read_ubjson, write_ubjson
from xgoals.model.model_file.values import UnsoundError

_NO_PARENT = np.iinfo(np.int32).max
_KEPT = ("best_iteration", "best_score")
_A_NUMBER = re.compile(r"-?[0-9.]{1,40}([eE][+-]?[0-9]{1,3})?", re.ASCII)


def booster_of_content(model: object) -> tuple[xgboost.Booster, Content]:
    """The booster that a model file describes.

    Parameters
    ----------
    model
        What is in the file: XGBoost's own JSON, lists or numpy arrays.

    Raises
    ------
    UnsoundError
        If it contradicts itself, or is no model.
    ModelError
        If it is no binary model of plain trees; the message names what it is.
    """
    learner = model.get("learner") if isinstance(model, dict) else None
    if not isinstance(learner, dict):
        raise UnsoundError("it has no learner")
    try:
        refuse_what_is_no_logistic_forest(learner)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise UnsoundError(
            f"what it says of itself is no learner ({type(error).__name__}: {str(error)[:80]})"
        ) from None
    content = check_learner(learner)
    try:
        return xgboost.Booster(model_file=bytearray(_written(content))), content
    except xgboost.core.XGBoostError as error:
        told = str(error).partition("\n")[0][-200:]
        raise UnsoundError(f"XGBoost does not take what it says ({told})") from None


def proven_booster(data: bytes) -> xgboost.Booster:
    """The booster of bytes as XGBoost writes them (UBJSON), which it is not shown itself.

    Raises
    ------
    UnsoundError
        If they are no model, or one that contradicts itself; what, in words.
    ModelError
        As :func:`booster_of_content`.
    """
    try:
        return booster_of_content(read_ubjson(data))[0]
    except BrokenError as error:
        raise UnsoundError(str(error)) from None


def _written(content: Content) -> bytes:
    n_trees = len(content.trees)
    forest = {
        "gbtree_model_param": {"num_parallel_tree": "1", "num_trees": str(n_trees)},
        "iteration_indptr": content.rounds.tolist(),
        "tree_info": [0] * n_trees,
        "trees": _trees_written(content.trees, str(content.n_features)),
    }
    learner = {
        "attributes": {
            name: content.attributes[name]
            for name in _KEPT
            if _A_NUMBER.fullmatch(content.attributes.get(name, ""))
        },
        "feature_names": list(content.feature_names or ()),
        "feature_types": list(content.feature_types),
        "gradient_booster": {"model": forest, "name": "gbtree"},
        "learner_model_param": {
            "base_score": f"[{content.base_score}]",
            "boost_from_average": "1",
            "num_class": "0",
            "num_feature": str(content.n_features),
            "num_target": "1",
        },
        "objective": {"name": content.objective, "reg_loss_param": {"scale_pos_weight": "1"}},
    }
    version = [int(part) for part in xgboost.__version__.split(".")[:3]]
    return write_ubjson({"learner": learner, "version": version})


def _trees_written(trees: Trees, n_features: str) -> list[object]:
    """Each tree as XGBoost writes it; it takes whole columns of no other types than these."""
    columns: dict[str, NDArray[np.generic]] = {
        "base_weights": trees.base_weight,
        "default_left": trees.default_left,
        "left_children": trees.left,
        "loss_changes": trees.gain,
        "parents": _parents(trees),
        "right_children": trees.right,
        "split_conditions": trees.condition,
        "split_indices": trees.feature,
        "split_type": np.zeros(len(trees.left), np.uint8),
        "sum_hessian": trees.cover,
    }
    none = {
        "categories": np.empty(0, np.int32),
        "categories_nodes": np.empty(0, np.int32),
        "categories_segments": np.empty(0, np.int64),
        "categories_sizes": np.empty(0, np.int64),
    }
    return [
        {
            "id": number,
            "tree_param": {
                "num_deleted": "0",
                "num_feature": n_features,
                "num_nodes": str(end - start),
                "size_leaf_vector": "1",
            },
            **{name: column[start:end] for name, column in columns.items()},
            **none,
        }
        for number, (start, end) in enumerate(pairwise(trees.starts.tolist()))
    ]


def _parents(trees: Trees) -> NDArray[np.int32]:
    root = np.repeat(trees.starts[:-1], np.diff(trees.starts))
    parents = np.full(len(root), _NO_PARENT, np.int32)
    inner = np.flatnonzero(trees.left != -1)
    for child in (trees.left, trees.right):
        parents[root[inner] + child[inner]] = inner - root[inner]
    return parents
