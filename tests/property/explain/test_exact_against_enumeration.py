"""The engine against the definition: every coalition of hundreds of random models, asked of XGBoost itself."""

import numpy as np
import pytest
import xgboost as xgb
from shapley_oracle import (
    coalition_values,
    interactions_by_definition,
    random_case,
    shapley_by_definition,
)

from xgoals.explain import exact_shapley

# Booster.predict sums in float32; these are its errors, not ours (200 equal leaves are 5e-6 off in log-odds).
FLOAT32_SUMS = {"probability": 2e-6, "log_odds": 2e-5}
MODELS_A_BATCH = 50


def check_model(seed):
    booster, shots, baseline = random_case(seed)
    rng = np.random.default_rng(seed)
    space = ("probability", "log_odds")[seed % 2]
    tolerance = FLOAT32_SUMS[space]
    n_features = shots.shape[1]
    if seed % 10 == 0:
        shots[0] = baseline
    group_of = rng.integers(min(n_features, 4), size=n_features)
    members = {f"group {g}": np.flatnonzero(group_of == g) for g in np.unique(group_of)}
    found = exact_shapley(
        booster,
        shots,
        baseline,
        space=space,
        interactions=True,
        groups={name: [f"f{i}" for i in columns] for name, columns in members.items()},
    )
    plain = booster.predict(xgb.DMatrix(shots), output_margin=space == "log_odds")
    np.testing.assert_allclose(found.predictions, plain, atol=tolerance)
    np.testing.assert_allclose(found.base_value + found.values.sum(axis=1), found.predictions, atol=1e-12)
    np.testing.assert_allclose(found.interactions.sum(axis=2), found.values, atol=1e-12)
    np.testing.assert_array_equal(found.interactions, found.interactions.transpose(0, 2, 1))
    for row, x in enumerate(shots):
        v = coalition_values(booster, x, baseline, [[i] for i in range(n_features)], space)
        assert found.base_value == pytest.approx(v[0], abs=tolerance)
        np.testing.assert_allclose(found.values[row], shapley_by_definition(v), atol=tolerance)
        np.testing.assert_allclose(found.interactions[row], interactions_by_definition(v), atol=4 * tolerance)
        v = coalition_values(booster, x, baseline, list(members.values()), space)
        np.testing.assert_allclose(found.group_values[row], shapley_by_definition(v), atol=tolerance)


@pytest.mark.parametrize("batch", range(4))
def test_200_random_models(batch):
    for seed in range(batch * MODELS_A_BATCH, (batch + 1) * MODELS_A_BATCH):
        check_model(seed)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(4, 50))
def test_2300_more_random_models(batch):
    for seed in range(batch * MODELS_A_BATCH, (batch + 1) * MODELS_A_BATCH):
        check_model(seed)
