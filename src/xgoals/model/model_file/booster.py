"""A booster from what a model file was found to say.

XGBoost never sees the file: a flipped bit in it can end the process. It gets a model that is written anew from what was
checked, in its own JSON, every float as it was.
"""

import re
from collections.abc import Mapping

import numpy as np
import orjson
import xgboost

from xgoals.explain.forest import refuse_what_is_no_logistic_forest
from xgoals.model.model_file.soundness import Content, Tree, UnsoundError, check_learner
from xgoals.model.model_file.ubjson import BrokenError, read_ubjson

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
    return xgboost.Booster(model_file=bytearray(_written(content))), content


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
        "trees": [_tree_written(n, tree, content.n_features) for n, tree in enumerate(content.trees)],
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
    return orjson.dumps({"learner": learner, "version": version}, option=orjson.OPT_SERIALIZE_NUMPY)


def _tree_written(number: int, tree: Tree, n_features: int) -> Mapping[str, object]:
    n_nodes = len(tree.left)
    inner = np.flatnonzero(tree.left != -1)
    parents = np.full(n_nodes, _NO_PARENT, np.int32)
    parents[tree.left[inner]] = parents[tree.right[inner]] = inner
    return {
        "id": number,
        "base_weights": tree.base_weight,
        "categories": [],
        "categories_nodes": [],
        "categories_segments": [],
        "categories_sizes": [],
        "default_left": tree.default_left,
        "left_children": tree.left,
        "loss_changes": tree.gain,
        "parents": parents,
        "right_children": tree.right,
        "split_conditions": tree.condition,
        "split_indices": tree.feature,
        "split_type": np.zeros(n_nodes, np.int8),
        "sum_hessian": tree.cover,
        "tree_param": {
            "num_deleted": "0",
            "num_feature": str(n_features),
            "num_nodes": str(n_nodes),
            "size_leaf_vector": "1",
        },
    }
