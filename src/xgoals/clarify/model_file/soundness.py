"""Whether a model file's trees are trees, before XGBoost walks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Json: TypeAlias = Mapping[str, object]
_LISTS = ("left_children", "right_children", "split_indices", "split_conditions", "default_left")


class UnsoundError(Exception):
    """A model file contradicts itself."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree's nodes, the root first; ``left`` and ``right`` are -1 at leaves, whose weight stands in ``condition``."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    feature: NDArray[np.int32]
    condition: NDArray[np.float32]
    default_left: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Content:
    """What a model file says, held against itself.

    Attributes
    ----------
    feature_names
        None where it has none but XGBoost's own, f0, f1, ...
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
    base_score: str
    trees: tuple[Tree, ...]
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
    parameters = _object(learner, "learner_model_param")
    n_features = _number(parameters, "num_feature")
    names = tuple(map(str, _list(learner, "feature_names")))
    if len(names) not in (0, n_features) or len(set(names)) < len(names):
        raise UnsoundError(f"it names {len(set(names))} features and has {n_features}")
    forest = _object(_object(learner, "gradient_booster"), "model")
    trees = _trees(forest, n_features)
    found = learner.get("attributes", {})
    attributes = found if isinstance(found, dict) else {}
    return Content(
        objective=str(_object(learner, "objective").get("name")),
        n_features=n_features,
        feature_names=names if names and names != own_names(n_features) else None,
        base_score=_base_score(parameters),
        trees=trees,
        rounds=_rounds(forest, len(trees)),
        attributes={str(name): str(value) for name, value in attributes.items()},
    )


def _base_score(parameters: Json) -> str:
    text = str(parameters.get("base_score")).strip("[]")
    try:
        is_probability = 0 <= float(text) <= 1
    except ValueError:
        is_probability = False
    if not is_probability:
        raise UnsoundError(f"its base_score is {text[:40]!r}, no probability")
    return text


def _trees(forest: Json, n_features: int) -> tuple[Tree, ...]:
    trees = _list(forest, "trees")
    n_trees = _number(_object(forest, "gbtree_model_param"), "num_trees")
    if n_trees != len(trees):
        raise UnsoundError(f"it says that it has {n_trees} trees, and has {len(trees)}")
    found = []
    for n, tree in enumerate(trees):
        try:
            found.append(_tree(tree, n_features))
        except UnsoundError as error:
            raise UnsoundError(f"tree {n}: {error}") from None
    return tuple(found)


def _rounds(forest: Json, n_trees: int) -> NDArray[np.int64]:
    if "iteration_indptr" in forest:
        ends = _whole(forest["iteration_indptr"], "iteration_indptr")
    else:  # before XGBoost 2 every round had as many
        each = _number(_object(forest, "gbtree_model_param"), "num_parallel_tree", 1)
        ends = np.arange(0, n_trees + 1, max(each, 1))
    if len(ends) == 0 or ends[0] != 0 or ends[-1] != n_trees or (np.diff(ends) < 0).any():
        raise UnsoundError("its rounds do not add up to its trees")
    return ends


def _tree(tree: object, n_features: int) -> Tree:
    if not isinstance(tree, dict):
        raise UnsoundError("it is none")
    n_nodes = _number(_object(tree, "tree_param"), "num_nodes")
    if n_nodes < 1 or any(len(_list(tree, name)) != n_nodes for name in _LISTS):
        raise UnsoundError("its lists differ in length")
    left, right, feature, default = (
        _whole(tree[name], name)
        for name in ("left_children", "right_children", "split_indices", "default_left")
    )
    condition = _numbers(tree["split_conditions"], "split_conditions")
    inner = left != -1
    if ((right != -1) != inner).any():
        raise UnsoundError("a node has one child")
    children = np.concatenate([left[inner], right[inner]])
    # Nobody's child twice and the root nobody's: from the root down, no way comes back.
    if ((children < 1) | (children >= n_nodes)).any() or len(np.unique(children)) != len(children):
        raise UnsoundError("a node has a child that is not there, or another's")
    if ((feature[inner] < 0) | (feature[inner] >= n_features)).any():
        raise UnsoundError(f"a node asks for a feature beyond the {n_features} that there are")
    with np.errstate(over="ignore"):
        as_stored = condition.astype(np.float32)
    if not np.isfinite(as_stored).all():
        raise UnsoundError("a leaf or a threshold is no finite number")
    return _without_deleted(left, right, np.where(inner, feature, 0), as_stored, default != 0)


def _without_deleted(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    feature: NDArray[np.int64],
    condition: NDArray[np.float32],
    default_left: NDArray[np.bool_],
) -> Tree:
    """The nodes below the root; what was pruned is left in the lists by XGBoost."""
    level, kept = np.array([0]), np.zeros(len(left), np.bool_)
    while len(level):
        kept[level] = True
        inner = level[left[level] != -1]
        level = np.concatenate([left[inner], right[inner]])
    number = np.append(np.cumsum(kept) - 1, -1)  # the last one is where -1 points
    return Tree(
        number[left[kept]].astype(np.int32),
        number[right[kept]].astype(np.int32),
        feature[kept].astype(np.int32),
        condition[kept],
        default_left[kept].astype(np.int8),
    )


def _object(holder: object, name: str) -> Json:
    found = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(found, dict):
        raise UnsoundError(f"it has no {name}")
    return found


def _list(holder: Json, name: str) -> Sequence[object] | NDArray[np.generic]:
    found = holder.get(name, [])
    if not isinstance(found, list | np.ndarray):
        raise UnsoundError(f"its {name} is no list")
    return found


def _number(holder: Json, name: str, default: int | None = None) -> int:
    try:
        return int(str(holder.get(name, default)))
    except ValueError:
        raise UnsoundError(f"it does not say its {name}") from None


def _whole(values: object, name: str) -> NDArray[np.int64]:
    numbers = _numbers(values, name)
    if not (np.abs(numbers) <= np.iinfo(np.int32).max).all() or (numbers != np.floor(numbers)).any():
        raise UnsoundError(f"its {name} are no whole numbers")
    return numbers.astype(np.int64)


def _numbers(values: object, name: str) -> NDArray[np.float64]:
    try:
        numbers = np.asarray(values, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise UnsoundError(f"its {name} are no numbers") from None
    if numbers.ndim != 1:
        raise UnsoundError(f"its {name} are no list of numbers")
    return numbers
