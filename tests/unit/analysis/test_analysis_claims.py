"""Each claim on data made to hold it, to break it, and too few to say."""

import numpy as np
import pytest
from by_hand import evidence

from xgoals.analysis.article import claims
from xgoals.analysis.dependence import Band, Dependence
from xgoals.analysis.goal_rate import goal_rate

N = 400


RAMP = np.linspace(0, 1, N)
ANGLE = 5 + 90 * RAMP
HALF = np.arange(N) % 2 == 0


def test_top_three_in_any_order():
    order = ["DistanceToGoal", "AngleToGoal", "DistanceToGoalClosest", "Header"]
    found = claims.top_three(evidence({"x": [1]}, used=order))
    assert found.holds is True
    assert [found.numbers[key] for key in ("angle", "distance", "closest")] == [2, 1, 3]
    assert claims.top_three(evidence({"x": [1]}, used=order[::-1])).holds is False
    assert claims.top_three(evidence({"x": [1]}, used=order[:3])).holds is None  # three of three say nothing
    others = [*order[:2], "Header", "FootShot"]
    assert claims.top_three(evidence({"x": [1]}, used=others)).holds is None


@pytest.mark.parametrize(("least", "holds"), [(0.95, True), (0.5, False), (None, None)])
def test_stability(least, holds):
    e = evidence({"x": [1]}, least_agreement=least)
    assert claims.stable_over_seasons(e).holds is holds
    assert claims.stable_over_clubs(e).holds is holds


def test_the_angle_turns():
    turning = {"AngleToGoal": ANGLE, "shap_AngleToGoal": (ANGLE - 25) / 100}
    assert claims.angle_turns_at_25(evidence(turning)).holds is True
    assert claims.angle_turns_at_25(evidence({**turning, "shap_AngleToGoal": ANGLE})).holds is False
    few = {key: value[-40:] for key, value in turning.items()}
    assert claims.angle_turns_at_25(evidence(few)).holds is None


def test_far_is_far():
    distance = np.tile(np.linspace(5, 40, N), 2)
    flat = np.where(distance < 20, (20 - distance) / 50, 0.0)
    assert (
        claims.far_is_far(evidence({"DistanceToGoal": distance, "shap_DistanceToGoal": flat})).holds is True
    )
    falling = {"DistanceToGoal": distance, "shap_DistanceToGoal": -distance}
    found = claims.far_is_far(evidence(falling))
    assert found.holds is False
    assert found.numbers["far"] == pytest.approx(12.5, abs=0.2)


def test_monotone_distance():
    def bands(means):
        rows = tuple(Band(1.0, 1.0, 1.0, goal_rate(1, 9), mean) for mean in means)
        row = Dependence({"name": "DistanceToGoalClosest"}, "bands", rows, 0)
        return evidence({"x": [1]}, dependence=(row,))

    assert claims.closest_is_monotone(bands([5, 4, 3, 2, 1])).holds is True
    assert claims.closest_is_monotone(bands([5, 1, 4, 2, 3])).holds is False
    assert claims.closest_is_monotone(bands([2, 1])).holds is None


def test_headers_free_kicks_and_what_is_usual():
    data = {
        "Header": np.where(HALF, 1.0, -1.0),
        "FreeKick": np.where(HALF, 1.0, -1.0),
        "FootShot": np.where(HALF, -1.0, 1.0),
        "shap_Header": np.where(HALF, -0.1, 0.0),
        "shap_FreeKick": np.where(HALF, 0.1, 0.0),
        "shap_FootShot": np.where(HALF, -0.1, 0.001),
    }
    assert claims.header_and_free_kick(evidence(data)).holds is True
    assert claims.usual_says_nothing(evidence(data)).holds is True
    loud = evidence({**data, "shap_FootShot": np.full(N, 0.02), "shap_Header": np.full(N, 0.1)})
    assert claims.header_and_free_kick(loud).holds is False
    assert claims.usual_says_nothing(loud).holds is False
    assert claims.usual_says_nothing(evidence({**data, "shap_FootShot": 0.0}, used=["Header"])).holds is None


def test_close_goals_and_narrow_headers():
    data = {
        "DistanceToGoal": 5.0,
        "AngleToGoal": np.where(RAMP < 0.9, 60.0, 20.0),
        "is_goal": True,
        "Header": 1.0,
    }
    assert claims.close_goals_are_wide(evidence(data)).holds is True
    assert claims.few_narrow_headers_score(evidence(data)).holds is True
    narrow = {**data, "AngleToGoal": np.full(N, 20.0)}
    assert claims.close_goals_are_wide(evidence(narrow)).holds is False
    assert claims.few_narrow_headers_score(evidence(narrow)).holds is False
    none = {**data, "is_goal": np.zeros(N, dtype=bool)}
    assert claims.close_goals_are_wide(evidence(none)).holds is None
    assert claims.few_narrow_headers_score(evidence(none)).holds is None


def test_wide_angles_and_defenders():
    data = {"AngleToGoal": np.full(N, 60.0), "AmountOfDefenders": np.where(HALF, 1.0, 4.0)}
    helped = {**data, "shap_AngleToGoal": np.where(HALF, 0.2, 0.01)}
    assert claims.wide_angle_needs_few_defenders(evidence(helped)).holds is True
    assert claims.wide_angle_needs_few_defenders(evidence({**data, "shap_AngleToGoal": 0.2})).holds is False


def test_pressure_and_closeness():
    data = {"DistanceToGoal": np.full(N, 5.0), "PressureSum": RAMP}
    turning = {**data, "shap_DistanceToGoal": 0.5 - RAMP}
    assert claims.pressure_turns_closeness(evidence(turning)).holds is True
    assert (
        claims.pressure_turns_closeness(evidence({**data, "shap_DistanceToGoal": 0.1 + RAMP})).holds is False
    )
    assert claims.pressure_turns_closeness(evidence({**turning, "PressureSum": np.nan})).holds is None


def test_headers_at_equal_angles():
    data = {"AngleToGoal": np.full(N, 40.0), "Header": np.where(HALF, 1.0, -1.0)}
    found = claims.header_at_equal_angle(evidence({**data, "is_goal": ~HALF & (np.arange(N) % 4 == 1)}))
    assert found.holds is True
    assert found.numbers == {"header": 0.0, "foot": 0.5}
    assert claims.header_at_equal_angle(evidence({**data, "is_goal": np.arange(N) % 4 < 2})).holds is False
    assert claims.header_at_equal_angle(evidence({**data, "AngleToGoal": np.full(N, 10.0)})).holds is None


def test_slow_and_fast_shooters():
    data = {"AngleToGoal": np.full(N, 40.0), "PlayerSpeed": 30 * RAMP}
    assert claims.slow_is_less_likely(evidence({**data, "is_goal": RAMP > 0.7})).holds is True
    assert claims.slow_is_less_likely(evidence({**data, "is_goal": HALF})).holds is False
    assert (
        claims.slow_is_less_likely(evidence({**data, "PlayerSpeed": np.nan, "is_goal": HALF})).holds is None
    )


def test_pressure_values():
    small, large = np.full(N, 0.001), np.full(N, 0.1)
    both = {"shap_PressureSum": small, "shap_PressureMax": small}
    assert claims.pressure_clusters_at_zero(evidence(both)).holds is True
    assert claims.pressure_clusters_at_zero(evidence({**both, "shap_PressureMax": large})).holds is False
    one = claims.pressure_clusters_at_zero(evidence(both, used=["PressureSum"]))
    assert one.holds is None
    assert one.numbers["sum"] == 1.0
    assert claims.pressure_clusters_at_zero(evidence(both, used=["Header"])).numbers == {}


def test_pressure_value_and_place():
    n = 1200
    rng = np.random.default_rng(1)
    pressure, angle = np.linspace(0, 1, n), rng.random(n)
    data = {"DistanceToGoal": rng.random(n), "AngleToGoal": angle, "PressureSum": pressure}
    # pressure alone moves its value, from 0 to -1: what is left to the place is what pressure does within a tenth
    free = claims.pressure_value_hardly_follows_place(evidence({**data, "shap_PressureSum": -pressure}))
    assert free.holds is True
    assert max(free.numbers.values()) < 0.1
    # where the angle is narrow the value is half as large: at the most pressed tenth that is half of the whole
    halved = np.where(angle < 0.5, -pressure / 2, -pressure)
    tied = claims.pressure_value_hardly_follows_place(evidence({**data, "shap_PressureSum": halved}))
    assert tied.holds is False
    assert tied.numbers["angle"] == pytest.approx(0.475 / 0.675, abs=0.05)  # means .025 to .7 over the tenths
    assert tied.numbers["distance"] < 0.25
    few = {key: value[:300] for key, value in {**data, "shap_PressureSum": halved}.items()}
    assert claims.pressure_value_hardly_follows_place(evidence(few)).holds is None
    unused = evidence({**data, "shap_PressureSum": halved}, used=["Header"])
    assert claims.pressure_value_hardly_follows_place(unused).holds is None


def test_a_wide_angle_under_pressure():
    rng = np.random.default_rng(1)
    data = {"AngleToGoal": rng.random(N), "PressureSum": RAMP}
    falling = {**data, "shap_PressureSum": -data["AngleToGoal"]}
    assert claims.pressed_wide_angle_loses(evidence(falling)).holds is True
    rising = {**data, "shap_PressureSum": data["AngleToGoal"]}
    assert claims.pressed_wide_angle_loses(evidence(rising)).holds is False
    assert claims.pressed_wide_angle_loses(evidence(falling, used=["Header"])).holds is None


def test_best_chances():
    data = {"DistanceToGoal": RAMP, "PressureSum": 1 - RAMP, "xg": 0.5}
    assert claims.best_chances_trade(evidence(data)).holds is True
    assert claims.best_chances_trade(evidence({**data, "PressureSum": RAMP})).holds is False
    assert claims.best_chances_trade(evidence({**data, "xg": 0.1})).holds is None


def test_the_base_value_is_not_simply_the_average():
    def verdict(**base):
        return claims.base_value_is_the_average(evidence({"x": [1]}, **base)).holds

    assert verdict() is False  # 0.09 against 0.1
    assert verdict(prediction_at_baseline=0.098) is True
    assert verdict(prediction_at_baseline=0.098, mean_prediction=None) is None
