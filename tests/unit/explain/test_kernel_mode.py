"""Kernel mode: exact where it can be, honest about its error where it cannot, and Clarify's parameters."""

from math import comb

import numpy as np
import pytest
import xgboost as xgb

from xgoals.domain.errors import ModelError
from xgoals.explain import exact_shapley
from xgoals.explain.kernel import draw_pairs, fit, kernel_shapley


@pytest.fixture(scope="module")
def model():
    """A booster of 13 features, with its predict function."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(800, 13)).round(1)
    margin = X[:, 0] * X[:, 1] * X[:, 2] + X.sum(axis=1) - np.abs(X[:, 5] * X[:, 8])
    booster = xgb.train({"objective": "binary:logistic", "max_depth": 5}, xgb.DMatrix(X, margin > 0), 80)
    return booster, X, np.median(X, axis=0).round(1), booster.inplace_predict


class TestAgainstTheExactEngine:
    def test_with_all_coalitions_in_the_budget_both_are_the_same(self, model):
        booster, X, baseline, predict = model
        exact = exact_shapley(booster, X[:20], baseline)
        found = kernel_shapley(predict, X[:20], baseline, num_samples=2**13)
        np.testing.assert_allclose(found.values, exact.values, atol=1e-6)
        assert (found.standard_errors == 0).all()
        assert found.base_value == pytest.approx(exact.base_value, abs=1e-6)

    def test_in_log_odds_too(self, model):
        booster, X, baseline, predict = model
        exact = exact_shapley(booster, X[:20], baseline, space="log_odds")
        found = kernel_shapley(predict, X[:20], baseline, num_samples=2**13, use_logit=True)
        np.testing.assert_allclose(
            found.values, exact.values, atol=2e-4
        )  # the logit of float32 probabilities

    def test_standard_errors_are_as_large_as_the_errors(self, model):
        booster, X, baseline, predict = model
        exact = exact_shapley(booster, X[:100], baseline).values
        found = kernel_shapley(predict, X[:100], baseline, num_samples=600)
        unsure = found.standard_errors > 0
        assert unsure.mean() > 0.5
        in_standard_errors = (found.values - exact)[unsure] / found.standard_errors[unsure]
        assert 0.85 < np.sqrt(np.mean(in_standard_errors**2)) < 1.15

    def test_more_samples_err_less(self, model):
        booster, X, baseline, predict = model
        exact = exact_shapley(booster, X[:50], baseline).values
        errors = [
            np.abs(kernel_shapley(predict, X[:50], baseline, num_samples=m).values - exact).mean()
            for m in (100, 400, 1600)
        ]
        assert errors[0] > 1.5 * errors[1] > 1.5 * 1.5 * errors[2]

    def test_additivity_holds_whatever_the_budget(self, model):
        _, X, baseline, predict = model
        for num_samples in (26, 300):
            found = kernel_shapley(predict, X[:30], baseline, num_samples=num_samples)
            np.testing.assert_allclose(
                found.base_value + found.values.sum(axis=1), found.predictions, atol=1e-12
            )
            np.testing.assert_allclose(found.predictions, predict(X[:30]), atol=1e-7)


class TestAnyModel:
    def test_a_linear_model_is_known_from_the_least_samples(self):
        slope = np.array([1.0, -2.0, 0.5, 4.0])
        X = np.arange(12.0).reshape(3, 4)
        baselines = np.array([[1.0, 0, 0, 1], [3, 2, 0, 0]])
        found = kernel_shapley(lambda rows: rows @ slope, X, baselines, num_samples=8)
        np.testing.assert_allclose(found.values, slope * (X - baselines.mean(axis=0)), atol=1e-12)
        np.testing.assert_allclose(found.standard_errors, 0, atol=1e-12)

    def test_several_baseline_rows_give_the_mean_of_their_values(self, model):
        _, X, _, predict = model
        together = kernel_shapley(predict, X[:4], X[100:103], num_samples=2**13)
        apart = [kernel_shapley(predict, X[:4], row, num_samples=2**13).values for row in X[100:103]]
        np.testing.assert_allclose(together.values, np.mean(apart, axis=0), atol=1e-6)

    def test_pairs_of_features_are_exact_in_a_paired_fit(self):
        """A game of pairwise products has no odd interaction that a fit could miss."""
        rng = np.random.default_rng(0)
        X = rng.normal(size=(5, 18))
        product = rng.normal(size=(18, 18))
        found = kernel_shapley(
            lambda rows: np.einsum("ni,ij,nj->n", rows, product, rows), X, np.zeros(18), num_samples=120
        )
        pairs = X[:, :, None] * product * X[:, None, :]
        np.testing.assert_allclose(found.values, (pairs.sum(axis=1) + pairs.sum(axis=2)) / 2, atol=1e-9)

    def test_features_as_at_the_baseline_are_worth_exactly_nothing_missing_ones_too(self):
        X = np.array([[np.nan, 1.0, 5.0], [2.0, 0.0, 5.0]])
        found = kernel_shapley(
            lambda rows: np.nan_to_num(rows, nan=9.0).prod(axis=1), X, [np.nan, 0.0, 5.0], num_samples=6
        )
        assert (found.values[:, 2] == 0).all()
        assert found.values[0].tolist() == [0, 45, 0]
        assert found.values[1].tolist() == [0, 0, 0]

    def test_the_model_is_asked_in_blocks(self, model, monkeypatch):
        _, X, baseline, predict = model
        at_once = kernel_shapley(predict, X[:30], baseline, num_samples=200)
        monkeypatch.setattr("xgoals.explain.kernel.BLOCK_ROWS", 1000)
        lengths = []

        def counted(rows):
            lengths.append(len(rows))
            return predict(rows)

        in_blocks = kernel_shapley(counted, X[:30], baseline, num_samples=200)
        np.testing.assert_allclose(in_blocks.values, at_once.values, atol=1e-12)
        assert max(lengths) <= 1000
        assert sum(lengths) == in_blocks.n_predictions

    def test_no_shots(self, model):
        _, X, baseline, predict = model
        found = kernel_shapley(predict, X[:0], baseline)
        assert found.values.shape == found.standard_errors.shape == (0, 13)
        assert found.global_values.tolist() == [0] * 13


class TestParameters:
    def test_the_seed_decides(self, model):
        _, X, baseline, predict = model
        first, again, other = (
            kernel_shapley(predict, X[:5], baseline, num_samples=100, seed=seed).values for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        assert np.abs(first - other).max() > 1e-6

    @pytest.mark.parametrize(
        ("agg_method", "expected"), [("mean_abs", 8 / 3), ("median", 1.0), ("mean_sq", 30 / 3)]
    )
    def test_aggregations(self, agg_method, expected):
        X = np.array([[1.0, 0.0], [-2.0, 0.0], [5.0, 0.0]])
        found = kernel_shapley(lambda rows: rows[:, 0], X, [0.0, 0.0], agg_method=agg_method)
        np.testing.assert_allclose(found.global_values, [expected, 0])

    def test_use_logit_takes_the_logit_of_the_mean(self):
        found = kernel_shapley(
            lambda rows: rows[:, 0], [[0.5]], [[0.1], [0.3]], use_logit=True, num_samples=2
        )
        assert found.base_value == pytest.approx(np.log(0.2 / 0.8))
        np.testing.assert_allclose(found.values, [[-np.log(0.2 / 0.8)]])

    def test_use_logit_keeps_certainty_finite(self):
        found = kernel_shapley(lambda rows: rows[:, 0], [[1.0]], [[0.0]], use_logit=True)
        assert np.isfinite(found.values).all()


class TestDesign:
    @pytest.mark.parametrize(
        ("k", "budget"), [(2, 5), (3, 3), (4, 7), (7, 20), (12, 500), (17, 500), (40, 300)]
    )
    def test_no_coalition_comes_twice_nor_with_its_complement(self, k, budget):
        pairs = draw_pairs(k, budget, np.random.default_rng(0))
        both = np.concatenate([pairs.masks, ~pairs.masks])
        assert len(np.unique(both, axis=0)) == len(both) <= 2 * budget
        assert len(pairs.masks) >= min(budget, 2 ** (k - 1) - 1) - k

    @pytest.mark.parametrize(("k", "budget"), [(4, 7), (9, 60), (17, 500)])
    def test_each_size_has_the_weight_that_the_kernel_gives_it(self, k, budget):
        pairs = draw_pairs(k, budget, np.random.default_rng(0))
        size = pairs.masks.sum(axis=1)
        for s in range(1, k // 2 + 1):
            share = (k - 1) / (s * (k - s)) / (2 if 2 * s == k else 1)
            assert pairs.weight[size == s].sum() == pytest.approx(share)

    def test_what_is_enumerated_leaves_nothing_unseen(self):
        pairs = draw_pairs(17, 500, np.random.default_rng(0))
        size = pairs.masks.sum(axis=1)
        assert (pairs.not_drawn[size == 1] == 0).all()
        assert (size == 1).sum() == 17
        assert (pairs.not_drawn[size == 8] > 0.9).all()

    def test_all_coalitions_of_a_size_are_drawn_equally_often(self):
        counts = np.zeros(6)
        for seed in range(600):
            pairs = draw_pairs(6, 9, np.random.default_rng(seed))
            counts += pairs.masks[pairs.masks.sum(axis=1) == 2].sum(axis=0)
        assert counts.std() / counts.mean() < 0.1

    def test_one_player_takes_it_all(self):
        pairs = draw_pairs(1, 10, np.random.default_rng(0))
        values, errors = fit(pairs, np.zeros((2, 0)), np.array([0.3, -0.1]))
        assert values.tolist() == [[0.3], [-0.1]]
        assert errors.tolist() == [[0], [0]]

    def test_number_of_coalitions(self):
        assert len(draw_pairs(10, 10**6, np.random.default_rng(0)).masks) == 2**9 - 1
        assert comb(40, 20) > 10**6  # too many to enumerate, drawn all the same
        assert len(draw_pairs(40, 10**3, np.random.default_rng(0)).masks) > 950


class TestBadInput:
    @pytest.mark.parametrize(
        ("X", "baseline", "reason"),
        [
            ([[1.0, 2.0]], [1.0], "the same columns"),
            ([1.0, 2.0], [1.0, 2.0], "the same columns"),
            ([["a", 2.0]], [1.0, 2.0], "tables of numbers"),
            ([[1.0, 2.0]], np.zeros((0, 2)), "At least one baseline row"),
        ],
    )
    def test_tables(self, X, baseline, reason):
        with pytest.raises(ModelError, match=reason):
            kernel_shapley(lambda rows: rows[:, 0], X, baseline)

    @pytest.mark.parametrize(
        "predict", [lambda rows: rows, lambda rows: rows[:1, 0], lambda rows: np.full(len(rows), np.nan)]
    )
    def test_predictions(self, predict):
        with pytest.raises(ModelError, match="one finite number a row"):
            kernel_shapley(predict, np.ones((3, 2)), [0.0, 0.0])

    def test_too_few_samples(self):
        with pytest.raises(ModelError, match="num_samples=5 cannot tell 3 features apart"):
            kernel_shapley(lambda rows: rows[:, 0], np.ones((1, 3)), np.zeros(3), num_samples=5)

    def test_an_unknown_aggregation(self):
        with pytest.raises(ValueError, match="not 'max'"):
            kernel_shapley(lambda rows: rows[:, 0], np.ones((1, 3)), np.zeros(3), agg_method="max")
