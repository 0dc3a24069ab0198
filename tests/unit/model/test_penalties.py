"""A penalty is worth a stated rate, wherever and by whichever way the model is asked; other shots notice nothing."""

import warnings

import numpy as np
import pandas as pd
import pytest
import xgboost

from xgoals.explain import exact_shapley
from xgoals.features.catalogue import BEST_17, NO, YES
from xgoals.model import fitting
from xgoals.model.calibration import Correction, built_in
from xgoals.model.shots.penalties import LONG_RUN_RATE, PRIOR_KICKS, penalty_rate, with_stated_rate
from xgoals.model.training import PARAMETERS

N, N_TREES = 2000, 20
PARAMS = {**PARAMETERS, "n_seeds": 2, "seed": 4}


@pytest.fixture(scope="module")
def window():
    """Shots with all features of the catalogue, forty penalties among them of which ten went in."""
    rng = np.random.default_rng(3)
    X = pd.DataFrame({f.name: rng.uniform(f.low, min(f.high, 100), N) for f in BEST_17.features})
    X[["Header", "FreeKick", "Penalty"]], X["FootShot"], X["PlayerSpeed"] = NO, YES, np.nan
    goal = rng.random(N) < 1 / (1 + np.exp(0.08 * X["DistanceToGoal"]))
    for feature in BEST_17.features:
        if feature.at_penalty is not None:
            X.loc[:39, feature.name] = feature.at_penalty
    X.loc[:39, ["Penalty", "StrikeType"]] = [YES, 7.0]
    goal[:40] = np.arange(40) < 10
    return X.astype(np.float32), goal.to_numpy()


def predict(booster, X):
    return booster.predict(xgboost.DMatrix(X)).astype(float)


def test_the_rate_weighs_the_window_against_thousands_of_kicks(window):
    X, goal = window
    assert penalty_rate(X, goal) == pytest.approx((0.77 * 3000 + 10) / 3040)
    assert penalty_rate(X[40:], goal[40:]) == LONG_RUN_RATE
    many = pd.DataFrame({"Penalty": np.full(100 * PRIOR_KICKS, YES)})
    assert penalty_rate(many, np.ones(len(many))) > 0.99  # so many kicks would speak for themselves


def test_every_penalty_gets_it_and_other_shots_what_they_got_without_penalties(window):
    X, goal = window
    booster = fitting.fit(X, goal, PARAMS, N_TREES)
    xg = predict(booster, X)
    assert xg[:40] == pytest.approx(penalty_rate(X, goal), abs=1e-5)
    without = predict(fitting.fit(X[40:], goal[40:], PARAMS, N_TREES), X[40:])
    np.testing.assert_allclose(xg[40:], without, atol=1e-6)
    assert booster.num_boosted_rounds() == 2 * N_TREES


def test_what_no_kick_has_is_missing_and_nobody_warns_of_it(window, monkeypatch):
    """pandas silences NumPy by a switch of the whole process, which sisters that are fitted at once set back."""
    X, goal = window
    assert X.loc[:39, "PlayerSpeed"].isna().all()
    booster = fitting.fit(X[40:], goal[40:], PARAMS, N_TREES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        monkeypatch.setattr(warnings, "filterwarnings", lambda *_, **__: None)
        stated = with_stated_rate(booster, X, goal)
    assert predict(stated, X[:40]) == pytest.approx(penalty_rate(X, goal), abs=1e-5)


def test_a_window_without_penalties_knows_them_all_the_same(window):
    X, goal = window
    booster = fitting.fit(X[40:], goal[40:], PARAMS, N_TREES)
    assert predict(booster, X[:40]) == pytest.approx(LONG_RUN_RATE, abs=1e-5)


def test_what_a_fold_predicts_is_what_its_model_would(window):
    X, goal = window
    learn, judge = np.arange(20, N), np.arange(200)
    folded = fitting.fit_and_predict(X, goal, PARAMS, N_TREES, (learn, judge))
    booster = fitting.fit(X.iloc[learn], goal[learn], PARAMS, N_TREES)
    np.testing.assert_allclose(folded, predict(booster, X.iloc[judge]), atol=1e-5)


def test_a_correction_of_the_other_shots_leaves_it_alone(window):
    X, goal = window
    booster = fitting.fit(X, goal, PARAMS, N_TREES)
    before, after = (predict(b, X) for b in (booster, built_in(booster, Correction(1.3, -0.2))))
    assert after[:40] == pytest.approx(before[:40], abs=1e-6)
    assert np.abs(after - before)[40:].max() > 0.01


def test_the_explanation_of_a_penalty_adds_up_and_names_the_penalty(window):
    X, goal = window
    booster = fitting.fit(X, goal, PARAMS, N_TREES)
    shown = X.iloc[:2].astype(float)
    found = exact_shapley(booster, shown, X[40:].median().astype(float), space="probability")
    values = found.values  # noqa: PD011 (no DataFrame)
    np.testing.assert_allclose(values.sum(axis=1) + found.base_value, predict(booster, shown), atol=1e-6)
    assert found.feature_names[int(values[0].argmax())] == "Penalty"
    assert "Penalty" not in {n for n, gain in booster.get_score(importance_type="total_gain").items() if gain}
