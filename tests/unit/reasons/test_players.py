"""Shapley values of small games, against the mean over all orders of arrival."""

import numpy as np
import pytest
from drawn import by_orders

from xgoals.reasons.players import shapley_values, shapley_values_with_alike


@pytest.mark.parametrize("n_players", [1, 2, 3, 5])
def test_values_are_the_mean_over_all_orders(n_players):
    worth = np.random.default_rng(n_players).normal(size=(7, 1 << n_players))

    values = shapley_values(worth)

    assert np.allclose(values, [by_orders(game) for game in worth], atol=1e-12)
    assert np.allclose(values.sum(axis=1), worth[:, -1] - worth[:, 0], atol=1e-12)


def test_players_who_are_alike_get_what_they_get_one_by_one():
    told_apart, alike = 2, 3
    worth = np.random.default_rng(0).normal(size=(4, 1 << told_apart, alike + 1))
    coalitions = np.arange(1 << (told_apart + alike))
    one_by_one = worth[:, coalitions & 3, np.bitwise_count(coalitions >> told_apart)]

    values, each = shapley_values_with_alike(worth)

    expected = shapley_values(one_by_one)
    assert np.allclose(values, expected[:, :told_apart], atol=1e-12)
    assert np.allclose(each[:, None], expected[:, told_apart:], atol=1e-12)


def test_too_many_players_and_half_a_table_are_refused():
    with pytest.raises(ValueError, match="power of two"):
        shapley_values(np.zeros((1, 6)))
    with pytest.raises(ValueError, match="8192 coalitions"):
        shapley_values(np.zeros((1, 1 << 13)))
    assert shapley_values(np.zeros((1, 1 << 12))).shape == (1, 12)
