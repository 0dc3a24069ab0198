"""Exact Shapley values of an XGBoost model's prediction, one baseline row, in probability or log-odds.

The game is v(S) = f(x on S, b elsewhere). What Kernel SHAP estimates from sampled coalitions is computed
here for all of them, for less work than the samples cost:

1. ``forest``      the booster as arrays,
2. ``chains``      the forest from the baseline's point of view, and the leaves that a row can reach,
3. ``coalitions``  probability: all coalitions in one table; ``leafgame``: log-odds, leaf by leaf.

This module hands blocks of rows to as many threads as numba may use (``NUMBA_NUM_THREADS``); the
compiled code runs without the interpreter lock, keeps its scratch to itself, and needs the same memory
for the last block as for the first. Plain threads, not numba's own pool: Airflow forks.
"""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

import numba
import numpy as np
import xgboost as xgb
from numpy.typing import NDArray

from xgoals.compiled import compiled
from xgoals.domain.errors import ModelError
from xgoals.explain import proof
from xgoals.explain.attributions import Attributions
from xgoals.explain.chains import Chains, chains_from, find_departures, reachable_leaves
from xgoals.explain.coalitions import (
    LANES,
    MAX_TABLE_GROUPS,
    MAX_TABLE_PLAYERS,
    TABLE_BITS,
    GroupGame,
    TableWeights,
    probability_game,
    table_weights,
)
from xgoals.explain.forest import Forest, forest_of
from xgoals.explain.inputs import Baseline, Rows, baseline_of, column_names, players_of, rows_of
from xgoals.explain.leafgame import MAX_LEAF_PLAYERS, LeafWeights, leaf_weights, log_odds_game
from xgoals.explain.proof import Space

BLOCK_ROWS = 512
_log = logging.getLogger(__name__)


def exact_shapley(
    booster: xgb.Booster | Forest,
    X: Rows,
    baseline: Baseline,
    *,
    space: Space = "probability",
    interactions: bool = False,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> Attributions:
    """Exact Shapley values of v(S) = f(x on S, baseline elsewhere) for every row.

    Parameters
    ----------
    booster
        A ``binary:logistic`` (or ``reg:logistic``) tree booster with numerical splits. All its trees
        are explained: see ``forest`` on early stopping. Who explains rows one by one passes the forest that
        `read_forest` made of it: reading takes longer than explaining one row.
    X
        (n, F) rows; NaN is missing. An array, or a table of pandas, polars or Arrow, which must have the booster's
        columns in the booster's order.
    baseline
        One row: a pandas Series or a mapping by feature name, or an array in the booster's order. NaN is missing.
    space
        "probability" explains f = sigmoid(margin), "log_odds" the margin.
    interactions
        Also compute all pairwise Shapley interaction values.
    groups
        ``{name: features}``, every feature in exactly one: also compute the values of the game whose
        players are the groups. (They are not the sums of the features' values.)

    Raises
    ------
    ModelError
        When the model or the data cannot be explained exactly; the message says why. In probability,
        more than 36 features that vary at once (2^36 coalitions a row) are refused. And when base value and
        values do not add up to what the booster itself predicts, of a sample of the rows (see ``proof``; of a
        `Forest` that was asked when it was read).

    Notes
    -----
    Up to 20 features of a row that differ from the baseline in some tree share one table of coalitions.
    More are still exact, but each further one doubles the time; the log says so.

    The values estimated by Kernel SHAP (Lundberg & Lee 2017); interactions as in shap (Lundberg et al.
    2020, after Fujimoto et al. 2006).
    """
    if space not in ("probability", "log_odds"):
        raise ValueError(f"space must be 'probability' or 'log_odds', not {space!r}")
    forest = forest_of(booster)
    names = column_names(forest, X)
    rows = rows_of(X, forest)
    baseline_row = baseline_of(baseline, names)
    each_alone = np.arange(forest.n_features)
    group_of = None if groups is None else players_of(groups, names)
    in_one_table = space == "probability" and groups is not None and len(groups) <= MAX_TABLE_GROUPS
    values, predictions, pairs, group_values = _play(
        forest, rows, baseline_row, each_alone, space, interactions, group_of if in_one_table else None
    )
    if group_of is not None and not in_one_table:
        group_values = _play(forest, rows, baseline_row, group_of, space, False)[0]
    at_baseline = forest.margin(baseline_row[None, :])[0]
    base_value = float(at_baseline if space == "log_odds" else proof.sigmoid(at_baseline))
    if isinstance(booster, xgb.Booster):
        prove(booster, forest, rows, base_value + values.sum(axis=1), space)
    return Attributions(
        values=values,
        base_value=base_value,
        predictions=predictions,
        interactions=pairs if interactions else None,
        group_values=None if groups is None else group_values,
        group_names=None if groups is None else tuple(groups),
        feature_names=names,
        space=space,
    )


def prove(
    booster: xgb.Booster,
    forest: Forest,
    rows: NDArray[np.float32],
    added_up: NDArray[np.float64],
    space: Space,
) -> None:
    """Hold base value plus values of a sample of the rows against what the booster predicts of them.

    Raises
    ------
    ModelError
        Where they do not agree.
    """
    chosen = proof.sample_of(len(rows))
    forest.check_against(booster, rows[chosen], chosen)
    proof.check_against_booster(
        booster,
        rows[chosen],
        {space: added_up[chosen]},
        tolerance=forest.tolerance(forest.margin(rows[chosen])),
        what="base value plus values",
        row_numbers=chosen,
    )


def _play(
    forest: Forest,
    rows: NDArray[np.float32],
    baseline: NDArray[np.float32],
    player_of: NDArray[np.int64],
    space: Space,
    pairs: bool,
    group_of: NDArray[np.int64] | None = None,
    table_bits: int = TABLE_BITS,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Values (n, P), predictions (n,), interactions (n, P, P) for the P players of ``player_of``, and values (n, G).

    ``group_of`` says to which of G groups each player belongs; they are told in probability only.
    """
    n, n_players = len(rows), int(player_of.max()) + 1
    n_groups = 0 if group_of is None else int(group_of.max()) + 1
    group_of = np.zeros(n_players, np.int64) if group_of is None else group_of
    chains = chains_from(forest, baseline)
    values = np.zeros((n, n_players))
    predictions = np.zeros(n)
    interactions = np.zeros((n, n_players, n_players) if pairs else (1, 1, 1))
    group_values = np.zeros((n, n_groups))
    in_probability = space == "probability"
    rules = Rules(
        forest.base_margin, in_probability, pairs, n_players, n_groups, group_of, table_bits, *_all_weights()
    )

    def explain(block: NDArray[np.int64]) -> None:
        """Fill the rows of a block."""
        _explain_block(rows, block, chains, player_of, rules, values, predictions, interactions, group_values)

    threads = numba.config.NUMBA_NUM_THREADS
    blocks = _blocks(rows, chains, player_of, n_players, space, table_bits, threads)
    if len(blocks) <= 1 or threads == 1:
        for block in blocks:
            explain(block)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(explain, blocks))
    return values, predictions, interactions, group_values


def _blocks(
    rows: NDArray[np.float32],
    chains: Chains,
    player_of: NDArray[np.int64],
    n_players: int,
    space: Space,
    table_bits: int,
    threads: int,
) -> list[NDArray[np.int64]]:
    """Row numbers in blocks; rows with more players than the table holds come first, one to a block."""
    everything = np.arange(len(rows))
    slow = np.zeros(len(rows), np.bool_)
    if n_players > table_bits:
        varying = np.zeros(len(rows), np.int64)
        _count_players(rows, chains, player_of, n_players, varying)
        _refuse_too_many(varying, space)
        slow = (varying > table_bits) & (space == "probability")
        if slow.any():
            _log.warning(
                "%d of %d rows differ from the baseline in more than %d features (up to %d): "
                "still exact, but each further feature doubles the time of a row",
                *(slow.sum(), len(rows), table_bits, varying.max()),
            )
    quick = everything[~slow]
    size = max(1, min(BLOCK_ROWS, -(-len(quick) // (4 * threads))))
    blocks = [everything[i : i + 1] for i in np.flatnonzero(slow)]
    return blocks + [quick[i : i + size] for i in range(0, len(quick), size)]


def _refuse_too_many(varying: NDArray[np.int64], space: Space) -> None:
    in_table = space == "probability"
    limit = MAX_TABLE_PLAYERS if in_table else MAX_LEAF_PLAYERS
    if varying.max(initial=0) > limit:
        row = int(varying.argmax())
        raise ModelError(
            f"Row {row} differs from the baseline in {varying[row]} features; "
            f"exact values in {space} end at {limit}",
            advice="Explain it in log-odds, or with fewer features" if in_table else "Use fewer features",
        )


@cache
def _all_weights() -> tuple[TableWeights, LeafWeights]:
    return table_weights(MAX_TABLE_PLAYERS), leaf_weights(MAX_LEAF_PLAYERS)


# --- compiled: a block of rows -------------------------------------------------------------------


class Rules(NamedTuple):
    """What is the same for every row of a call."""

    base_margin: float
    probability: bool
    pairs: bool
    n_players: int
    n_groups: int
    group_of: NDArray[np.int64]
    table_bits: int
    table_weights: TableWeights
    leaf_weights: LeafWeights


class Scratch(NamedTuple):
    """Working memory of one block (see ``coalitions``)."""

    table: NDArray[np.float64]
    by_one: NDArray[np.float64]
    by_both: NDArray[np.float64]
    power: NDArray[np.float64]
    power_bits: NDArray[np.int64]
    holding_one: NDArray[np.float64]
    table_bits: int


@compiled()
def _new_scratch(n_players, table_bits, probability, pairs):  # type: ignore[no-untyped-def]
    entries = 1 << min(n_players, table_bits) if probability else 1
    pair_entries = entries if pairs else 1
    power = np.empty(LANES)
    return Scratch(
        np.empty(entries),
        np.empty(pair_entries),
        np.empty(pair_entries),
        power,
        power.view(np.int64),
        np.empty(n_players),
        table_bits,
    )


@compiled()
def _count_players(rows, chains, player_of, n_players, varying):  # type: ignore[no-untyped-def]
    departs = np.empty(chains.feature.size // 64 + 1, np.uint64)
    bit_of, player_at = np.empty(n_players, np.uint64), np.empty(n_players, np.int64)
    for row in range(rows.shape[0]):
        varying[row] = find_departures(rows[row], chains, player_of, bit_of, player_at, departs)


@compiled()
def _form_groups(k, player_at, group_of, bit_of_group, group_at, groups):  # type: ignore[no-untyped-def]
    """The groups of a row's k players; those without any are dummies. ``group_at[i]`` is the group of bit i."""
    bit_of_group[:] = -1
    n_groups = 0
    for i in range(k):
        group = group_of[player_at[i]]
        if bit_of_group[group] < 0:
            bit_of_group[group] = n_groups
            group_at[n_groups] = group
            groups.members[n_groups] = np.uint64(0)
            n_groups += 1
        groups.members[bit_of_group[group]] |= np.uint64(1) << np.uint64(i)
    return GroupGame(n_groups, groups.members, groups.worth, groups.phi)


@compiled()
def _explain_block(  # type: ignore[no-untyped-def]
    rows, block, chains, player_of, rules, values, predictions, interactions, group_values
):
    n_chains, n_players, n_groups = chains.weight.size, rules.n_players, rules.n_groups
    departs = np.empty(chains.feature.size // 64 + 1, np.uint64)
    bit_of, player_at = np.empty(n_players, np.uint64), np.empty(n_players, np.int64)
    stack, leaves = np.empty((n_chains, 3), np.uint64), np.empty((n_chains, 3), np.uint64)
    phi, pair = np.empty(n_players), np.empty((n_players, n_players))
    scratch = _new_scratch(n_players, rules.table_bits, rules.probability, rules.pairs)
    bit_of_group, group_at = np.empty(n_groups, np.int64), np.empty(n_groups, np.int64)
    groups = GroupGame(0, np.empty(n_groups, np.uint64), np.empty(1 << n_groups), np.empty(n_groups))
    for row in block:
        k = find_departures(rows[row], chains, player_of, bit_of, player_at, departs)
        found = reachable_leaves(chains, player_of, bit_of, departs, stack, leaves)
        if rules.probability:
            if n_groups > 0:
                groups = _form_groups(k, player_at, rules.group_of, bit_of_group, group_at, groups)
            predictions[row] = probability_game(
                leaves,
                found,
                k,
                chains.weight,
                rules.base_margin,
                rules.table_weights,
                scratch,
                rules.pairs,
                phi,
                pair,
                groups,
            )
            for i in range(groups.n_groups):
                group_values[row, group_at[i]] = groups.phi[i]
        else:
            predictions[row] = log_odds_game(
                leaves, found, k, chains.weight, rules.base_margin, rules.leaf_weights, rules.pairs, phi, pair
            )
        for i in range(k):
            values[row, player_at[i]] = phi[i]
            if rules.pairs:
                for j in range(k):
                    interactions[row, player_at[i], player_at[j]] = pair[i, j]
