"""The engine on models small enough for paper, and its promises about blocks, threads, groups and names."""

# ruff: noqa: PD011 - the values meant here are Shapley values

import logging
import subprocess
import sys
from math import log

import numba
import numpy as np
import pandas as pd
import pytest
import xgboost as xgb

from xgoals.explain import exact_shapley
from xgoals.explain.chains import chains_from
from xgoals.explain.exact import _play
from xgoals.explain.forest import read_forest


def sigmoid(m):
    return 1 / (1 + np.exp(-m))


@pytest.fixture(scope="module")
def wide():
    """A model with 24 features that all matter, and shots that differ from the baseline in all of them."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(600, 24))
    y = (X.sum(axis=1) + X[:, 0] * X[:, 23] > 0).astype(int)
    booster = xgb.train(
        {"objective": "binary:logistic", "max_depth": 4, "colsample_bynode": 0.3, "nthread": 2},
        xgb.DMatrix(X, y),
        60,
    )
    return booster, X, X.mean(axis=0)


class TestOnPaper:
    def test_one_split_gives_its_feature_everything(self, booster_by_hand):
        booster = booster_by_hand([(1, 2.0, -1.0, 1.0)], ["a", "b"])
        found = exact_shapley(booster, np.array([[9.0, 3.0]]), [0.0, 1.0])
        assert found.base_value == pytest.approx(sigmoid(-1), abs=1e-15)
        np.testing.assert_allclose(found.values, [[0, sigmoid(1) - sigmoid(-1)]], atol=1e-15)
        assert found.predictions == pytest.approx([sigmoid(1)], abs=1e-15)

    def test_two_features_that_only_work_together_share_equally_in_log_odds(self, booster_by_hand):
        both = (0, 0.5, 0.0, (1, 0.5, 0.0, 2.0))
        booster = booster_by_hand([both], ["a", "b"])
        found = exact_shapley(booster, np.array([[1.0, 1.0]]), [0, 0], space="log_odds", interactions=True)
        np.testing.assert_allclose(found.values, [[1, 1]], atol=1e-15)
        np.testing.assert_allclose(found.interactions, [[[0, 1], [1, 0]]], atol=1e-15)

    def test_probability_is_not_a_rescaling_of_log_odds(self, booster_by_hand):
        """v = 0 / 2 / -1 / 1 in log-odds: a adds 2 and b takes 1 whatever the other does."""
        booster = booster_by_hand([(0, 0.5, 0.0, 2.0), (1, 0.5, 0.0, -1.0)], ["a", "b"])
        found = exact_shapley(booster, np.array([[1.0, 1.0]]), [0, 0], interactions=True)
        none, a, b, ab = sigmoid(np.array([0.0, 2.0, -1.0, 1.0]))
        np.testing.assert_allclose(
            found.values, [[(a - none + ab - b) / 2, (b - none + ab - a) / 2]], atol=1e-15
        )
        assert found.interactions[0, 0, 1] == pytest.approx((ab - a - b + none) / 2, abs=1e-15)

    def test_a_feature_that_a_path_asks_twice_keeps_to_its_side(self, booster_by_hand):
        """x = 3 and b = 0 part at both splits; the leaf between them (1 <= a < 2) is for neither."""
        booster = booster_by_hand([(0, 1.0, -1.0, (0, 2.0, 100.0, 1.0))], ["a", "b"])
        found = exact_shapley(booster, np.array([[3.0, 0.0]]), [0, 0], space="log_odds")
        np.testing.assert_allclose(found.values, [[2, 0]], atol=1e-15)

    @pytest.mark.parametrize(("value", "leaf"), [(np.nan, 1.0), (-5.0, 1.0), (5.0, 2.0)])
    @pytest.mark.parametrize(("baseline", "home"), [(np.nan, 1.0), (-5.0, 1.0), (5.0, 2.0)])
    def test_a_missing_value_goes_the_default_way(self, booster_by_hand, value, leaf, baseline, home):
        booster = booster_by_hand([(0, 0.0, 1.0, 2.0, True)], ["a"])
        found = exact_shapley(booster, np.array([[value]]), [baseline], space="log_odds")
        assert found.base_value == home
        assert found.predictions[0] == leaf
        assert found.values[0, 0] == leaf - home

    def test_a_value_on_the_threshold_goes_right(self, booster_by_hand):
        booster = booster_by_hand([(0, 0.1, 1.0, 2.0)], ["a"])
        on, below = np.float32(0.1), np.nextafter(np.float32(0.1), np.float32(0))
        found = exact_shapley(booster, np.array([[on], [below], [0.1]]), [-1], space="log_odds")
        assert found.predictions.tolist() == [2, 1, 2]

    def test_the_base_score_is_where_the_trees_start(self, booster_by_hand):
        booster = booster_by_hand([(0, 0.0, 0.0, 1.0)], ["a"], base_score=0.1)
        found = exact_shapley(booster, np.array([[-1.0]]), [-1], space="log_odds")
        assert found.base_value == pytest.approx(log(0.1 / 0.9), abs=1e-7)

    @pytest.mark.parametrize("leaf", [-900.0, 900.0])
    def test_certainty_is_a_probability_too(self, booster_by_hand, leaf):
        booster = booster_by_hand([(0, 0.0, 0.0, leaf)], ["a"])
        found = exact_shapley(booster, np.array([[1.0]]), [-1])
        assert found.predictions[0] == pytest.approx(float(leaf > 0), abs=1e-15)
        assert found.values[0, 0] == pytest.approx((leaf > 0) - 0.5, abs=1e-15)

    def test_trees_of_a_single_leaf_shift_the_base_value(self, booster_by_hand):
        booster = booster_by_hand([0.25, -1.0], ["a", "b"])
        found = exact_shapley(booster, np.array([[1.0, 2.0]]), [0, 0], space="log_odds", interactions=True)
        assert found.base_value == found.predictions[0] == -0.75
        assert not found.values.any()
        assert not found.interactions.any()


class TestGroups:
    def test_a_group_plays_as_one(self, booster_by_hand):
        """a and b only work together; c alone. The group (a, b) has all of their effect, at once."""
        booster = booster_by_hand([(0, 0.5, 0.0, (1, 0.5, 0.0, 2.0)), (2, 0.5, 0.0, 1.0)], ["a", "b", "c"])
        groups = {"alone": ["c"], "pair": ["b", "a"]}
        found = exact_shapley(booster, np.ones((1, 3)), np.zeros(3), groups=groups)
        none, alone, pair, both = sigmoid(np.array([0.0, 1.0, 2.0, 3.0]))
        assert found.group_names == ("alone", "pair")
        np.testing.assert_allclose(
            found.group_values,
            [[(alone - none + both - pair) / 2, (pair - none + both - alone) / 2]],
            atol=1e-15,
        )

    def test_they_are_not_the_sums_of_their_features(self, wide):
        booster, X, baseline = wide
        names = [f"f{i}" for i in range(24)]
        found = exact_shapley(
            booster, X[:5, :], baseline, groups={"low": names[:12], "high": names[12:]}, space="log_odds"
        )
        sums = np.stack([found.values[:, :12].sum(axis=1), found.values[:, 12:].sum(axis=1)], axis=1)
        np.testing.assert_allclose(sums.sum(axis=1), found.group_values.sum(axis=1), atol=1e-12)
        assert np.abs(sums - found.group_values).max() > 1e-4

    def test_looked_up_in_the_features_table_they_are_what_they_are_as_players(self, wide):
        """The coalition of two groups is that of all their features: one game, read or played by itself."""
        booster, X, baseline = wide
        forest, rows, row = read_forest(booster), X[:4].astype(np.float32), baseline.astype(np.float32)
        rows[:, 13:] = row[13:]
        for n_groups in (1, 2, 5, 12):
            group_of = np.arange(24) % n_groups
            looked_up = _play(forest, rows, row, np.arange(24), "probability", False, group_of)[3]
            played = _play(forest, rows, row, group_of, "probability", False)[0]
            np.testing.assert_allclose(looked_up, played, atol=1e-14)

    def test_a_group_for_each_of_many_features_has_their_values(self, wide):
        booster, X, baseline = wide
        groups = {f"only f{i}": [f"f{i}"] for i in range(24)}
        X = X[:2].copy()
        X[:, 10:] = baseline[10:]
        found = exact_shapley(booster, X, baseline, groups=groups)
        np.testing.assert_allclose(found.group_values, found.values, atol=1e-14)


class TestManyFeatures:
    def test_beyond_the_table_filled_again_and_again_the_values_are_the_same(self, wide):
        booster, X, baseline = wide
        forest = read_forest(booster)
        rows = X[:3].astype(np.float32)
        ten_vary = np.arange(24) >= 10
        rows[:, ten_vary] = baseline[ten_vary]
        groups = np.arange(24) % 5
        arguments = forest, rows, baseline.astype(np.float32), np.arange(24), "probability", True, groups
        whole = _play(*arguments)
        for table_bits in (1, 2, 4, 9):
            for in_parts, expected in zip(_play(*arguments, table_bits=table_bits), whole, strict=True):
                np.testing.assert_allclose(in_parts, expected, atol=1e-13)

    def test_more_than_twenty_are_exact_and_said_in_the_log(self, wide, caplog):
        booster, X, baseline = wide
        with caplog.at_level(logging.WARNING, "xgoals.explain"):
            found = exact_shapley(booster, X[:2], baseline, interactions=True)
        assert "2 of 2 rows differ from the baseline in more than 20 features" in caplog.text
        plain = booster.predict(xgb.DMatrix(X[:2]))
        np.testing.assert_allclose(found.base_value + found.values.sum(axis=1), plain, atol=1e-6)
        np.testing.assert_allclose(found.interactions.sum(axis=2), found.values, atol=1e-12)
        swapped = exact_shapley(booster, baseline[None, :], X[0])  # another table, the same game backwards
        np.testing.assert_allclose(swapped.values[0], -found.values[0], atol=1e-12)

    def test_twenty_are_not_worth_a_word(self, wide, caplog):
        booster, X, baseline = wide
        twenty = X[:1].copy()
        twenty[:, 20:] = baseline[20:]
        with caplog.at_level(logging.WARNING, "xgoals.explain"):
            exact_shapley(booster, twenty, baseline)
            exact_shapley(booster, X[:1], baseline, space="log_odds")
        assert not caplog.records


class TestPromises:
    def test_blocks_and_threads_change_nothing(self, wide, monkeypatch):
        booster, X, baseline = wide
        shots = X[:, :].copy()
        shots[:, 8:] = baseline[8:]
        at_once = exact_shapley(booster, shots, baseline, interactions=True)
        monkeypatch.setattr("xgoals.explain.exact.BLOCK_ROWS", 7)
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", 3)
        in_blocks = exact_shapley(booster, shots, baseline, interactions=True)
        np.testing.assert_array_equal(in_blocks.values, at_once.values)
        np.testing.assert_array_equal(in_blocks.interactions, at_once.interactions)
        np.testing.assert_array_equal(in_blocks.predictions, at_once.predictions)

    def test_no_shots_give_no_values(self, wide):
        booster, X, baseline = wide
        found = exact_shapley(
            booster, X[:0], baseline, interactions=True, groups={"all": [f"f{i}" for i in range(24)]}
        )
        assert found.values.shape == (0, 24)
        assert found.interactions.shape == (0, 24, 24)
        assert found.group_values.shape == (0, 1)
        assert 0 < found.base_value < 1

    def test_only_what_is_asked_for_is_returned(self, wide):
        booster, X, baseline = wide
        found = exact_shapley(booster, X[:1], baseline, space="log_odds")
        assert found.interactions is None
        assert found.group_values is None
        assert found.group_names is None

    def test_the_callers_arrays_are_left_alone(self, wide):
        booster, X, baseline = wide
        shots, kept = X[:4].copy(), X[:4].copy()
        exact_shapley(booster, shots, baseline, space="log_odds")
        np.testing.assert_array_equal(shots, kept)

    def test_names_align_the_baseline_and_columns_can_be_of_any_number_type(self, booster_by_hand):
        booster = booster_by_hand([(0, 0.5, 0.0, 2.0), (1, 0.5, 0.0, -1.0)], ["a", "b"])
        X = pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": [True, False]})
        baselines = {"b": 0, "a": 0}, pd.Series({"b": 0.0, "a": 0.0}), np.zeros(2), pd.Series([0.0, 0.0])
        for baseline in baselines:
            found = exact_shapley(booster, X, baseline, space="log_odds")
            assert found.feature_names == ("a", "b")
            np.testing.assert_allclose(found.values, [[2, -1], [2, 0]])

    def test_every_node_is_on_exactly_one_chain(self, wide):
        booster, _, baseline = wide
        forest = read_forest(booster)
        chains = chains_from(forest, baseline.astype(np.float32))
        inner = int((forest.feature >= 0).sum())
        assert chains.first[-1] == len(chains.feature) == inner
        assert len(chains.weight) == inner + len(forest.roots)
        reached = np.concatenate([chains.roots, chains.away])
        assert sorted(reached) == list(range(len(chains.weight)))

    def test_importing_the_package_loads_neither_numba_nor_xgboost(self):
        code = "import sys, xgoals.explain; print([m for m in ('numba', 'xgboost', 'pandas') if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"

    def test_what_is_not_there_is_not_made_up(self):
        import xgoals.explain

        with pytest.raises(AttributeError, match="no attribute 'approximate_shapley'"):
            xgoals.explain.approximate_shapley  # noqa: B018
