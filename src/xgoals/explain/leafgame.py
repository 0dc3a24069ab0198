"""Shapley values in log-odds: every leaf is a game of its own.

Without the sigmoid the margin is a plain sum over leaves, and the Shapley value of a sum is the sum of
the Shapley values. A leaf's own game is 1 for coalitions that hold all its required players and none of its
excluded ones, and that has a closed form: no table, and (almost) any number of players.
"""

from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xgoals.compiled import compiled

MAX_LEAF_PLAYERS = 60  # masks have 64 bits


class LeafWeights(NamedTuple):
    """Shapley values of a leaf's own game by (number of required players, number of excluded ones).

    ``required, excluded`` of one player; ``both_required, both_excluded, one_of_each`` half the interaction of two.
    """

    required: NDArray[np.float64]
    excluded: NDArray[np.float64]
    both_required: NDArray[np.float64]
    both_excluded: NDArray[np.float64]
    one_of_each: NDArray[np.float64]


def leaf_weights(max_players: int) -> LeafWeights:
    """Closed forms for leaves with up to ``max_players`` required and excluded players (a and b, together m).

    The leaf's game is 1 for coalitions that hold all required players and no excluded one. A required player
    turns it on when it comes last of the required and before all excluded ones: in 1 / (a C(m, a)) of all
    orders; an excluded one turns it off in 1 / (b C(m, a)) of them. Pairs follow from the discrete derivatives
    in the same way.
    """
    shape = (max_players + 1, max_players + 1)
    required, excluded, both_required, both_excluded, one_of_each = (np.zeros(shape) for _ in range(5))
    for a in range(max_players + 1):
        for b in range(max_players + 1 - a):
            m = a + b
            if a:
                required[a, b] = 1 / (a * comb(m, a))
            if b:
                excluded[a, b] = -1 / (b * comb(m, a))
            if a > 1:
                both_required[a, b] = 0.5 / ((a - 1) * comb(m - 1, b))
            if b > 1:
                both_excluded[a, b] = 0.5 / ((b - 1) * comb(m - 1, a))
            if a and b:
                one_of_each[a, b] = -0.5 / (a * comb(m - 1, a))
    return LeafWeights(required, excluded, both_required, both_excluded, one_of_each)


@compiled()
def size(mask):  # type: ignore[no-untyped-def]
    """Number of players in a mask."""
    count = 0
    while mask != 0:
        mask &= mask - np.uint64(1)
        count += 1
    return count


@compiled()
def fill_diagonal(phi, interaction, k):  # type: ignore[no-untyped-def]
    """What of a value no partner shares: the main effect. Rows then sum to the values."""
    for i in range(k):
        interaction[i, i] = 0.0
        interaction[i, i] = phi[i] - interaction[i, :k].sum()


@compiled()
def log_odds_game(leaves, n_leaves, k, leaf_weight, base_margin, weights, pairs, phi, interaction):  # type: ignore[no-untyped-def]
    """Shapley values of the k players of one row in log-odds: the sum of each leaf's closed form.

    Same arguments and results as ``probability_game``, in log-odds.
    """
    phi[:k] = 0.0
    if pairs:
        interaction[:k, :k] = 0.0
    prediction = base_margin
    for leaf in range(n_leaves):
        required, excluded, w = leaves[leaf, 1], leaves[leaf, 2], leaf_weight[leaves[leaf, 0]]
        a, b = size(required), size(excluded)
        if b == 0:
            prediction += w
        for i in range(k):
            if required >> np.uint64(i) & np.uint64(1):
                phi[i] += w * weights.required[a, b]
            elif excluded >> np.uint64(i) & np.uint64(1):
                phi[i] += w * weights.excluded[a, b]
        if pairs and a + b > 1:
            _add_leaf_pairs(required, excluded, a, b, w, weights, k, interaction)
    if pairs:
        fill_diagonal(phi, interaction, k)
    return prediction


@compiled()
def _add_leaf_pairs(required, excluded, a, b, w, weights, k, interaction):  # type: ignore[no-untyped-def]
    one = np.uint64(1)
    for i in range(k):
        if not (required | excluded) >> np.uint64(i) & one:
            continue
        i_required = required >> np.uint64(i) & one
        for j in range(i):
            if not (required | excluded) >> np.uint64(j) & one:
                continue
            if i_required != required >> np.uint64(j) & one:
                effect = w * weights.one_of_each[a, b]
            elif i_required:
                effect = w * weights.both_required[a, b]
            else:
                effect = w * weights.both_excluded[a, b]
            interaction[i, j] += effect
            interaction[j, i] += effect
