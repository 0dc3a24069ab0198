"""A model of the provider's numbers: what it can say of them, told on matches that it has not seen."""

import numpy as np
import pandas as pd
import pytest

from xgoals.features.catalogue import BEST_17
from xgoals.model.surrogate import EVERYBODY, MIN_SHOTS, fit_surrogate

NAMES = list(BEST_17.names)


def shots(n, seed=1):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.normal(size=(n, len(NAMES))), columns=NAMES)


def of(X, noise=0.0):
    rng = np.random.default_rng(5)
    margin = -2 - 0.8 * X["DistanceToGoal"] + 0.5 * X["AngleToGoal"] * (X["UnblockedShare"] > 0)
    return 1 / (1 + np.exp(-(margin + noise * rng.normal(size=len(X))))).to_numpy()


@pytest.fixture(scope="module")
def case():
    X = shots(3000)
    sister = 1 + np.arange(3000) % 3
    return X, of(X), sister, fit_surrogate(X, of(X), sister, seed=3)


def test_what_the_features_say_is_found_and_noise_is_not_claimed(case):
    X, _, sister, found = case
    assert found.r2 > 0.95
    assert set(found.boosters) == {EVERYBODY, 1, 2, 3}
    assert found.n_shots == 3000
    noisy = fit_surrogate(X, of(X, noise=3.0), sister)
    assert noisy.r2 < 0.2  # nine tenths of it is noise, and none of it is learned by heart


def test_a_sister_has_not_learned_from_her_fold(case):
    X, provider_xg, sister, found = case
    changed = np.where(sister == 2, 0.9, provider_xg)
    again = fit_surrogate(X, changed, sister, seed=3)
    assert again.boosters[2].save_raw() == found.boosters[2].save_raw()
    assert again.boosters[1].save_raw() != found.boosters[1].save_raw()


def test_the_same_shots_in_another_order_make_the_same_surrogate(case):
    X, provider_xg, sister, found = case
    order = np.random.default_rng(0).permutation(len(X))
    again = fit_surrogate(X.iloc[order], provider_xg[order], sister[order], seed=3)
    assert {n: b.save_raw() for n, b in again.boosters.items()} == {
        n: b.save_raw() for n, b in found.boosters.items()
    }


def test_too_few_shots_or_one_sister_or_a_constant_make_none():
    X = shots(MIN_SHOTS)
    sister = 1 + np.arange(MIN_SHOTS) % 2
    assert fit_surrogate(X[:-1], of(X)[:-1], sister[:-1]) is None
    assert fit_surrogate(X, of(X), np.ones(MIN_SHOTS, dtype=np.int64)) is None
    assert fit_surrogate(X, np.full(MIN_SHOTS, 0.1), sister) is None
    assert fit_surrogate(X, of(X), sister) is not None


def test_a_provider_that_says_none_and_one_is_no_outlier_without_end():
    X = shots(MIN_SHOTS)
    provider_xg = of(X)
    provider_xg[:2] = 0.0, 1.0
    assert fit_surrogate(X, provider_xg, 1 + np.arange(MIN_SHOTS) % 2).r2 > 0.7
