"""Shapley values in probability: all coalitions of a row's players in one table.

A leaf of weight w that requires the players A and excludes B adds w [A in S] [B outside S] to the margin
of coalition S. Written without the second bracket (inclusion and exclusion over the subsets C of B) that
is the sum of (-1)^|C| w [A + C in S]: a few entries of a Moebius table, and one zeta transform of the
table (a butterfly per player) gives the margin of all 2^k coalitions. Then the sigmoid. Then

    phi_i = sum over S without i of  s! (k-s-1)! / k!  (v(S + i) - v(S)),           s = |S|

is read off as (sum of r(s) v(S) over S that hold i) - (sum of q(s) v(S) over all S), where q(s) is the
weight above and r(s) = q(s) + q(s-1). Summing over "S that hold i" for every i at once is again one
pass that halves the table k times: the *fold*. Interactions (shap's convention, half in each triangle)

    Phi_ij = sum over S without i, j of  s! (k-s-2)! / (2 (k-1)!)  (v(S+ij) - v(S+i) - v(S+j) + v(S))

open up the same way into sums over all S, over S that hold i, and over S that hold i and j: two folds.

The same table answers for groups of players: a coalition of groups is the coalition of all their members, one of its
entries. So their game costs a few look-ups a row.

The table holds 2^TABLE_BITS coalitions at most. Of more players, the first TABLE_BITS are in the table
and it is filled anew for every coalition of the rest: as exact, slower, in the same memory.

``docs/explaining.md`` has the same in a few dozen slow lines. Glossary, beside that of ``chains``:

mask
    A coalition as a number: bit i says whether player i is in it.
Moebius table, zeta transform
    Entry M of the table holds what counts for every coalition that contains M; summing over subsets, which
    is the zeta transform, gives what counts for each coalition.
fold
    Summing a table over "coalitions that hold player i" for every i: it halves the table once a player.
lane
    One of the 64 neighbours in the table that are worked on as one run, as in the vector instructions that
    such loops become. Neighbours differ in the first six players only, so one table of weights serves all runs.
outer
    The coalition of those players that have no place in the table.
"""

from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xgoals.compiled import compiled
from xgoals.explain.leafgame import fill_diagonal, size

TABLE_BITS = 20
MAX_TABLE_PLAYERS = 36
MAX_TABLE_GROUPS = 12
"""Of so many groups every coalition is looked up; more play on a table of their own."""
LANES = 64
_LANE_BITS = 6


class TableWeights(NamedTuple):
    """Weights of coalitions for k players, laid out for a run of 64 neighbours in the table.

    Entry ``[k, p, lane]`` belongs to coalitions of size p + popcount(lane). ``everyone`` (q) and
    ``holding_one`` (r) give the values; ``pair_*`` the interactions. See the module's docstring.
    """

    everyone: NDArray[np.float64]
    holding_one: NDArray[np.float64]
    pair_everyone: NDArray[np.float64]
    pair_holding_one: NDArray[np.float64]
    pair_holding_both: NDArray[np.float64]


class GroupGame(NamedTuple):
    """The game of a row's groups: who belongs to each (a mask a group), and room for the worth of all coalitions."""

    n_groups: int
    members: NDArray[np.uint64]
    worth: NDArray[np.float64]
    phi: NDArray[np.float64]


def table_weights(max_players: int) -> TableWeights:
    """Weights for up to ``max_players`` players."""
    shape = (max_players + 1, max_players + 1)
    q, pair = np.zeros(shape), np.zeros(shape)
    for k in range(1, max_players + 1):
        q[k, :k] = [1 / (k * comb(k - 1, s)) for s in range(k)]
        pair[k, : k - 1] = [0.5 / ((k - 1) * comb(k - 2, s)) for s in range(k - 1)]
    return TableWeights(
        _by_lane(q),
        _by_lane(q + _one_larger(q)),
        _by_lane(pair),
        _by_lane(pair + _one_larger(pair)),
        _by_lane(pair + 2 * _one_larger(pair) + _one_larger(_one_larger(pair))),
    )


def _one_larger(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.pad(weight, ((0, 0), (1, 0)))[:, :-1]


def _by_lane(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    max_players = len(weight) - 1
    size = np.arange(max_players + 1)[:, None] + np.bitwise_count(np.arange(LANES))
    by_lane: NDArray[np.float64] = np.pad(weight, ((0, 0), (0, _LANE_BITS)))[:, size]
    return np.ascontiguousarray(by_lane)


@compiled()
def _scatter(leaves, n_leaves, weight, base_margin, bits, outer, table):  # type: ignore[no-untyped-def]
    """The Moebius table, with sign (-1)^|M| taken out of entry M so that a leaf adds the same everywhere."""
    table[:] = 0.0
    table[0] = base_margin
    inside = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    for i in range(n_leaves):
        required, excluded = leaves[i, 1], leaves[i, 2]
        if (required & ~inside & ~outer) != 0 or (excluded & outer) != 0:
            continue  # no coalition with these outer players reaches it
        required &= inside
        excluded &= inside
        signed = weight[leaves[i, 0]]
        if size(required) & 1:
            signed = -signed
        subset = excluded
        while True:
            table[required | subset] += signed
            if subset == 0:
                break
            subset = (subset - np.uint64(1)) & excluded


@compiled(reorder_sums=True)
def _zeta(table, bits):  # type: ignore[no-untyped-def]
    """Sum the signed Moebius table over subsets, in place: the margin of every coalition."""
    if bits < 3:
        for b in range(bits):
            for i in range(table.size):
                if i >> b & 1:
                    table[i] = table[i - (1 << b)] - table[i]
        return
    for j in range(0, table.size, 8):  # three players at once, in registers
        t0, t1, t2, t3 = table[j], table[j + 1], table[j + 2], table[j + 3]
        t4, t5, t6, t7 = table[j + 4], table[j + 5], table[j + 6], table[j + 7]
        t1, t3, t5, t7 = t0 - t1, t2 - t3, t4 - t5, t6 - t7
        t2, t3, t6, t7 = t0 - t2, t1 - t3, t4 - t6, t5 - t7
        table[j + 1], table[j + 2], table[j + 3] = t1, t2, t3
        table[j + 4], table[j + 5], table[j + 6], table[j + 7] = t0 - t4, t1 - t5, t2 - t6, t3 - t7
    for b in range(3, bits):
        half = 1 << b
        for j in range(0, table.size, 2 * half):
            without, holding = table[j : j + half], table[j + half : j + 2 * half]
            for i in range(half):
                holding[i] = without[i] - holding[i]


_LOG2_E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# Adding 1.5 * 2^52 rounds a float64 to an integer, which then stands in its lowest bits.
_ROUNDER = 6755399441055744.0
_EXPONENT_BIAS, _MANTISSA_BITS = 1023, 52
_MAX_MARGIN = 700.0  # beyond it, 1 / (1 + exp(-m)) is 0 or 1 to float64 anyway


@compiled(contract=True)
def _sigmoid(margin, power, power_bits):  # type: ignore[no-untyped-def]
    """1 / (1 + exp(-margin)), in place, in loops that become vector instructions.

    exp(t) = 2^n exp(r) with n = round(t / ln 2), so |r| < 0.35 and 13 terms of the series are exact to
    float64. ``power`` and ``power_bits`` are two views of the same scratch: 2^n is made from its bits.
    """
    for i in range(margin.size):
        t = -margin[i]
        t = t if t < _MAX_MARGIN else _MAX_MARGIN
        t = t if t > -_MAX_MARGIN else -_MAX_MARGIN
        margin[i] = t
        power[i] = t * _LOG2_E + _ROUNDER
    for i in range(margin.size):
        n = power[i] - _ROUNDER
        r = margin[i] - n * _LN2_HIGH - n * _LN2_LOW
        e = 1 / 479001600
        e = e * r + 1 / 39916800
        e = e * r + 1 / 3628800
        e = e * r + 1 / 362880
        e = e * r + 1 / 40320
        e = e * r + 1 / 5040
        e = e * r + 1 / 720
        e = e * r + 1 / 120
        e = e * r + 1 / 24
        e = e * r + 1 / 6
        e = e * r + 0.5
        e = e * r + 1.0
        margin[i] = e * r + 1.0
    for i in range(margin.size):
        power_bits[i] = (power_bits[i] + _EXPONENT_BIAS) << _MANTISSA_BITS
    for i in range(margin.size):
        margin[i] = 1.0 / (1.0 + margin[i] * power[i])


@compiled(reorder_sums=True)
def _fold(table, bits, holding_one):  # type: ignore[no-untyped-def]
    """Add to ``holding_one[i]`` the sum over all coalitions that hold player i. Returns the sum over all.

    The half of the table that holds the last player is summed, then added to the other half, which is
    a table for one player fewer. What the table held is lost.
    """
    for b in range(bits - 1, -1, -1):
        half = 1 << b
        without, holding = table[:half], table[half : 2 * half]
        total = 0.0
        for i in range(half):
            total += holding[i]
            without[i] += holding[i]
        holding_one[b] += total
    return table[0]


@compiled()
def _fold_with_outer(table, bits, outer, k, holding_one):  # type: ignore[no-untyped-def]
    """The fold, where every coalition of the table also holds the outer players."""
    total = _fold(table, bits, holding_one)
    for player in range(bits, k):
        if outer >> np.uint64(player) & np.uint64(1):
            holding_one[player] += total


@compiled(reorder_sums=True)
def _fold_pairs(table, bits, outer, k, holding_both):  # type: ignore[no-untyped-def]
    """Add to ``holding_both[i, j]``, j < i, the sum over all coalitions that hold i and j."""
    for b in range(bits - 1, -1, -1):
        half = 1 << b
        without, holding = table[:half], table[half : 2 * half]
        for i in range(half):
            without[i] += holding[i]
        total = _fold(holding, b, holding_both[b])
        for player in range(bits, k):
            if outer >> np.uint64(player) & np.uint64(1):
                holding_both[player, b] += total
    for one in range(bits, k):
        for other in range(bits, one):
            if outer >> np.uint64(one) & outer >> np.uint64(other) & np.uint64(1):
                holding_both[one, other] += table[0]


@compiled(reorder_sums=True)
def _weigh(table, power, power_bits, weight, by_one, by_both, pairs, first_size):  # type: ignore[no-untyped-def]
    """Margins to weighted probabilities, a run of lanes at a time; ``table`` becomes r(s) v(S).

    Returns the sums over all coalitions for values and for interactions, and the probability of the
    table's last coalition, which holds everybody.
    """
    everyone, pair_everyone, lanes = 0.0, 0.0, min(LANES, table.size)
    last = 0.0
    for run in range(table.size // lanes):
        v = table[run * lanes : (run + 1) * lanes]
        _sigmoid(v, power, power_bits)
        last = v[lanes - 1]
        p = first_size + size(np.uint64(run))
        if pairs:
            one, both = by_one[run * lanes : (run + 1) * lanes], by_both[run * lanes : (run + 1) * lanes]
            for i in range(lanes):
                pair_everyone += weight.pair_everyone[p, i] * v[i]
                one[i] = weight.pair_holding_one[p, i] * v[i]
                both[i] = weight.pair_holding_both[p, i] * v[i]
        for i in range(lanes):
            everyone += weight.everyone[p, i] * v[i]
            v[i] *= weight.holding_one[p, i]
    return everyone, pair_everyone, last


@compiled()
def _look_up_groups(table, bits, outer, weight, game):  # type: ignore[no-untyped-def]
    """What each coalition of groups is worth: v of all their members, where these hold the outer players only.

    ``table`` holds r(s) v(S); ``weight`` is that r, by lane.
    """
    lanes = np.uint64(min(LANES, table.size) - 1)
    for coalition in range(1 << game.n_groups):
        members = np.uint64(0)
        for group in range(game.n_groups):
            if coalition >> group & 1:
                members |= game.members[group]
        if members >> np.uint64(bits) << np.uint64(bits) == outer:
            entry = members & ((np.uint64(1) << np.uint64(bits)) - np.uint64(1))
            p = size(members & ~lanes)
            game.worth[coalition] = table[np.int64(entry)] / weight[p, np.int64(members & lanes)]


@compiled()
def _play_groups(weights, game):  # type: ignore[no-untyped-def]
    """Shapley values of the groups, from what their coalitions are worth; the worth is lost."""
    k = game.n_groups
    game.phi[:k] = 0.0
    everyone = 0.0
    for coalition in range(1 << k):
        s = size(np.uint64(coalition))
        everyone += weights.everyone[k, s, 0] * game.worth[coalition]
        game.worth[coalition] *= weights.holding_one[k, s, 0]
    _fold(game.worth[: 1 << k], k, game.phi)
    for i in range(k):
        game.phi[i] -= everyone


@compiled()
def probability_game(  # type: ignore[no-untyped-def]
    leaves, n_leaves, k, leaf_weight, base_margin, weights, scratch, pairs, phi, interaction, groups
):
    """Shapley values of the k players of one row in probability space, and of the groups that they form.

    ``phi`` (k,), when ``pairs`` ``interaction`` (k, k), and ``groups.phi`` (where there are any) are overwritten.
    Returns the probability of the coalition of everybody: the prediction.
    """
    bits = min(k, scratch.table_bits)
    phi[:k] = 0.0
    everyone = pair_everyone = prediction = 0.0
    holding_one = scratch.holding_one[:k]
    holding_one[:] = 0.0
    if pairs:
        interaction[:k, :k] = 0.0
    weight = TableWeights(
        weights.everyone[k],
        weights.holding_one[k],
        weights.pair_everyone[k],
        weights.pair_holding_one[k],
        weights.pair_holding_both[k],
    )
    table = scratch.table[: 1 << bits]
    by_one, by_both = scratch.by_one[: 1 << bits], scratch.by_both[: 1 << bits]
    for subset in range(1 << (k - bits)):
        outer = np.uint64(subset) << np.uint64(bits)
        _scatter(leaves, n_leaves, leaf_weight, base_margin, bits, outer, table)
        _zeta(table, bits)
        q, pair_q, prediction = _weigh(
            table, scratch.power, scratch.power_bits, weight, by_one, by_both, pairs, size(outer)
        )
        everyone += q
        pair_everyone += pair_q
        if groups.n_groups > 0:
            _look_up_groups(table, bits, outer, weight.holding_one, groups)
        _fold_with_outer(table, bits, outer, k, phi)
        if pairs:
            _fold_with_outer(by_one, bits, outer, k, holding_one)
            _fold_pairs(by_both, bits, outer, k, interaction)
    for i in range(k):
        phi[i] -= everyone
    if groups.n_groups > 0:
        _play_groups(weights, groups)
    if pairs:
        for i in range(k):
            for j in range(i):
                effect = interaction[i, j] - holding_one[i] - holding_one[j] + pair_everyone
                interaction[i, j] = interaction[j, i] = effect
        fill_diagonal(phi, interaction, k)
    return prediction
