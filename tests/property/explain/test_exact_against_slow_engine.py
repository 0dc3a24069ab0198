"""The engine against its own four steps, written plainly in docs/explaining.md."""

import numpy as np
import pytest
from shapley_oracle import random_case
from slow_engine import read_slow_engine

from xgoals.explain import exact_shapley

slow_shapley = read_slow_engine()


@pytest.mark.parametrize("seed", range(30_000, 30_020))
def test_the_slow_engine_of_the_page_gives_the_same_values(seed):
    booster, shots, baseline = random_case(seed)
    found = exact_shapley(booster, shots, baseline)
    for x, values in zip(shots, found.values, strict=True):
        np.testing.assert_allclose(slow_shapley(booster, x, baseline), values, rtol=0, atol=1e-13)


@pytest.mark.parametrize("side", ["shot", "baseline", "both"])
def test_the_same_where_values_are_missing(side):
    rng = np.random.default_rng(len(side))
    for seed in range(30_100, 30_108):
        booster, shots, baseline = random_case(seed)
        if side in ("shot", "both"):
            shots[rng.random(shots.shape) < 0.5] = np.nan
        if side in ("baseline", "both"):
            baseline[rng.random(baseline.shape) < 0.5] = np.nan
        found = exact_shapley(booster, shots, baseline)
        for x, values in zip(shots, found.values, strict=True):
            np.testing.assert_allclose(slow_shapley(booster, x, baseline), values, rtol=0, atol=1e-13)


def test_the_block_is_short_enough_to_be_read():
    from slow_engine import PAGE

    block = PAGE.read_text(encoding="utf-8").split("def slow_shapley(")[1].split("```")[0]
    assert len([line for line in block.splitlines() if line.strip()]) <= 40
