"""Who teaches and who is judged: no penalty, and no dead ball from beside the goal, by features and by places alike."""

import numpy as np
import pandas as pd
import pytest

from xgoals.features.catalogue import NO, STRIKE_CODES, YES, Strike
from xgoals.model import fitting
from xgoals.model.shots.eligible import is_judged, is_sharp_dead_ball, teaches
from xgoals.model.training import PARAMETERS

DEAD, ALIVE = (float(STRIKE_CODES[strike]) for strike in (Strike.DEAD_BALL, Strike.FIRST_TOUCH))

# From 20 m beside the goal's centre and 10 m out the goal looks 8.2 degrees wide; straight from 25 m, 16.7 degrees.
BESIDE, BEFORE = {"x_m": 42.5, "y_m": 20.0}, {"x_m": 27.5, "y_m": 0.0}
SHOTS = pd.DataFrame(
    [
        {**BESIDE, "shot_type": "free_kick", "AngleToGoal": 8.2, "FreeKick": YES, "Penalty": NO, "StrikeType": DEAD},
        {**BEFORE, "shot_type": "free_kick", "AngleToGoal": 16.7, "FreeKick": YES, "Penalty": NO, "StrikeType": DEAD},
        {**BESIDE, "shot_type": "open_play", "AngleToGoal": 8.2, "FreeKick": NO, "Penalty": NO, "StrikeType": ALIVE},
        {"x_m": 52.5, "y_m": 33.0, "shot_type": "corner", "AngleToGoal": 0.0, "FreeKick": NO, "Penalty": NO,
         "StrikeType": DEAD},
        {"x_m": 41.5, "y_m": 0.0, "shot_type": "penalty", "AngleToGoal": 36.8, "FreeKick": NO, "Penalty": YES,
         "StrikeType": DEAD},
        {"x_m": np.nan, "y_m": np.nan, "shot_type": "free_kick", "AngleToGoal": np.nan, "FreeKick": YES,
         "Penalty": NO, "StrikeType": DEAD},
    ]
).assign(pitch_length_m=105.0, is_penalty=[False, False, False, False, True, False])  # fmt: skip
EXPECTED = [False, True, True, False, False, True]


def test_features_and_places_say_the_same():
    assert is_judged(SHOTS).tolist() == teaches(SHOTS).tolist() == EXPECTED
    assert is_sharp_dead_ball(SHOTS).tolist() == [True, False, False, True, False, False]


def test_without_the_features_everything_teaches():
    assert teaches(SHOTS[["x_m"]]).all()
    assert teaches(SHOTS[["AngleToGoal"]]).all()


def test_free_kicks_from_the_corner_flag_teach_nothing_and_are_scored_by_what_other_shots_teach():
    rng = np.random.default_rng(2)
    n = 4000
    X = pd.DataFrame({
        "AngleToGoal": rng.uniform(5, 60, n), "FreeKick": np.where(rng.random(n) < 0.1, YES, NO), "Penalty": NO,
    })  # fmt: skip
    goal = rng.random(n) < X["AngleToGoal"].to_numpy() / 100
    sharp = ~teaches(X)
    params = {**PARAMETERS, "n_seeds": 1, "seed": 1}
    everybody = (np.arange(n), np.arange(n))
    by_chance = fitting.fit_and_predict(X, goal, params, 120, everybody)
    all_in = fitting.fit_and_predict(X, goal | sharp, params, 120, everybody)
    np.testing.assert_array_equal(by_chance, all_in)
    assert by_chance[sharp].mean() == pytest.approx(0.1, abs=0.05)
