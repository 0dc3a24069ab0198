r"""A forest as the baseline sees it: which leaves a coalition of features can reach.

Fix the baseline b. At every node b goes one way: call that child *home* and the other one *away*.
Following home children from any node ends in exactly one leaf; the nodes on the way are that leaf's
*chain*. Chains split the nodes of a tree, one chain per leaf, and here they are numbered so that the
nodes of a chain are neighbours::

              0                home children to the left: the chains are
            /   \              leaf a: 0 1     leaf b: (none)
           1     2             leaf c: 2       leaf d: (none)
          / \   / \
         a   b c   d

Glossary:

home, away
    The child of a node that the baseline goes to, and the other one.
chain
    The nodes that lead home to one leaf, from the top.
departure
    A node at which a row x would go away. Only departures matter in a walk: everything else on a chain is
    passed without a look. And which nodes x departs at is known without asking them: they are the
    thresholds that lie between x's value and b's.
bin
    The values of a feature that lie between two neighbouring thresholds, or its missing value: all values
    of a bin depart at the same nodes, a run of neighbours once the nodes of a feature are sorted.
player
    A feature, or a group of features, that departs somewhere. The others are dummies, worth 0.
required, excluded
    In v(S) = f(x on S, b elsewhere), a leaf counts for all coalitions S that hold its required players (those
    whose departure leads to it) and none of its excluded ones (those that would have departed from the
    path). Laberge and Pequignot (2022) write S_X and S_Z.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numba.cpython.unsafe.numbers import trailing_zeros
from numpy.typing import NDArray

from xgoals.compiled import compiled
from xgoals.explain.forest import LEAF, Forest

MISSING_BIN = 0


class DepartureRuns(NamedTuple):
    """Which nodes a value departs at, for every value.

    Values of feature f fall into bins ``bin_start[f] ...``: the first for a missing value, then one for
    each interval between the thresholds ``cuts[cut_start[f] : cut_start[f + 1]]``. A row with a value in
    bin i departs at the nodes ``order[begin[i] : end[i]]``.
    """

    cuts: NDArray[np.float32]
    cut_start: NDArray[np.int64]
    bin_start: NDArray[np.int64]
    order: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]


class Chains(NamedTuple):
    """A forest, numbered by chains for one baseline.

    ``first[c] : first[c + 1]`` are the nodes of chain c, from the top, and ``weight[c]`` is its leaf's.
    ``feature[n]`` is the column that node n asks about, ``away[n]`` the chain where a departure leads.
    ``roots`` are the chains that start at a tree's root.
    """

    first: NDArray[np.int64]
    weight: NDArray[np.float64]
    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    away: NDArray[np.int64]
    runs: DepartureRuns


def chains_from(forest: Forest, baseline: NDArray[np.float32]) -> Chains:
    """Number a forest by the chains of a baseline row (one float32 value per feature, NaN is missing)."""
    goes_left = _goes_left(forest, baseline)
    home = np.where(goes_left, forest.left, forest.right)
    away = np.where(goes_left, forest.right, forest.left)

    first, roots, nodes, leaves, starts_chain = _number_chains(forest.roots, forest.feature, home, away)
    return Chains(
        first,
        forest.weight[leaves],
        roots,
        forest.feature[nodes].astype(np.int64),
        starts_chain[away[nodes]],
        _departure_runs(forest, nodes, goes_left[nodes], baseline),
    )


@compiled()
def _number_chains(tree_roots, feature, home, away):  # type: ignore[no-untyped-def]
    """The nodes and the leaf of each chain, a tree after the other; at which chain each node heads one (else 0)."""
    n = feature.size
    first, roots = np.zeros(n + 1, np.int64), np.empty(tree_roots.size, np.int64)
    nodes, leaves, starts_chain = np.empty(n, np.int64), np.empty(n, np.int64), np.zeros(n, np.int64)
    heads = np.empty(n, np.int64)
    n_nodes, n_leaves = 0, 0
    for tree in range(tree_roots.size):
        roots[tree] = n_leaves
        heads[0], waiting = tree_roots[tree], 1
        while waiting > 0:
            waiting -= 1
            node = heads[waiting]
            starts_chain[node] = n_leaves
            while feature[node] != LEAF:
                nodes[n_nodes] = node
                n_nodes += 1
                heads[waiting] = away[node]
                waiting += 1
                node = home[node]
            leaves[n_leaves] = node
            n_leaves += 1
            first[n_leaves] = n_nodes
    return first[: n_leaves + 1], roots, nodes[:n_nodes], leaves[:n_leaves], starts_chain


def _goes_left(forest: Forest, row: NDArray[np.float32]) -> NDArray[np.bool_]:
    value = row[forest.feature]  # leaves look up the last column; what comes out is never used
    left: NDArray[np.bool_] = np.where(np.isnan(value), forest.default_left, value < forest.threshold)
    return left


def _departure_runs(
    forest: Forest, chosen: NDArray[np.int64], home_is_left: NDArray[np.bool_], baseline: NDArray[np.float32]
) -> DepartureRuns:
    feature, threshold, default_left = (
        forest.feature[chosen],
        forest.threshold[chosen],
        forest.default_left[chosen],
    )
    cuts, order, begins, ends = [], [], [], []
    cut_start, bin_start, placed = [0], [0], 0
    for f in range(forest.n_features):
        mine = np.flatnonzero(feature == f)
        mine = mine[np.argsort(threshold[mine], kind="stable")]
        own_cuts = np.unique(threshold[mine])
        if np.isnan(baseline[f]):
            nodes, begin, end = _runs_from_missing(mine, threshold, default_left, own_cuts)
        else:
            default_away = mine[default_left[mine] != home_is_left[mine]]
            nodes, begin, end = _runs_from_value(mine, threshold, own_cuts, baseline[f], default_away)
        cuts.append(own_cuts)
        order.append(nodes)
        begins.append(begin + placed)
        ends.append(end + placed)
        placed += len(nodes)
        cut_start.append(cut_start[-1] + len(own_cuts))
        bin_start.append(bin_start[-1] + len(begin))
    return DepartureRuns(
        np.concatenate(cuts),
        np.array(cut_start, np.int64),
        np.array(bin_start, np.int64),
        np.concatenate(order),
        np.concatenate(begins),
        np.concatenate(ends),
    )


_Runs: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _runs_from_value(
    mine: NDArray[np.int64],
    threshold: NDArray[np.float32],
    cuts: NDArray[np.float32],
    baseline: np.float32,
    default_away: NDArray[np.int64],
) -> _Runs:
    """The baseline has a value: x departs at the thresholds between the two.

    A missing x departs at the nodes ``default_away``, whose default side is not home.
    """
    passed = np.concatenate([[0], np.searchsorted(threshold[mine], cuts, side="right")])
    own = np.searchsorted(threshold[mine], baseline, side="right")
    begin = np.concatenate([[len(mine)], np.minimum(passed, own)])
    end = np.concatenate([[len(mine) + len(default_away)], np.maximum(passed, own)])
    return np.concatenate([mine, default_away]), begin, end


def _runs_from_missing(
    mine: NDArray[np.int64],
    threshold: NDArray[np.float32],
    default_left: NDArray[np.bool_],
    cuts: NDArray[np.float32],
) -> _Runs:
    """The baseline is missing, so home is the default side.

    x departs where the default is right and x < threshold, and where it is left and x >= threshold:
    with the default-right nodes first, that is the end of their part and the beginning of the other.
    """
    to_right, to_left = mine[~default_left[mine]], mine[default_left[mine]]
    begin = np.concatenate([[0, 0], np.searchsorted(threshold[to_right], cuts, side="right")])
    end = np.concatenate([[0, 0], np.searchsorted(threshold[to_left], cuts, side="right")]) + len(to_right)
    end[MISSING_BIN] = 0
    return np.concatenate([to_right, to_left]), begin, end


# --- compiled: the walk of one row ---------------------------------------------------------------


@compiled()
def find_departures(row, chains, player_of, bit_of, player_at, departs):  # type: ignore[no-untyped-def]
    """Mark the nodes at which a row departs, and give every player that departs somewhere a bit.

    ``departs`` is a bitset over nodes; ``bit_of[player]`` is the player's bit in coalition masks and
    ``player_at[i]`` the player of bit i. All three are overwritten. Returns the number of such players;
    the others are dummies, whose Shapley value is 0.
    """
    departs[:] = 0
    bit_of[:] = 0
    n_players = 0
    runs = chains.runs
    for f in range(row.size):
        value_bin = runs.bin_start[f]
        if not np.isnan(row[f]):
            own_cuts = runs.cuts[runs.cut_start[f] : runs.cut_start[f + 1]]
            value_bin += 1 + np.searchsorted(own_cuts, row[f], side="right")
        begin, end = runs.begin[value_bin], runs.end[value_bin]
        if begin == end:
            continue
        if bit_of[player_of[f]] == 0:
            bit_of[player_of[f]] = np.uint64(1) << np.uint64(n_players)
            player_at[n_players] = player_of[f]
            n_players += 1
        for node in runs.order[begin:end]:
            departs[node >> 6] |= np.uint64(1) << np.uint64(node & 63)
    return n_players


@compiled()
def _next_departure(departs, node, end):  # type: ignore[no-untyped-def]
    """The first departure at or after ``node``; at ``end`` or beyond, where there is none before it."""
    while node < end:
        ahead = departs[node >> 6] >> np.uint64(node & 63)
        if ahead != 0:
            return node + np.int64(trailing_zeros(ahead))
        node = (node | 63) + 1
    return end


@compiled()
def reachable_leaves(chains, player_of, bit_of, departs, stack, leaves):  # type: ignore[no-untyped-def]
    """List every leaf that some coalition reaches, as rows (chain, required, excluded) of ``leaves``.

    Where a row departs with a player that has not been met on this path, the path splits: the player
    is required on the way away and excluded on the way home. Met players keep to the side they took.
    Returns the number of leaves.
    """
    found = 0
    for root in chains.roots:
        stack[0, 0], stack[0, 1], stack[0, 2] = root, 0, 0
        depth = 1
        while depth > 0:
            depth -= 1
            chain, required, excluded = np.int64(stack[depth, 0]), stack[depth, 1], stack[depth, 2]
            end = chains.first[chain + 1]
            node = _next_departure(departs, chains.first[chain], end)
            while node < end:
                bit = bit_of[player_of[chains.feature[node]]]
                if required & bit:
                    chain = chains.away[node]
                    node, end = chains.first[chain], chains.first[chain + 1]
                else:
                    if not excluded & bit:
                        stack[depth, 0], stack[depth, 1], stack[depth, 2] = (
                            chains.away[node],
                            required | bit,
                            excluded,
                        )
                        depth += 1
                        excluded |= bit
                    node += 1
                node = _next_departure(departs, node, end)
            leaves[found, 0], leaves[found, 1], leaves[found, 2] = chain, required, excluded
            found += 1
    return found
