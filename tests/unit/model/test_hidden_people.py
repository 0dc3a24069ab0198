"""A shot of which little but its place is known scores what such places are worth, not like a penalty."""

import numpy as np
import pandas as pd
import pytest
import xgboost

from xgoals.features.build import build_features
from xgoals.features.catalogue import CATALOGUES, NEED_A_FRAME, NEED_A_KEEPER, NO, REST_ON, YES
from xgoals.features.scenes import Scenes
from xgoals.model import fitting
from xgoals.model.shots import unseen
from xgoals.model.shots.unseen import Taught, with_unseen
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
    monkeypatch.setattr(fitting, "with_unseen", lambda X, y, seed: Taught(X, y, None))
    assert xg_over_goals() > 1.5, "the example must show what the copies are for"


def test_the_copies_are_drawn_by_the_seed_score_like_the_others_and_are_never_penalties(shots):
    X, goal = shots
    taught = with_unseen(X, goal, 1)
    copies, outcomes, weights = taught.X.iloc[N:], taught.y[N:], taught.weight[N:]
    pd.testing.assert_frame_equal(taught.X.iloc[:N], X)
    assert (taught.weight[:N] == 1).all()
    assert (copies["Penalty"] != YES).all()
    assert (outcomes == goal[copies.index]).all()
    others = X["Penalty"] == NO
    assert outcomes.mean() == pytest.approx(goal[others].mean(), abs=0.001)
    nobody = copies[OPPONENTS].isna()
    # Ways that hide the same of these four features count once, as their largest: .06, and .015 with the kind unknown.
    assert weights[nobody].sum() / others.sum() == pytest.approx(0.075, abs=0.001), "copies without a frame"
    assert (copies[KEEPER].isna() & ~nobody).any(), "and some without a keeper alone"
    again, other = (with_unseen(X, goal, seed).X for seed in (1, 2))
    pd.testing.assert_frame_equal(again, taught.X)
    assert list(other.index) != list(taught.X.index)
    order = np.random.default_rng(1).permutation(N)
    shuffled = with_unseen(X.iloc[order], goal[order], 1).X
    assert list(shuffled.index[N:]) == list(copies.index), "drawn by what they hold, not by where they stand"


def test_a_long_history_needs_each_copy_once(shots, monkeypatch):
    X, goal = shots
    monkeypatch.setattr(unseen, "_MANY_SHOTS", 1000)
    taught = with_unseen(X, goal, 1)
    assert set(taught.weight.tolist()) == {1.0}
    monkeypatch.undo()
    assert with_unseen(X, goal, 1).weight.sum() == pytest.approx(taught.weight.sum(), rel=0.001)


def test_features_that_rest_on_nothing_are_fitted_as_they_are(shots):
    X, goal = shots[0][["DistanceToGoal"]], shots[1]
    taught = with_unseen(X, goal, 1)
    assert taught.X is X
    assert taught.y is goal
    assert taught.weight is None


@pytest.fixture(scope="module")
def struck():
    """Goals by place and by the strike, which half of the shots have of one kind."""
    rng = np.random.default_rng(3)
    X = pd.DataFrame(
        {
            "Penalty": NO,
            "DistanceToGoal": rng.uniform(5, 30, N),
            "Header": np.where(rng.random(N) < 0.2, YES, NO),
            "StrikeType": rng.integers(0, 11, N).astype(float),
            "TakerSetup": rng.integers(0, 11, N).astype(float),
            OPPONENTS: rng.exponential(1, N),
        }
    )
    log_odds = -0.5 - 0.1 * X["DistanceToGoal"] + 0.2 * (X["StrikeType"] - 5) - 0.5 * X[OPPONENTS]
    log_odds += 0.15 * (X["TakerSetup"] - 5) - 0.4 * X["Header"]
    return X, rng.random(N) < 1 / (1 + np.exp(-log_odds))


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("StrikeType",),
        ("StrikeType", OPPONENTS),
        (OPPONENTS,),
        ("TakerSetup", OPPONENTS),
        ("TakerSetup", "StrikeType", OPPONENTS),
        ("Header",),
        ("Header", OPPONENTS, "StrikeType"),
        ("Penalty",),
    ],
)
def test_whatever_a_feed_does_not_say_shots_score_the_goal_rate_of_the_rest(struck, names, struck_booster):
    X, goal = struck
    xg = predict(struck_booster, X.assign(**dict.fromkeys(names, np.nan)))
    assert xg.sum() / goal.sum() == pytest.approx(1, abs=0.08)


@pytest.fixture(scope="module")
def struck_booster(struck):
    return fitting.fit(*struck, PARAMS, 120)


@pytest.mark.parametrize("word", REST_ON)
@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_what_rests_on_a_word_is_what_is_missing_without_it(word, catalogue):
    """The copies hide what the catalogue says rests on a word; the formulas must agree."""
    shot = {
        "x_m": 40.0, "y_m": 3.0, "pitch_length_m": 105.0, "body_part": "right_foot", "shot_type": "open_play",
        "ball_control": "direct", "set_up": "open_play", "technique": "normal", "shooter_vx_ms": 1.0,
        "shooter_vy_ms": 0.0, "frame_source": "freeze_frame", "is_rebound": False,
    }  # fmt: skip
    columns = ["row", "x_m", "y_m", "is_teammate", "is_keeper"]
    people = pd.DataFrame([(0, 52.0, 0.5, False, True), (0, 46.0, 2.0, False, False)], columns=columns)
    missing = (
        build_features(Scenes(pd.DataFrame([shot | {word: "unknown"}]), people), catalogue).isna().iloc[0]
    )
    assert set(missing[missing].index) == REST_ON[word] & set(catalogue.names)


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
