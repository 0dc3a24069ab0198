"""Each claim on data made to hold it, to break it, and too few to say."""

import numpy as np
import pandas as pd
import pytest

from xgoals.language import language
from xgoals.report import claims
from xgoals.report.claims import Evidence
from xgoals.report.claims_in_words import CLAIMS, check_claims

N = 400


def evidence(frame, *, used=None, **facts):
    frame = pd.DataFrame({"is_penalty": False, "is_goal": False, "xg": 0.1, **frame})
    names = used or [column.removeprefix("shap_") for column in frame if column.startswith("shap_")]
    base = {"space": "probability", "prediction_at_baseline": 0.09, "mean_prediction": 0.1}
    importance = {"features": [{"name": name} for name in names]}
    return Evidence(frame, {"base": base, "importance": importance, **facts})


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
    e = evidence({"x": [1]}, by_season={"least_agreement": least}, by_club={"least_agreement": least})
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
        row = {"feature": {"name": "DistanceToGoalClosest"}, "rows": [{"mean": mean} for mean in means]}
        return evidence({"x": [1]}, dependence=[row])

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
    e = evidence({"x": [1]})
    assert claims.base_value_is_the_average(e).holds is False  # 0.09 against 0.1
    e.facts["base"]["prediction_at_baseline"] = 0.098
    assert claims.base_value_is_the_average(e).holds is True
    e.facts["base"]["mean_prediction"] = None
    assert claims.base_value_is_the_average(e).holds is None


def test_a_model_of_which_nothing_is_known_gets_no_verdict():
    facts = {
        **evidence({"x": [1]}).facts,
        "importance": {"features": []},
        "by_season": {"least_agreement": None},
        "by_club": {"least_agreement": None},
        "dependence": [],
        "model": {"features": []},
    }
    facts["base"]["mean_prediction"] = None
    frame = pd.DataFrame({"is_penalty": [False], "is_goal": [False], "xg": [0.1]})
    told = check_claims(frame, facts, language("en"))
    assert {claim["verdict"] for claim in told} == {"not enough data"}
    assert len(told) == len(CLAIMS) == 19
    assert all(claim["rule"] for claim in told)


STATEMENTS = [
    *("top three", "between seasons", "between clubs", "Angles under 25°", "about 20 m", "monotonically"),
    *(
        "header lowers",
        "say nothing",
        "above 45°",
        "one or two defenders",
        "little pressure",
        "At equal angle",
    ),
    *("slow shooter", "around zero", "value little", "growing pressure", "best chances", "below 25°"),
    "average xG",
]


def test_every_claim_of_the_article_is_tested_once_and_shown_in_a_picture():
    assert len(STATEMENTS) == len(CLAIMS) == 19
    for part in STATEMENTS:
        assert sum(part in claim.statement for claim in CLAIMS) == 1, part
    assert len({claim.key for claim in CLAIMS}) == 19
    assert all(claim.shown for claim in CLAIMS)


def test_a_claim_without_verdict_says_what_is_missing():
    facts = {
        **evidence({"x": [1]}, used=["Header"]).facts,
        "by_season": {"least_agreement": None},
        "by_club": {"least_agreement": None},
        "dependence": [],
        "model": {"features": []},
    }
    frame = pd.DataFrame(
        {"is_penalty": [False], "is_goal": [False], "xg": [0.1], "Header": [1.0], "shap_Header": 0.1}
    )
    told = {claim["key"]: claim["figure"] for claim in check_claims(frame, facts, language("en"))}
    assert told["claim-slow-is-less-likely"] == (
        "This model makes no use of: angle to goal and speed of the shooter."
    )
    assert told["claim-stable-over-seasons"] == "Too few shots to say."
    assert told["claim-base-value-is-the-average"].startswith("Prediction at the baseline 0.090")
