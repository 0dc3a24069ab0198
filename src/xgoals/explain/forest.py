"""An XGBoost booster as plain arrays.

The exact engine needs nothing of XGBoost but its trees: which feature a node asks about, its
threshold, where a missing value goes, and what a leaf adds to the log-odds. They are read from the
booster's own JSON, so nothing depends on private memory layouts, and everything that this reading
could get wrong (boosters that are not sums of plain binary trees under one sigmoid) is refused by name.

What is explained is what ``Booster.predict`` predicts: *all* trees. A model that was stopped early
keeps the trees after its best iteration; to leave them out of prediction and explanation alike,
slice it first: ``booster[: booster.best_iteration + 1]``.
"""

import json
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import xgboost as xgb
from numpy.typing import NDArray

from xgoals.compiled import compiled
from xgoals.domain.errors import ModelError
from xgoals.explain import proof
from xgoals.explain.kinds import kind_of

LEAF = -1
OBJECTIVES = ("binary:logistic", "reg:logistic")
# XGBoost keeps base_score this far away from 0 and 1 before it takes the logit.
_BASE_SCORE_MARGIN = np.float32(1e-6)


@dataclass(frozen=True, slots=True)
class Forest:
    """The trees of a binary-logistic model; all arrays but ``roots`` have one entry per node.

    Attributes
    ----------
    feature
        Column that the node asks about; ``LEAF`` (-1) at leaves.
    threshold
        A value goes left when ``float32(value) < threshold`` (float32, as XGBoost compares).
    default_left
        Whether a missing value goes left.
    left, right
        Index of the child nodes.
    weight
        What a leaf adds to the log-odds; 0 at inner nodes.
    roots
        Index of each tree's root.
    base_margin
        Log-odds before the first tree: the logit of ``base_score``.
    feature_names
        The booster's names, or None when it was trained without any.
    n_features
        Number of columns that the model was trained on.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    default_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weight: NDArray[np.float64]
    roots: NDArray[np.int32]
    base_margin: float
    feature_names: tuple[str, ...] | None
    n_features: int

    def tolerance(self, margin: NDArray[np.float64]) -> float:
        """By how much ``Booster.predict``, which adds up in float32, may be off where these are the log-odds."""
        terms = np.abs(np.concatenate([margin, self.weight, [self.base_margin]]))
        return proof.margin_tolerance(len(self.roots), float(terms.max()))

    def margin(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds of every row, summed in float64 (``Booster.predict`` sums in float32)."""
        out = np.full(len(X), self.base_margin)
        _add_leaves(
            np.ascontiguousarray(X, np.float32),
            self.feature,
            self.threshold,
            self.default_left,
            self.left,
            self.right,
            self.weight,
            self.roots,
            out,
        )
        return out

    def check_against(
        self, booster: xgb.Booster, rows: NDArray[np.float32], row_numbers: NDArray[np.intp] | None = None
    ) -> None:
        """Compare with what the booster predicts of rows; raises ModelError, as `check_against_booster` does."""
        margin = self.margin(rows)
        proof.check_against_booster(
            booster,
            rows,
            {"log_odds": margin, "probability": proof.sigmoid(margin)},
            tolerance=self.tolerance(margin),
            what="the trees as they are read",
            row_numbers=row_numbers,
        )


def read_forest(booster: xgb.Booster) -> Forest:
    """Read the trees of a booster, and hold what was read against what it predicts itself.

    Parameters
    ----------
    booster
        A tree booster with one logistic output: objective ``binary:logistic`` or ``reg:logistic``,
        booster ``gbtree``, numerical splits only.

    Raises
    ------
    ModelError
        For anything else, and where the trees as read predict something else than the booster; the message names
        the reason.
    """
    if not isinstance(booster, xgb.Booster):
        advice = "Pass model.get_booster()" if hasattr(booster, "get_booster") else None
        raise ModelError(f"Cannot explain a {type(booster).__name__}, only an xgboost.Booster", advice=advice)
    learner = json.loads(booster.save_raw("json"))["learner"]
    refuse_what_is_no_logistic_forest(learner)
    trees = learner["gradient_booster"]["model"]["trees"]
    sizes = [len(tree["left_children"]) for tree in trees]
    roots = np.concatenate([[0], np.cumsum(sizes)[:-1]])

    left = _joined(trees, "left_children", np.int64)
    is_leaf = left == LEAF
    first_node_of_tree = np.repeat(roots, sizes)
    # One array serves two ends in XGBoost: the threshold of inner nodes and the value of leaves.
    condition = _joined(trees, "split_conditions", np.float32)
    forest = Forest(
        feature=np.where(is_leaf, LEAF, _joined(trees, "split_indices", np.int64)).astype(np.int32),
        threshold=np.where(is_leaf, np.float32(0), condition).astype(np.float32),
        default_left=_joined(trees, "default_left", np.bool_),
        left=np.where(is_leaf, LEAF, left + first_node_of_tree).astype(np.int32),
        right=np.where(is_leaf, LEAF, _joined(trees, "right_children", np.int64) + first_node_of_tree).astype(
            np.int32
        ),
        weight=np.where(is_leaf, condition, 0).astype(np.float64),
        roots=roots.astype(np.int32),
        base_margin=_base_margin(learner["learner_model_param"]["base_score"]),
        feature_names=tuple(learner["feature_names"]) or None,
        n_features=int(learner["learner_model_param"]["num_feature"]),
    )
    rows = proof.probes(forest.feature, forest.threshold, forest.n_features)
    forest.check_against(booster, rows)
    return forest


def forest_of(booster: xgb.Booster | Forest) -> Forest:
    """A forest that was read before as it is, else that of a booster; raises as `read_forest`.

    Of a booster that was stopped early a warning says that all its trees are explained: scikit-learn's interface
    predicts without those after the best.
    """
    if isinstance(booster, Forest):
        return booster
    forest = read_forest(booster)
    best, rounds = booster.attr("best_iteration"), booster.num_boosted_rounds()
    if best is not None and best.isdecimal() and int(best) + 1 < rounds:
        warnings.warn(
            f"The model was stopped early. All its {rounds} rounds are explained, as Booster.predict asks all; "
            f"scikit-learn's interface predicts with the first {int(best) + 1}: to explain that, pass "
            f"booster[:{int(best) + 1}]",
            stacklevel=3,
        )
    return forest


def _joined(trees: list[dict[str, Any]], key: str, dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.asarray(tree[key]).astype(dtype) for tree in trees])


def _base_margin(base_score: str) -> float:
    """The logit of ``base_score``, which XGBoost 3 writes as a vector ("[1.5E-1]").

    In float32 and in XGBoost's own order of operations: close to 1, both make a difference.
    """
    (text,) = base_score.strip("[]").split(",")
    one = np.float32(1)
    probability = np.clip(np.float32(text), _BASE_SCORE_MARGIN, one - _BASE_SCORE_MARGIN)
    return float(-np.log(one / probability - one))


def refuse_what_is_no_logistic_forest(learner: dict[str, Any]) -> None:
    """Refuse by name what is not a sum of plain binary trees under one sigmoid.

    Parameters
    ----------
    learner
        The ``learner`` of XGBoost's own JSON.

    Raises
    ------
    ModelError
        If it is another kind of booster or objective, has several outputs or categorical splits, or no tree.
    """
    if (kind := kind_of(learner)) != "gbtree":
        raise ModelError(
            f"Cannot explain a {kind[:60]} booster exactly", advice="Only plain trees (gbtree) are read"
        )
    objective = learner["objective"]["name"]
    if objective not in OBJECTIVES:
        raise ModelError(
            f"Cannot explain a model with objective {str(objective)[:60]}",
            advice=f"Only one logistic output is read: {' or '.join(OBJECTIVES)}",
        )
    parameters = learner["learner_model_param"]
    if int(parameters.get("num_class", 0)) > 1 or int(parameters.get("num_target", 1)) > 1:
        raise ModelError(
            "Cannot explain a model with several outputs", advice="Explain one binary model at a time"
        )
    trees = learner["gradient_booster"]["model"]["trees"]
    if not trees:
        raise ModelError("The model has no trees", advice="Train it for at least one round")
    if any(int(tree["tree_param"].get("size_leaf_vector", 1)) > 1 for tree in trees):
        raise ModelError("Cannot explain trees with vector leaves (multi_strategy=multi_output_tree)")
    if any(any(tree.get("split_type", ())) for tree in trees) or "c" in learner.get("feature_types", ()):
        raise ModelError(
            "Cannot explain categorical splits",
            advice="Train on ordered codes with numerical splits (enable_categorical=False)",
        )


@compiled()
def _add_leaves(X, feature, threshold, default_left, left, right, weight, roots, out):  # type: ignore[no-untyped-def]
    for row in range(X.shape[0]):
        for root in roots:
            node = root
            while feature[node] != LEAF:
                value = X[row, feature[node]]
                goes_left = default_left[node] if np.isnan(value) else value < threshold[node]
                node = left[node] if goes_left else right[node]
            out[row] += weight[node]
