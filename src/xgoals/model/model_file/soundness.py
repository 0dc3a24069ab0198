"""Whether a model file's trees are trees, before XGBoost walks them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Json: TypeAlias = Mapping[str, object]
MOST_FEATURES: Final = 100_000
MOST_TREES: Final = 200_000
DEEPEST: Final = 1_000
"""Splits from the root to a leaf: deeper trees are a list, and whoever walks them node by node is lost in them."""
_LISTS: Final = ("left_children", "right_children", "split_indices", "split_conditions", "default_left")
_STATISTICS: Final = ("base_weights", "loss_changes", "sum_hessian")
_TYPES: Final = frozenset({"int", "float", "i", "q"})
_NUMBER: Final = re.compile(r"[0-9]{0,40}\.?[0-9]{1,40}([eE][+-]?[0-9]{1,3})?")
_WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_NO_NAME: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\[\]<]")
"""XGBoost takes no brackets in names, and ends a name at the first NUL."""


class UnsoundError(Exception):
    """A model file contradicts itself."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree's nodes, the root first; ``left`` and ``right`` are -1 at leaves, whose weight stands in ``condition``.

    Attributes
    ----------
    base_weight, gain, cover
        What XGBoost noted while it grew the tree; no prediction depends on it.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    feature: NDArray[np.int32]
    condition: NDArray[np.float32]
    default_left: NDArray[np.int8]
    base_weight: NDArray[np.float32]
    gain: NDArray[np.float32]
    cover: NDArray[np.float32]


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
    if not 1 <= n_features <= MOST_FEATURES:
        raise UnsoundError(f"it says that it has {n_features:,} features")
    names = _texts(learner, "feature_names")
    if len(names) not in (0, n_features) or len(set(names)) < len(names):
        raise UnsoundError(f"it names {len(set(names))} features and has {n_features}")
    types = _texts(learner, "feature_types")
    if len(types) not in (0, n_features) or not _TYPES.issuperset(types):
        raise UnsoundError(f"what it says of the types of its {n_features} features cannot be")
    forest = _object(_object(learner, "gradient_booster"), "model")
    trees = _trees(forest, n_features)
    found = learner.get("attributes", {})
    attributes = found if isinstance(found, dict) else {}
    return Content(
        objective=str(_object(learner, "objective").get("name")),
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


def _trees(forest: Json, n_features: int) -> tuple[Tree, ...]:
    trees = _list(forest, "trees")
    n_trees = _number(_object(forest, "gbtree_model_param"), "num_trees")
    if n_trees != len(trees):
        raise UnsoundError(f"it says that it has {n_trees} trees, and has {len(trees)}")
    if n_trees > MOST_TREES:
        raise UnsoundError(f"it has {n_trees:,} trees, more than {MOST_TREES:,}")
    outputs = _whole(forest.get("tree_info", []), "tree_info")
    if len(outputs) not in (0, n_trees) or outputs.any():
        raise UnsoundError("its tree_info names other outputs than its one")
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
        ends = np.arange(0, n_trees + 1, min(max(each, 1), n_trees + 1))
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
    _check_children(left, right, n_nodes)
    inner = left != -1
    if ((feature[inner] < 0) | (feature[inner] >= n_features)).any():
        raise UnsoundError(f"a node asks for a feature beyond the {n_features} that there are")
    if ((default != 0) & (default != 1)).any():
        raise UnsoundError("where missing values go is neither left nor right")
    condition = _float32(tree["split_conditions"], "split_conditions")
    if not np.isfinite(condition).all():
        raise UnsoundError("a leaf or a threshold is no finite number")
    kept = _below_the_root(left, right)
    number = np.append(np.cumsum(kept) - 1, -1)  # the last one is where -1 points
    base_weight, gain, cover = (_statistic(tree, name, n_nodes)[kept] for name in _STATISTICS)
    return Tree(
        number[left[kept]].astype(np.int32),
        number[right[kept]].astype(np.int32),
        np.where(inner, feature, 0)[kept].astype(np.int32),
        condition[kept],
        default[kept].astype(np.int8),
        base_weight,
        gain,
        cover,
    )


def _check_children(left: NDArray[np.int64], right: NDArray[np.int64], n_nodes: int) -> None:
    inner = left != -1
    if ((right != -1) != inner).any():
        raise UnsoundError("a node has one child")
    children = np.concatenate([left[inner], right[inner]])
    # Nobody's child twice and the root nobody's: from the root down, no way comes back.
    if ((children < 1) | (children >= n_nodes)).any() or len(np.unique(children)) != len(children):
        raise UnsoundError("a node has a child that is not there, or another's")


def _below_the_root(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The nodes that are reached; what was pruned is left in the lists by XGBoost."""
    level, kept, depth = np.array([0]), np.zeros(len(left), np.bool_), 0
    while len(level):
        if depth > DEEPEST:
            raise UnsoundError(f"it is deeper than {DEEPEST:,} splits")
        kept[level] = True
        inner = level[left[level] != -1]
        level, depth = np.concatenate([left[inner], right[inner]]), depth + 1
    return kept


def _statistic(tree: Json, name: str, n_nodes: int) -> NDArray[np.float32]:
    """What tells nothing about predictions: zero where it is no number, and where the file does not have it."""
    if name not in tree:
        return np.zeros(n_nodes, np.float32)
    numbers = _float32(tree[name], name)
    if len(numbers) != n_nodes:
        raise UnsoundError("its lists differ in length")
    return np.where(np.isfinite(numbers), numbers, np.float32(0))


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


def _texts(holder: Json, name: str) -> tuple[str, ...]:
    found = _list(holder, name)
    texts = tuple(text for text in found if isinstance(text, str) and not _NO_NAME.search(text))
    if len(texts) != len(found):
        raise UnsoundError(f"its {name} are no texts, or hold characters that XGBoost takes in no name")
    return texts


def _number(holder: Json, name: str, default: int | None = None) -> int:
    text = str(holder.get(name, default))
    if not _WHOLE_NUMBER.fullmatch(text):
        raise UnsoundError(f"it does not say its {name}")
    return int(text)


def _whole(values: object, name: str) -> NDArray[np.int64]:
    numbers = _numbers(values, name)
    if not (np.abs(numbers) <= np.iinfo(np.int32).max).all() or (numbers != np.floor(numbers)).any():
        raise UnsoundError(f"its {name} are no whole numbers")
    return numbers.astype(np.int64)


def _float32(values: object, name: str) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return _numbers(values, name).astype(np.float32)


def _numbers(values: object, name: str) -> NDArray[np.float64]:
    try:
        found = np.asarray(values)
    except (TypeError, ValueError, OverflowError):
        raise UnsoundError(f"its {name} are no list of numbers") from None
    if found.ndim != 1:
        raise UnsoundError(f"its {name} are no list of numbers")
    if len(found) and found.dtype.kind not in "biuf":  # texts of numbers are texts
        raise UnsoundError(f"its {name} are no numbers")
    return found.astype(np.float64)
