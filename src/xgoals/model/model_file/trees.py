"""Whether a model file's trees are trees, before XGBoost walks them: all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xgoals.model.model_file.values import UnsoundError, list_of, numbers_of, object_of, whole_number

MOST_TREES: Final = 200_000
DEEPEST: Final = 1_000
"""Splits from the root to a leaf: deeper trees are a list, and whoever walks them node by node is lost in them."""
_WHOLE: Final = ("left_children", "right_children", "split_indices", "default_left")
_LISTS: Final = (*_WHOLE, "split_conditions")
_STATISTICS: Final = ("base_weights", "loss_changes", "sum_hessian")


@dataclass(frozen=True, slots=True)
class Trees:
    """The nodes of all trees, one tree after another, the root of each first.

    Attributes
    ----------
    starts
        Number of each tree's first node, and of all nodes, (n_trees + 1,).
    left, right
        Children, counted from their own root; -1 at leaves, whose weight stands in ``condition``.
    base_weight, gain, cover
        What XGBoost noted while it grew a tree; no prediction depends on it.
    """

    starts: NDArray[np.int64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    feature: NDArray[np.int32]
    condition: NDArray[np.float32]
    default_left: NDArray[np.uint8]
    base_weight: NDArray[np.float32]
    gain: NDArray[np.float32]
    cover: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.starts) - 1


def read_trees(trees: "Sequence[object] | NDArray[np.generic]", n_features: int) -> Trees:
    """Hold trees against themselves, as XGBoost's JSON has them: lengths, children, features, numbers.

    Raises
    ------
    UnsoundError
        If one is no tree; which, and what is wrong with it.
    """
    found = _Nodes(trees)
    left, right, feature, default = (found.whole(name) for name in _WHOLE)
    inner = left != -1
    child_left, child_right = found.children(left, right)
    found.refuse(
        inner & ((feature < 0) | (feature >= n_features)),
        f"a node asks for a feature beyond the {n_features} that there are",
    )
    found.refuse((default != 0) & (default != 1), "where missing values go is neither left nor right")
    condition = found.float32("split_conditions")
    found.refuse(~np.isfinite(condition), "a leaf or a threshold is no finite number")
    kept = found.below_the_roots(inner, child_left, child_right)
    starts = np.append(0, np.cumsum(kept))[found.starts]
    # Nodes are counted anew: what was pruned is left in the lists by XGBoost.
    own = np.cumsum(kept) - 1 - starts[found.tree]
    base_weight, gain, cover = (found.float32(name)[kept] for name in _STATISTICS)
    return Trees(
        starts,
        np.where(inner, own[child_left], -1)[kept].astype(np.int32),
        np.where(inner, own[child_right], -1)[kept].astype(np.int32),
        np.where(inner, feature, 0)[kept].astype(np.int32),
        condition[kept],
        default[kept].astype(np.uint8),
        *(np.where(np.isfinite(numbers), numbers, np.float32(0)) for numbers in (base_weight, gain, cover)),
    )


class _Nodes:
    """All nodes of a file; ``tree`` says of each whose it is."""

    def __init__(self, trees: "Sequence[object] | NDArray[np.generic]") -> None:
        self._lists: dict[str, list[NDArray[np.generic]]] = {name: [] for name in (*_LISTS, *_STATISTICS)}
        sizes = []
        for number, tree in enumerate(trees):
            try:
                sizes.append(self._add(tree))
            except UnsoundError as error:
                raise UnsoundError(f"tree {number}: {error}") from None
        self.starts = np.append(0, np.cumsum(sizes, dtype=np.int64))
        self.tree = np.repeat(np.arange(len(sizes)), np.diff(self.starts))

    def _add(self, tree: object) -> int:
        """Take a tree's lists; how many nodes it has."""
        if not isinstance(tree, dict):
            raise UnsoundError("it is none")
        n_nodes = whole_number(object_of(tree, "tree_param"), "num_nodes")
        if n_nodes < 1 or any(len(list_of(tree, name)) != n_nodes for name in _LISTS):
            raise UnsoundError("its lists differ in length")
        for name, lists in self._lists.items():
            numbers = numbers_of(tree[name], name) if name in tree else np.zeros(n_nodes, np.float32)
            if len(numbers) != n_nodes:
                raise UnsoundError("its lists differ in length")
            lists.append(numbers)
        return n_nodes

    def refuse(self, is_wrong: NDArray[np.bool_], what: str) -> None:
        """Name the tree of the first node that is wrong, if one is."""
        if is_wrong.any():
            raise UnsoundError(f"tree {self.tree[np.argmax(is_wrong)]}: {what}")

    def whole(self, name: str) -> NDArray[np.int64]:
        """Whole numbers, one for each node."""
        numbers = self._numbers(name)
        is_whole = (np.abs(numbers) <= np.iinfo(np.int32).max) & (numbers == np.floor(numbers))
        self.refuse(~is_whole, f"its {name} are no whole numbers")
        return numbers.astype(np.int64)

    def float32(self, name: str) -> NDArray[np.float32]:
        """Numbers as XGBoost keeps them, one for each node."""
        with np.errstate(over="ignore"):
            return self._numbers(name).astype(np.float32)

    def _numbers(self, name: str) -> NDArray[np.float64]:
        lists = self._lists[name]
        return np.concatenate(lists).astype(np.float64) if lists else np.empty(0)

    def children(
        self, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Both children of each node, counted over all trees; the root of its tree at leaves."""
        inner = left != -1
        self.refuse((right != -1) != inner, "a node has one child")
        root, n_nodes = self.starts[self.tree], np.diff(self.starts)[self.tree]
        wrong = "a node has a child that is not there, or another's"
        for child in (left, right):
            self.refuse(inner & ((child < 1) | (child >= n_nodes)), wrong)
        both = [np.where(inner, root + child, root) for child in (left, right)]
        # Nobody's child twice and the root nobody's: from the root down, no way comes back.
        n_parents = np.bincount(np.concatenate([child[inner] for child in both]), minlength=len(left))
        self.refuse(n_parents > 1, wrong)
        return both[0], both[1]

    def below_the_roots(
        self, inner: NDArray[np.bool_], left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """The nodes that are reached, level by level in all trees."""
        level, kept, depth = self.starts[:-1], np.zeros(len(left), np.bool_), 0
        while len(level):
            if depth > DEEPEST:
                raise UnsoundError(f"tree {self.tree[level[0]]}: it is deeper than {DEEPEST:,} splits")
            kept[level] = True
            level = level[inner[level]]
            level, depth = np.concatenate([left[level], right[level]]), depth + 1
        return kept
