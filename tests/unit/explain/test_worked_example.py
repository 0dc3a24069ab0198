"""The worked example of docs/explaining.md, every number of it, against the engine."""

import re
from pathlib import Path

import numpy as np
import pytest

from xgoals.explain import exact_shapley
from xgoals.explain.chains import chains_from, find_departures, reachable_leaves
from xgoals.explain.forest import read_forest

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "explaining.md").read_text(encoding="utf-8")
FEATURES = ["distance", "angle", "header"]
SHOT, BASELINE = np.array([[8.0, 40.0, 1.0]]), np.array([17.0, 25.0, -1.0])


def number(text):
    return float(text.replace("−", "-"))


def table(first_header):
    """Rows of the page's table whose header starts with a word, each a list of cells."""
    lines = (
        PAGE[re.search(rf"^\| {first_header}\b", PAGE, re.MULTILINE).start() :].split("\n\n")[0].splitlines()
    )
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def mask(players):
    return sum(1 << "DAH".index(player) for player in players.split())


@pytest.fixture
def booster(booster_by_hand):
    return booster_by_hand(
        [(0, 11.0, (1, 30.0, 0.4, 1.2), -0.8), (2, 0.0, (0, 16.0, 0.5, -0.2), -0.6)],
        FEATURES,
        base_score=1 / (1 + np.exp(2)),
    )


def test_leaves(booster):
    forest = read_forest(booster)
    chains = chains_from(forest, BASELINE.astype(np.float32))
    bit_of, player_at, departs = np.zeros(3, np.uint64), np.zeros(3, np.int64), np.zeros(1, np.uint64)
    stack, leaves = np.zeros((6, 3), np.uint64), np.zeros((6, 3), np.uint64)
    players = np.arange(3)
    assert find_departures(SHOT[0].astype(np.float32), chains, players, bit_of, player_at, departs) == 3
    assert reachable_leaves(chains, players, bit_of, departs, stack, leaves) == 6
    found = {
        (round(chains.weight[int(c)], 6), int(required), int(excluded)) for c, required, excluded in leaves
    }
    assert found == {
        (number(leaf), mask(required), mask(excluded)) for leaf, required, excluded in table("leaf")
    }


def test_coalitions(booster):
    rows = {
        mask("" if who == "nobody" else who): [number(c) for c in cells] for who, *cells in table("coalition")
    }
    assert sorted(rows) == list(range(8))
    moebius, margin, probability = (np.array([rows[s][i] for s in range(8)]) for i in range(3))
    for s in range(8):
        mixed = np.where([s >> i & 1 for i in range(3)], SHOT, BASELINE)
        found = exact_shapley(booster, mixed, BASELINE)
        assert found.predictions[0] == pytest.approx(probability[s], abs=5e-5)
        assert read_forest(booster).margin(mixed.astype(np.float32))[0] == pytest.approx(margin[s], abs=1e-6)
        assert margin[s] == pytest.approx(sum(moebius[t] for t in range(8) if t & s == t))


def test_values(booster):
    found = exact_shapley(booster, SHOT, BASELINE)
    printed = {feature: number(value) for feature, value in table("feature")}
    np.testing.assert_allclose(found.values[0], [printed[p] for p in "DAH"], atol=5e-5)
    sums = re.search(r"(0\.\d+) \+ (0\.\d+) \+ (0\.\d+) − (0\.\d+) = (0\.\d+), the prediction", PAGE).groups()
    np.testing.assert_allclose(
        [float(s) for s in sums],
        [found.base_value, *np.abs(found.values[0]), found.predictions[0]],
        atol=5e-5,
    )
    in_log_odds = re.search(r"D (\S+), A (\S+), H (\S+)\.$", PAGE, re.MULTILINE).groups()
    found = exact_shapley(booster, SHOT, BASELINE, space="log_odds")
    np.testing.assert_allclose(found.values[0], [number(v) for v in in_log_odds], atol=1e-6)


def test_interaction(booster):
    printed = number(re.search(r"distance and\s+header share (\S+) in each half", PAGE).group(1))
    found = exact_shapley(booster, SHOT, BASELINE, interactions=True)
    assert found.interactions[0, 0, 2] == pytest.approx(printed, abs=5e-5)


def test_groups(booster):
    groups = {"place": ["distance", "angle"], "execution": ["header"]}
    found = exact_shapley(booster, SHOT, BASELINE, groups=groups)
    printed = {group.split()[0]: number(value) for group, value in table("group")}
    np.testing.assert_allclose(
        found.group_values[0], [printed[name] for name in found.group_names], atol=5e-5
    )
