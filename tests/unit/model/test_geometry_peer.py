"""The geometry-only peer: knows place and header, learns from the other folds, and says nothing where it cannot."""

import numpy as np
import pandas as pd
import pytest

from xgoals.model.peers.geometry import geometry_predictions


@pytest.fixture
def shots():
    rng = np.random.default_rng(1)
    distance = rng.uniform(3, 35, 2000)
    return pd.DataFrame({
        "x_m": 52.5 - distance, "y_m": 0.0, "pitch_length_m": 105.0, "is_penalty": False,
        "shot_type": "open_play",
        "body_part": np.where(rng.random(2000) < 0.2, "head", "left_foot"),
        "is_goal": rng.random(2000) < 1 / (1 + np.exp(0.15 * distance - 0.5)),
    })  # fmt: skip


FOLDS = [(np.arange(1000, 2000), np.arange(1000)), (np.arange(1000), np.arange(1000, 2000))]


def test_nearer_is_better_and_the_sum_is_right(shots):
    xg = geometry_predictions(shots, FOLDS)
    near, far = (xg[(shots["x_m"] > 42) == side].mean() for side in (True, False))
    assert near > 2 * far
    assert xg.sum() == pytest.approx(shots["is_goal"].sum(), rel=0.12)


def test_a_fold_learns_from_the_others_only_and_never_from_penalties(shots):
    before = geometry_predictions(shots, FOLDS)
    turned = shots.assign(is_goal=shots["is_goal"] ^ (np.arange(2000) < 1000))
    after = geometry_predictions(turned, FOLDS)
    np.testing.assert_array_equal(before[:1000], after[:1000])
    assert not np.allclose(before[1000:], after[1000:])
    with_penalties = shots.assign(is_penalty=np.arange(2000) % 4 == 0)
    all_scored = with_penalties.assign(is_goal=shots["is_goal"] | with_penalties["is_penalty"])
    np.testing.assert_array_equal(
        geometry_predictions(all_scored, FOLDS), geometry_predictions(with_penalties, FOLDS)
    )


def test_without_a_place_or_goals_to_learn_from_there_is_no_prediction(shots):
    some = shots.assign(x_m=shots["x_m"].where(np.arange(2000) != 5))
    assert np.flatnonzero(np.isnan(geometry_predictions(some, FOLDS))).tolist() == [5]
    one_side = shots.assign(is_goal=shots["is_goal"] & (np.arange(2000) < 1000))
    assert np.isnan(geometry_predictions(one_side, FOLDS)).tolist() == [True] * 1000 + [False] * 1000
    assert np.isnan(geometry_predictions(shots, FOLDS[:1])[1000:]).all()
