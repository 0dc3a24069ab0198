"""A shot of which nothing but its place is known scores what such places are worth, not like a penalty."""

import numpy as np
import pandas as pd
import pytest
import xgboost

from xgoals.features.build import build_features
from xgoals.features.catalogue import CATALOGUES, NEED_A_FRAME, NEED_A_KEEPER, NO, YES
from xgoals.features.scenes import Scenes
from xgoals.model import fitting
from xgoals.model.training import PARAMETERS

N = 12_000
PARAMS = {**PARAMETERS, "n_seeds": 2, "seed": 4}
N_TREES = 60
KEEPER, OPPONENTS = "GoalkeeperInterception", "PressureSum"


@pytest.fixture(scope="module")
def shots():
    """Goals by distance, keeper and pressure; beside them penalties."""
    rng = np.random.default_rng(2)
    X = pd.DataFrame(
        {
            "Penalty": np.where(rng.random(N) < 0.02, YES, NO),
            "DistanceToGoal": rng.uniform(5, 30, N),
            KEEPER: rng.uniform(0, 100, N),
            OPPONENTS: rng.exponential(1, N),
        }
    )
    log_odds = 1.5 - 0.12 * X["DistanceToGoal"] - 0.03 * X[KEEPER] - 0.3 * X[OPPONENTS]
    penalty = X["Penalty"] == YES
    X.loc[penalty, ["DistanceToGoal", KEEPER, OPPONENTS]] = [11.0, 0.0, 0.0]
    chance = np.where(penalty, 0.76, 1 / (1 + np.exp(-log_odds)))
    goal = rng.random(N) < chance
    return X, goal


@pytest.fixture(scope="module")
def booster(shots):
    return fitting.fit(*shots, PARAMS, N_TREES)


def hidden(X, *names):
    shots = X[X["Penalty"] == NO].copy()
    shots[list(names)] = np.nan
    return shots


def predict(booster, X):
    return booster.predict(xgboost.DMatrix(X))


@pytest.mark.parametrize("names", [(KEEPER, OPPONENTS), (KEEPER,)])
def test_shots_without_people_score_the_goal_rate_of_their_place(shots, booster, names):
    X, goal = shots
    xg, goal = predict(booster, hidden(X, *names)), goal[X["Penalty"] == NO]
    assert xg.sum() / goal.sum() == pytest.approx(1, abs=0.15)
    distance = X.loc[X["Penalty"] == NO, "DistanceToGoal"]
    for near, far in ((5, 12), (12, 20), (20, 30)):
        there = distance.between(near, far).to_numpy()
        assert 0.5 < xg[there].mean() / goal[there].mean() < 2


def test_without_people_the_nearer_shot_is_the_better_one(booster):
    line = pd.DataFrame({"Penalty": NO, "DistanceToGoal": [6.0, 11.0, 16.0, 21.0, 26.0]})
    xg = predict(booster, line.assign(**{KEEPER: np.nan, OPPONENTS: np.nan}))
    assert (np.diff(xg) < 0).all()
    assert xg.max() < 0.5, "no shot without a frame is like a penalty"


def test_a_handful_of_odd_shots_does_not_decide_where_missing_keepers_go(shots, monkeypatch):
    """Eight goals past nobody are all that training knows of missing keepers: the way real data are."""
    X, goal = shots[0].copy(), shots[1]
    X.loc[np.flatnonzero((X["Penalty"] == NO) & goal)[:8], KEEPER] = np.nan
    without_keeper, n_goals = hidden(X, KEEPER), goal[X["Penalty"] == NO].sum()

    def xg_over_goals():
        return predict(fitting.fit(X, goal, PARAMS, N_TREES), without_keeper).sum() / n_goals

    assert xg_over_goals() < 1.3
    monkeypatch.setattr(fitting, "HIDDEN_SHARE", 0.0)
    assert xg_over_goals() > 1.5, "the example must show what the copies are for"


def test_the_copies_are_few_drawn_by_the_seed_and_never_penalties(shots):
    X, goal = shots
    seen, outcomes = fitting._with_hidden_people(X, goal, 1)
    copies = seen.iloc[N:]
    n = round(fitting.HIDDEN_SHARE * (X["Penalty"] == NO).sum())
    assert len(copies) == 2 * n == len(outcomes) - N
    pd.testing.assert_frame_equal(seen.iloc[:N], X)
    assert (copies["Penalty"] == NO).all()
    assert copies[KEEPER].isna().all()
    assert copies[OPPONENTS].isna().sum() == n, "half of them lack the keeper only"
    assert copies.index.is_unique
    assert (outcomes[N:] == goal[copies.index]).all()
    again, other = (fitting._with_hidden_people(X, goal, seed)[0] for seed in (1, 2))
    pd.testing.assert_frame_equal(again, seen)
    assert list(other.index) != list(seen.index)
    order = np.random.default_rng(1).permutation(N)
    shuffled = fitting._with_hidden_people(X.iloc[order], goal[order], 1)[0]
    assert list(shuffled.index[N:]) == list(copies.index), "drawn by what they hold, not by where they stand"


def test_features_that_need_nobody_are_fitted_as_they_are(shots):
    X, goal = shots[0][["Penalty", "DistanceToGoal"]], shots[1]
    assert fitting._with_hidden_people(X, goal, 1) == (X, goal)


def test_what_needs_a_frame_is_what_is_missing_without_one():
    """The groups of the catalogue say it; the formulas must agree."""
    shot = {
        "x_m": 40.0, "y_m": 3.0, "pitch_length_m": 105.0, "body_part": "right_foot", "shot_type": "open_play",
        "ball_control": "other", "set_up": "open_play", "technique": "normal", "shooter_vx_ms": 1.0,
        "shooter_vy_ms": 0.0, "frame_source": "none", "is_rebound": False,
    }  # fmt: skip
    nobody = pd.DataFrame(columns=["row", "x_m", "y_m", "is_teammate", "is_keeper"])
    one_opponent = pd.DataFrame([(0, 45.0, 1.0, False, False)], columns=nobody.columns)
    for people, needed in ((nobody, NEED_A_FRAME), (one_opponent, NEED_A_KEEPER)):
        scenes = Scenes(pd.DataFrame([shot]), people)
        for catalogue in CATALOGUES.values():
            missing = build_features(scenes, catalogue).isna().iloc[0]
            assert set(missing[missing].index) == needed & set(catalogue.names)
