"""Whether what a model file says fits together, before XGBoost reads a word of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xgoals.model.model_file.trees import MOST_TREES, Trees, read_trees
from xgoals.model.model_file.values import (
    Json,
    UnsoundError,
    list_of,
    object_of,
    texts_of,
    whole_number,
    whole_numbers,
)

MOST_FEATURES: Final = 100_000
_TYPES: Final = frozenset({"int", "float", "i", "q"})
_NUMBER: Final = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Content:
    """What a model file says, held against itself.

    Attributes
    ----------
    feature_names
        None where it has none but XGBoost's own, f0, f1, ...
    feature_types
        As XGBoost calls them; empty where none are written down.
    base_score
        The probability before the first tree, as it is written.
    rounds
        Number of the first tree of each round, and of all trees.
    attributes
        What else was written down with it.
    """

    objective: str
    n_features: int
    feature_names: tuple[str, ...] | None
    feature_types: tuple[str, ...]
    base_score: str
    trees: Trees
    rounds: NDArray[np.int64]
    attributes: Mapping[str, str]


def own_names(n_features: int) -> tuple[str, ...]:
    """What XGBoost calls features that have no names."""
    return tuple(f"f{n}" for n in range(n_features))


def check_learner(learner: Json) -> Content:
    """Hold the ``learner`` of a model of plain trees against itself: counts, lengths, and that every tree is one.

    Raises
    ------
    UnsoundError
        If something does not fit; what, in words.
    """
    parameters = object_of(learner, "learner_model_param")
    n_features = whole_number(parameters, "num_feature")
    if not 1 <= n_features <= MOST_FEATURES:
        raise UnsoundError(f"it says that it has {n_features:,} features")
    names = texts_of(learner, "feature_names")
    if len(names) not in (0, n_features) or len(set(names)) < len(names):
        raise UnsoundError(f"it names {len(set(names))} features and has {n_features}")
    types = texts_of(learner, "feature_types")
    if len(types) not in (0, n_features) or not _TYPES.issuperset(types):
        raise UnsoundError(f"what it says of the types of its {n_features} features cannot be")
    forest = object_of(object_of(learner, "gradient_booster"), "model")
    trees = _trees(forest, n_features)
    found = learner.get("attributes", {})
    attributes = found if isinstance(found, dict) else {}
    return Content(
        objective=str(object_of(learner, "objective").get("name")),
        n_features=n_features,
        feature_names=names if names and names != own_names(n_features) else None,
        feature_types=types,
        base_score=_base_score(parameters),
        trees=trees,
        rounds=_rounds(forest, len(trees)),
        attributes={str(name): str(value) for name, value in attributes.items()},
    )


def _base_score(parameters: Json) -> str:
    written = str(parameters.get("base_score"))
    text = written[1:-1] if written.startswith("[") and written.endswith("]") else written
    # XGBoost reads what is handed on, so nothing but digits is: Python's float() takes more than they do.
    if not (_NUMBER.fullmatch(text) and 0 <= float(text) <= 1):
        raise UnsoundError(f"its base_score is {text[:40]!r}, no probability")
    return text


def _trees(forest: Json, n_features: int) -> Trees:
    trees = list_of(forest, "trees")
    n_trees = whole_number(object_of(forest, "gbtree_model_param"), "num_trees")
    if n_trees != len(trees):
        raise UnsoundError(f"it says that it has {n_trees} trees, and has {len(trees)}")
    if n_trees > MOST_TREES:
        raise UnsoundError(f"it has {n_trees:,} trees, more than {MOST_TREES:,}")
    outputs = whole_numbers(forest.get("tree_info", []), "tree_info")
    if len(outputs) not in (0, n_trees) or outputs.any():
        raise UnsoundError("its tree_info names other outputs than its one")
    return read_trees(trees, n_features)


def _rounds(forest: Json, n_trees: int) -> NDArray[np.int64]:
    if "iteration_indptr" in forest:
        ends = whole_numbers(forest["iteration_indptr"], "iteration_indptr")
    else:  # before XGBoost 2 every round had as many
        each = whole_number(object_of(forest, "gbtree_model_param"), "num_parallel_tree", 1)
        ends = np.arange(0, n_trees + 1, min(max(each, 1), n_trees + 1))
    if len(ends) == 0 or ends[0] != 0 or ends[-1] != n_trees or (np.diff(ends) < 0).any():
        raise UnsoundError("its rounds do not add up to its trees")
    return ends
