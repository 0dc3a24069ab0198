"""One tree with three nodes, by hand: every number of that section of docs/explaining.md, against the engine."""

import re
from pathlib import Path

import numpy as np
import pytest

from xgoals.explain import exact_shapley
from xgoals.explain.chains import MISSING_BIN, chains_from, find_departures, reachable_leaves
from xgoals.explain.forest import read_forest

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "explaining.md").read_text(encoding="utf-8")
SECTION = re.search(r"^## One tree with three nodes.*?(?=^## )", PAGE, re.MULTILINE | re.DOTALL).group()
LEAVES = {"a": 0.4, "b": 1.2, "c": -0.3, "d": -1.0}
SHOT, BASELINE = np.array([8.0, 40.0]), np.array([17.0, 25.0])


def number(text):
    return float(text.replace("−", "-"))


def table(first_header):
    """Rows of the section's table whose first header is this, each a list of cells."""
    start = re.search(rf"^\| {first_header} +\|", SECTION, re.MULTILINE).start()
    lines = SECTION[start:].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def mask(players):
    return sum(1 << "DA".index(player) for player in players.split())


@pytest.fixture
def booster(booster_by_hand):
    tree = (0, 11.0, (1, 30.0, 0.4, 1.2), (0, 20.0, -0.3, -1.0))
    return booster_by_hand([tree], ["distance", "angle"], base_score=1 / (1 + np.exp(2)))


@pytest.fixture
def chains(booster):
    return chains_from(read_forest(booster), BASELINE.astype(np.float32))


@pytest.fixture
def number_of_node():
    """The engine's number of a node -> the picture's: chain 0 holds the picture's 0 and 2, chain 2 its 1."""
    return {0: 0, 1: 2, 2: 1}


def test_the_picture_is_this_tree(booster):
    for leaf, weight in LEAVES.items():
        assert re.search(rf"\b{leaf} {weight}\b", SECTION)
    thresholds = set(re.findall(r"(\d): (\w+) < (\d+) \?", SECTION))
    assert thresholds == {("0", "distance", "11"), ("1", "angle", "30"), ("2", "distance", "20")}
    np.testing.assert_allclose(read_forest(booster).base_margin, -2, atol=1e-6)


def test_chains(chains, number_of_node):
    for chain, leaf, nodes, departures in table("chain"):
        first, last = chains.first[int(chain)], chains.first[int(chain) + 1]
        assert chains.weight[int(chain)] == pytest.approx(LEAVES[leaf])
        assert [number_of_node[n] for n in range(first, last)] == [int(node) for node in nodes.split()]
        leads = {number_of_node[n]: int(chains.away[n]) for n in range(first, last)}
        assert leads == {
            int(node): int(to) for node, to in re.findall(r"from (\d) to chain (\d)", departures)
        }


def test_bins_and_departures(chains, number_of_node):
    """Every row of the page's table, in the order of the engine's bins (its missing value comes first)."""
    rows = dict(table("values"))
    runs = chains.runs
    for f, feature in enumerate(("distance", "angle")):
        told = [departs for values, departs in rows.items() if values.startswith(feature)]
        told.insert(MISSING_BIN, told.pop())
        start, n_bins = runs.bin_start[f], len(told)
        assert n_bins == 2 + runs.cut_start[f + 1] - runs.cut_start[f]
        for i, departs in zip(range(start, start + n_bins), told, strict=True):
            nodes = runs.order[runs.begin[i] : runs.end[i]]
            assert [number_of_node[n] for n in nodes] == [int(node) for node in departs.split()]


def test_reached_leaves(chains):
    bit_of, player_at, departs = np.zeros(2, np.uint64), np.zeros(2, np.int64), np.zeros(1, np.uint64)
    stack, leaves = np.zeros((4, 3), np.uint64), np.zeros((4, 3), np.uint64)
    players = np.arange(2)
    assert find_departures(SHOT.astype(np.float32), chains, players, bit_of, player_at, departs) == 2
    n = reachable_leaves(chains, players, bit_of, departs, stack, leaves)
    found = {(round(chains.weight[int(c)], 6), int(req), int(exc)) for c, req, exc in leaves[:n]}
    assert found == {
        (LEAVES[leaf], mask(requires), mask(excludes)) for leaf, requires, excludes in table("reached")
    }


def test_the_game(booster):
    probability = {}
    for who, log_odds, p in table("who"):
        held = mask("" if who == "nobody" else who)
        mixed = np.where([held >> i & 1 for i in range(2)], SHOT, BASELINE)
        base, leaf, margin = (
            number(n.replace(" ", "")) for n in re.findall(r"[−+]? ?\d+(?:\.\d)?", log_odds)
        )
        assert base + leaf == pytest.approx(margin)
        assert read_forest(booster).margin(mixed[None].astype(np.float32))[0] == pytest.approx(
            margin, abs=1e-6
        )
        probability[held] = number(p)
        assert 1 / (1 + np.exp(-margin)) == pytest.approx(number(p), abs=5e-5)
    nobody, d, a, both = (probability[held] for held in range(4))
    found = exact_shapley(booster, SHOT[None], BASELINE)
    for player, letter in enumerate("DA"):
        sums, printed = re.search(rf"{letter}: \(([^)]*)\) / 2 = (0\.\d+)", SECTION).groups()
        terms = [number(term.replace(" ", "")) for term in re.findall(r"[−+]? ?0\.\d+", sums)]
        alone, last = ((d - nobody), (both - a)) if letter == "D" else ((a - nobody), (both - d))
        assert sum(terms) == pytest.approx(alone + last)
        assert found.values[0, player] == pytest.approx(number(printed), abs=5e-5)
        assert sum(terms) / 2 == pytest.approx(number(printed), abs=1e-4)
    printed = re.search(r"(0\.\d+) \+ (0\.\d+) \+ (0\.\d+) = (0\.\d+)\.", SECTION).groups()
    expected = [found.base_value, *found.values[0], found.predictions[0]]
    np.testing.assert_allclose([float(p) for p in printed], expected, atol=5e-5)
