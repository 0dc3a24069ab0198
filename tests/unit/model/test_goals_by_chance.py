"""The exact distribution of goals, by hand, by brute force and by what its intervals promise."""

from itertools import product

import numpy as np
import pytest

from xgoals.model import goals_by_chance
from xgoals.model.goals_by_chance import goals_distribution, surplus_interval, two_sided


def test_by_hand():
    assert goals_distribution([0.5, 0.2]) == pytest.approx([0.4, 0.5, 0.1])
    assert goals_distribution([]) == pytest.approx([1.0])
    assert two_sided(2, goals_distribution([0.5, 0.2])) == pytest.approx(0.2)
    assert two_sided(1, goals_distribution([0.5, 0.2])) == 1.0


def test_halving_gives_what_all_outcomes_give(monkeypatch):
    chances = np.random.default_rng(1).random(9)
    by_force = np.zeros(10)
    for outcome in product([0, 1], repeat=9):
        by_force[sum(outcome)] += np.prod(np.where(outcome, chances, 1 - chances))
    monkeypatch.setattr(goals_by_chance, "_ONE_BY_ONE", 2)
    np.testing.assert_allclose(goals_distribution(chances), by_force, atol=1e-12)


def test_the_interval_leaves_out_nothing_as_rarely_as_it_promises():
    rng = np.random.default_rng(2)
    chances = rng.beta(1, 8, 300)
    exact = goals_distribution(chances)
    out = 0
    for _ in range(400):
        goals = int((rng.random(300) < chances).sum())
        low, high = surplus_interval(goals, exact)
        assert low <= goals - chances.sum() <= high
        is_out = not low <= 0 <= high
        assert is_out == (two_sided(goals, exact) < 0.05)
        out += is_out
    assert out / 400 <= 0.07
    assert surplus_interval(round(chances.sum()) + 40, exact)[0] > 0
