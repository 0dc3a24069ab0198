"""What must hold of exact Shapley values for any model, whatever its numbers are."""

import numpy as np
import pytest
import xgboost as xgb
from hypothesis import given, settings
from hypothesis import strategies as st
from shapley_oracle import edited, random_case, renumbered, thresholds

from xgoals.explain import exact_shapley
from xgoals.explain.for_shap import import_shap

seeds = st.integers(min_value=10_000, max_value=10_000_000)
spaces = st.sampled_from(["probability", "log_odds"])
some_models = settings(max_examples=25, deadline=None)


@some_models
@given(seeds, spaces, st.randoms(use_true_random=False))
def test_permuted_columns_permute_the_values(seed, space, random):
    booster, shots, baseline = random_case(seed)
    new_column = random.sample(range(shots.shape[1]), shots.shape[1])

    def permute(model):
        model["trees"] = [renumbered(tree, new_column) for tree in model["trees"]]

    permuted_shots, permuted_baseline = np.empty_like(shots), np.empty_like(baseline)
    permuted_shots[:, new_column], permuted_baseline[new_column] = shots, baseline
    plain = exact_shapley(booster, shots, baseline, space=space, interactions=True)
    permuted = exact_shapley(
        edited(booster, permute), permuted_shots, permuted_baseline, space=space, interactions=True
    )
    np.testing.assert_allclose(permuted.values[:, new_column], plain.values, atol=1e-12)
    np.testing.assert_allclose(
        permuted.interactions[:, new_column][:, :, new_column], plain.interactions, atol=1e-12
    )


@some_models
@given(seeds.filter(lambda seed: random_case(seed)[1].shape[1] > 1), spaces)
def test_features_in_the_same_role_have_the_same_value(seed, space):
    """Add to every tree its twin with columns 0 and 1 swapped, and give both columns the same values."""
    booster, shots, baseline = random_case(seed)
    swap = np.arange(shots.shape[1])
    swap[[0, 1]] = 1, 0

    def add_twins(model):
        model["trees"] += [renumbered(tree, swap) for tree in model["trees"]]

    shots[:, 1], baseline[1] = shots[:, 0], baseline[0]
    found = exact_shapley(edited(booster, add_twins), shots, baseline, space=space, interactions=True)
    np.testing.assert_allclose(found.values[:, 0], found.values[:, 1], atol=1e-12)
    np.testing.assert_allclose(found.interactions[:, 0, 2:], found.interactions[:, 1, 2:], atol=1e-12)


@some_models
@given(seeds, spaces)
def test_a_feature_that_no_tree_can_tell_apart_is_worth_exactly_nothing(seed, space):
    booster, shots, baseline = random_case(seed)
    used = {column for column, _ in thresholds(booster)}
    shots[:, 0] = baseline[0]
    found = exact_shapley(booster, shots, baseline, space=space, interactions=True)
    dummies = [0, *(column for column in range(shots.shape[1]) if column not in used)]
    assert (found.values[:, dummies] == 0).all()
    assert (found.interactions[:, dummies] == 0).all()


@some_models
@given(seeds, spaces)
def test_the_baseline_explained_against_itself_is_nothing_at_all(seed, space):
    booster, _, baseline = random_case(seed)
    found = exact_shapley(booster, baseline[None, :], baseline, space=space)
    assert (found.values == 0).all()
    assert found.predictions[0] == pytest.approx(found.base_value, abs=1e-14)


@some_models
@given(seeds, spaces)
def test_shot_and_baseline_in_each_others_place_turn_the_signs(seed, space):
    booster, shots, baseline = random_case(seed)
    there = exact_shapley(booster, shots[:1], baseline, space=space, interactions=True)
    back = exact_shapley(booster, baseline[None, :], shots[0], space=space, interactions=True)
    np.testing.assert_allclose(back.values, -there.values, atol=1e-12)
    assert there.base_value == pytest.approx(back.predictions[0], abs=1e-12)


@some_models
@given(seeds)
def test_log_odds_of_two_forests_add_up(seed):
    booster, shots, baseline = random_case(seed)
    half = int(booster.num_boosted_rounds()) // 2
    if half == 0:
        return
    whole, first, second = (
        exact_shapley(part, shots, baseline, space="log_odds", interactions=True)
        for part in (booster, booster[:half], booster[half:])
    )
    np.testing.assert_allclose(whole.values, first.values + second.values, atol=1e-11)
    np.testing.assert_allclose(whole.interactions, first.interactions + second.interactions, atol=1e-11)


@some_models
@given(seeds)
def test_log_odds_are_those_of_shap_with_one_baseline(seed):
    booster, shots, baseline = random_case(seed)
    booster = edited(booster, lambda model: None)  # shap reads no parallel trees: make them rounds
    found = exact_shapley(booster, shots, baseline, space="log_odds")
    explainer = import_shap().TreeExplainer(booster, baseline[None, :], feature_perturbation="interventional")
    np.testing.assert_allclose(found.values, explainer.shap_values(shots), atol=3e-5)


@some_models
@given(seeds, spaces, st.integers(min_value=-3, max_value=3))
def test_values_are_compared_as_float32(seed, space, half_steps):
    """A float64 next to a threshold counts as the float32 it rounds to, as it does in XGBoost."""
    booster, shots, baseline = random_case(seed)
    splits = thresholds(booster)
    if not splits:
        return
    column, threshold = splits[seed % len(splits)]
    shots[:, column] = np.float64(threshold) + half_steps * np.spacing(threshold).astype(float) / 4
    found = exact_shapley(booster, shots, baseline, space=space)
    rounded = exact_shapley(booster, shots.astype(np.float32), baseline, space=space)
    np.testing.assert_array_equal(found.values, rounded.values)
    predicted = booster.predict(xgb.DMatrix(shots), output_margin=space == "log_odds")
    np.testing.assert_allclose(found.predictions, predicted, atol=2e-5)
