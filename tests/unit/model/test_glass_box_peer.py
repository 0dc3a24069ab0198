"""The glass-box peer: it learns where it may, is the same twice, and never costs a training."""

import sys

import numpy as np
import pandas as pd
import pytest

from xgoals.model.evaluation import evaluate, without_peer
from xgoals.model.peers import glass_box as glass_box_peer
from xgoals.model.peers.glass_box import glass_box

NAMES = ["AngleToGoal", "Penalty", "PlayerSpeed"]


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(2)
    angle = np.round(rng.uniform(15, 90, 600))
    shots = pd.DataFrame({"AngleToGoal": angle, "Penalty": -1.0, "PlayerSpeed": np.nan})
    shots["is_goal"] = rng.random(600) < angle / 120
    shots.loc[:30, "AngleToGoal"] = np.nan
    shots.loc[590:, "Penalty"] = 1.0
    return shots


@pytest.fixture(scope="module")
def folds():
    rows = np.arange(600)
    return [(rows[rows % 2 != k], rows[rows % 2 == k]) for k in (0, 1)]


@pytest.fixture(scope="module")
def peer(frame, folds):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(glass_box_peer, "MIN_SHOTS", 600)
        return glass_box(frame, NAMES, folds, seed=3)


def test_every_shot_is_predicted_by_a_fit_that_has_not_seen_it(peer, frame):
    assert peer.note is None
    assert not np.isnan(peer.predicted).any()
    goals = frame["is_goal"].to_numpy()
    known = frame["AngleToGoal"].notna().to_numpy()
    assert peer.predicted[goals & known].mean() > peer.predicted[~goals & known].mean() + 0.05


def test_the_same_shots_and_seed_make_the_same_peer(peer, frame, folds, monkeypatch):
    monkeypatch.setattr(glass_box_peer, "MIN_SHOTS", 600)
    again = glass_box(frame, NAMES, folds, seed=3)
    np.testing.assert_array_equal(again.predicted, peer.predicted)
    assert again.shape == peer.shape


def test_its_curve_has_the_missing_value_first_and_adds_up_to_nothing(peer, frame):
    steps = [step for step in peer.shape if step.feature == "AngleToGoal"]
    missing, *others = steps
    assert missing.value_from is None is missing.value_to
    assert missing.n_shots == 31
    assert others[0].value_from is None
    assert others[-1].value_to is None
    assert [step.value_to for step in others[:-1]] == [step.value_from for step in others[1:]]
    assert others[-1].log_odds > others[0].log_odds, "a wider angle is worth more"
    assert sum(step.n_shots for step in steps) == 590, "penalties teach nothing"
    mean = sum(step.log_odds * step.n_shots for step in steps) / 590
    assert mean == pytest.approx(0, abs=1e-6)
    assert "PlayerSpeed" not in {step.feature for step in peer.shape}, "nothing is known of it"


def test_too_few_shots_a_missing_library_and_a_failure_are_notes(frame, folds, monkeypatch):
    few = glass_box(frame, NAMES, folds, seed=3)
    assert few.note == "600 shots: fewer than 5000, too few for a glass-box peer"
    assert np.isnan(few.predicted).all()
    assert few.shape == ()
    monkeypatch.setattr(glass_box_peer, "MIN_SHOTS", 600)
    one_kind = glass_box(frame.assign(is_goal=True), NAMES, folds, seed=3)
    assert one_kind.note is None or "failed" in one_kind.note
    monkeypatch.setitem(sys.modules, "interpret.glassbox", None)
    absent = glass_box(frame, NAMES, folds, seed=3)
    assert "the glass-box peer failed (ModuleNotFoundError" in absent.note


def test_it_is_compared_over_all_shots_and_in_no_slice():
    rng = np.random.default_rng(0)
    chance = rng.uniform(0.05, 0.6, 800)
    shots = pd.DataFrame({
        "match_id": (np.arange(800) // 20).astype(str), "competition": "League", "season": "1", "team": "Reds",
        "body_part": "head", "shot_type": "open_play", "is_goal": rng.random(800) < chance, "is_penalty": False,
        "x_m": 45.0, "y_m": 0.0, "pitch_length_m": 105.0, "provider_xg": np.nan,
    })  # fmt: skip
    forecast = pd.DataFrame({"model": chance, "geometry": 0.2})
    with_peer = evaluate(shots, {"out_of_fold": forecast.assign(glass_box=chance * 0.9)})
    of_peer = with_peer[
        (with_peer["forecaster"] == "glass_box") | (with_peer["compared_with"] == "glass_box")
    ]
    assert set(of_peer["slice"]) == {"all"}
    assert of_peer["value"].notna().any()
    difference = of_peer[(of_peer["compared_with"] == "glass_box") & (of_peer["metric"] == "log_loss")].iloc[
        0
    ]
    assert difference["value"] < 0
    assert difference["low"] < difference["value"] < difference["high"]
    rest = with_peer.drop(of_peer.index).reset_index(drop=True)
    alone = evaluate(shots, {"out_of_fold": forecast})
    pd.testing.assert_frame_equal(rest, alone, check_dtype=False)

    told = without_peer(alone, "too few")
    assert set(told["metric"]) == {"log_loss", "auc", "brier"}
    assert set(told["note"]) == {"too few"}
    assert told["value"].isna().all()
    assert set(told["compared_with"]) == {"glass_box"}
