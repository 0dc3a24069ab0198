"""The features of `best-17` that `article-17` does not have, against numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xgoals.features.build import build_features
from xgoals.features.catalogue import ARTICLE_17, BEST_17, STRIKE_CODES, Strike
from xgoals.features.scenes import Scenes

OPPONENT = {"is_teammate": False, "is_keeper": False}
KEEPER = {"is_teammate": False, "is_keeper": True}
TEAMMATE = {"is_teammate": True, "is_keeper": False}


def value(scenes, feature, **shot):
    return build_features(scenes(shot), BEST_17)[feature].iloc[0]


def test_seventeen_features_of_which_twelve_are_the_articles():
    assert len(BEST_17.names) == len(set(BEST_17.names)) == 17
    assert set(BEST_17.names) & set(ARTICLE_17.names) == {
        "Header", "AngleToGoal", "DistanceToGoal", "DistanceToGoalClosest",
        "GoalDistanceGoalkeeper", "GoalDistanceGoalkeeperClosest",
        "FootShot", "FreeKick", "Penalty", "AmountOfDefenders", "PlayerSpeed", "PressureSum",
    }  # fmt: skip


def test_shared_names_have_the_same_definition_and_values(scenes):
    people = [(KEEPER, 48.0, 1.0), (OPPONENT, 43.0, 0.5), (TEAMMATE, 44.0, -2.0)]
    shots = scenes(
        {"people": people}, {"x_m": 30.0, "y_m": -12.0, "people": people}, {"shot_type": "penalty"}
    )
    shared = [name for name in BEST_17.names if name in ARTICLE_17.names]
    best, article = (build_features(shots, catalogue)[shared] for catalogue in (BEST_17, ARTICLE_17))
    of_best = {feature.name: feature for feature in BEST_17.features}
    of_article = {feature.name: feature for feature in ARTICLE_17.features}
    for name in shared:
        assert replace(of_best[name], per_unit=None) == of_article[name]
        half_a_step = 0.5 / (of_best[name].per_unit or np.inf)
        np.testing.assert_allclose(best[name], article[name], rtol=0, atol=half_a_step + 1e-9)


@pytest.mark.parametrize(
    ("feature", "expected"),
    [("DistanceToGoal", 13.7), ("DistanceToGoalClosest", 13.5), ("GoalDistanceGoalkeeper", 1.5),
     ("PressureNearest", 0.705)],
)  # fmt: skip
def test_values_stand_on_a_grid(scenes, feature, expected):
    """From (36.37, 1.2345): hypot(13.63, 1.2345) = 13.6858; keeper at (51.03, 0.3): hypot(1.47, .3) = 1.5003; an
    opponent 2.3649 m away: 1 - 2.3649 / 8 = .7044.
    """
    people = [(KEEPER, 48.53, 0.3), (OPPONENT, 38.7349, 1.2345)]
    shot = {"x_m": 36.37, "y_m": 1.2345, "people": people}
    if feature == "DistanceToGoalClosest":
        shot |= {"x_m": 36.54, "y_m": 3.66 + 0.7}  # hypot(13.46, .7) = 13.478
    assert value(scenes, feature, **shot) == pytest.approx(expected, abs=1e-12)


def test_no_value_lies_between_two_steps_of_its_grid(scenes):
    rng = np.random.default_rng(1)
    shots = [
        {
            "x_m": float(x),
            "y_m": float(y),
            "people": [(KEEPER, 51.0, float(y) / 3), (OPPONENT, float(x) + 2, 0.3)],
        }
        for x, y in zip(rng.uniform(20, 50, 50), rng.uniform(-15, 15, 50), strict=True)
    ]
    built = build_features(scenes(*shots), BEST_17)
    for feature in BEST_17.features:
        if feature.per_unit:
            steps = built[feature.name].dropna() * feature.per_unit
            np.testing.assert_allclose(steps, steps.round(), atol=1e-6)


def test_outfield_opponents_nearer_to_the_goal_line_are_goal_side(scenes):
    people = [
        (OPPONENT, 39.1, 30.0),  # just nearer, far out on the wing
        (OPPONENT, 49.0, 0.0),
        (OPPONENT, 39.0, 1.0),  # level
        (OPPONENT, 38.0, 0.0),
        (TEAMMATE, 45.0, 0.0),
        (KEEPER, 49.5, 0.0),
    ]
    assert value(scenes, "OpponentsGoalSide", people=people) == 2
    assert value(scenes, "OpponentsGoalSide", people=people[-1:]) == 0


def test_the_nearest_outfield_opponent_presses_from_any_side(scenes):
    crowd = [(OPPONENT, 41.0, 0.0), (OPPONENT, 45.0, 0.0), (KEEPER, 39.5, 0.0), (TEAMMATE, 39.1, 0.0)]
    assert value(scenes, "PressureNearest", people=crowd) == pytest.approx(1 - 2 / 8)
    assert value(scenes, "PressureNearest", people=[(OPPONENT, 37.0, 0.0)]) == pytest.approx(1 - 2 / 8)
    assert value(scenes, "PressureNearest", people=[(OPPONENT, 47.0, 0.0)]) == 0
    assert value(scenes, "PressureNearest", people=[(TEAMMATE, 39.1, 0.0)]) == 0


def test_interception_and_blocks_are_the_lines_weighed_by_their_angles(scenes):
    shots = scenes({"people": [(KEEPER, 48.0, 1.0), (OPPONENT, 43.0, 0.5)]})
    row = build_features(shots, BEST_17).iloc[0]
    lines = shots.lines
    for feature, probability in (
        ("GoalkeeperInterception", lines.keeper),
        ("UnblockedShare", lines.unblocked),
    ):
        share_pct = 100 * np.average(probability[0], weights=lines.width_deg[0])
        assert row[feature] == pytest.approx(share_pct, abs=0.25 + 1e-9), "to half a percent"
        assert 0 < row[feature] < 100


@pytest.mark.parametrize(
    ("words", "strike"),
    [
        ({"technique": "backheel", "ball_control": "direct"}, Strike.AWKWARD),
        ({"technique": "overhead", "ball_control": "control"}, Strike.AWKWARD),
        ({"technique": "half_volley", "ball_control": "direct"}, Strike.HALF_VOLLEY_FIRST_TOUCH),
        ({"technique": "half_volley", "ball_control": "control"}, Strike.HALF_VOLLEY),
        ({"technique": "volley", "ball_control": "volley"}, Strike.VOLLEY),
        ({"body_part": "head", "is_won_in_the_air": True, "ball_control": "direct"}, Strike.AERIAL),
        ({"body_part": "head", "is_won_in_the_air": False, "ball_control": "direct"}, Strike.FIRST_TOUCH),
        ({"is_won_in_the_air": True, "ball_control": "direct"}, Strike.FIRST_TOUCH),
        ({"technique": "diving_header", "ball_control": "direct"}, Strike.DIVING_HEADER),
        ({"technique": "lob", "ball_control": "direct"}, Strike.LOB),
        ({"ball_control": "direct"}, Strike.FIRST_TOUCH),
        ({"ball_control": "volley"}, Strike.FIRST_TOUCH),
        ({"ball_control": "control"}, Strike.CONTROLLED),
        ({"ball_control": "dribble_long"}, Strike.CONTROLLED),
        ({"ball_control": "never heard of", "technique": "never heard of"}, Strike.CONTROLLED),
        ({"ball_control": "other", "shot_type": "free_kick"}, Strike.DEAD_BALL),
        ({"ball_control": "other", "shot_type": "corner"}, Strike.DEAD_BALL),
    ],
)
def test_strike_types(scenes, words, strike):
    assert value(scenes, "StrikeType", **words) == STRIKE_CODES[strike]


@pytest.mark.parametrize(
    ("gap_s", "control", "strike"),
    [
        (0.0, "direct", Strike.FIRST_TOUCH),  # the same second: which came first is not known
        (1.0, "direct", Strike.REBOUND),
        (5.0, "direct", Strike.REBOUND),
        (5.1, "direct", Strike.FIRST_TOUCH),
        (2.0, "control", Strike.CONTROLLED),
    ],
)
def test_a_first_touch_soon_after_the_teams_previous_shot_is_a_rebound(scenes, gap_s, control, strike):
    first, second = {"period_time_s": 60.0}, {"period_time_s": 60.0 + gap_s, "ball_control": control}
    built = build_features(scenes(first, second), BEST_17)["StrikeType"].tolist()
    assert built == [STRIKE_CODES[Strike.FIRST_TOUCH], STRIKE_CODES[strike]]


def test_codes_of_strikes_are_those_of_the_catalogue():
    [feature] = [feature for feature in BEST_17.features if feature.name == "StrikeType"]
    assert feature.categories == {code: strike.value for strike, code in STRIKE_CODES.items()}
    assert (feature.low, feature.high) == (min(feature.categories), max(feature.categories))


def test_missing_place_people_and_speed_stay_missing(scenes):
    shot = {"x_m": np.nan, "y_m": np.nan, "shooter_vx_ms": None, "shooter_vy_ms": None}
    row = build_features(scenes(shot), BEST_17).iloc[0]
    assert set(row.index[row.notna()]) == {"Header", "FootShot", "FreeKick", "Penalty", "StrikeType"}


def test_without_keeper_what_asks_for_him_is_missing(scenes):
    row = build_features(scenes({"people": [(OPPONENT, 45.0, 0.0)]}), BEST_17).iloc[0]
    assert set(row.index[row.isna()]) == {
        "GoalkeeperInterception", "GoalDistanceGoalkeeper", "GoalDistanceGoalkeeperClosest",
    }  # fmt: skip


def test_penalties_get_fixed_values_whatever_the_frame_says(scenes):
    crowd = [(OPPONENT, 45.0, 0.0), (KEEPER, 45.0, 2.0)]
    with_crowd = build_features(scenes({"shot_type": "penalty", "people": crowd}), BEST_17)
    without = build_features(scenes({"shot_type": "penalty"}), BEST_17)
    pd.testing.assert_frame_equal(with_crowd, without)
    assert without.drop(columns="PlayerSpeed").notna().all(axis=None)


def test_the_fixed_values_of_a_penalty_are_those_of_a_keeper_on_his_line(scenes):
    lines = scenes({"body_part": "right_foot", "people": [(KEEPER, 50.0, 0.0)]}).lines
    row = build_features(scenes({"shot_type": "penalty"}), BEST_17).iloc[0]
    assert row["GoalkeeperInterception"] == pytest.approx(100 * lines.keeper_share[0], abs=1)
    assert row["UnblockedShare"] == pytest.approx(100 * lines.unblocked_share[0])


def test_no_shots_make_an_empty_table(scenes):
    empty = Scenes(scenes({}).shots.iloc[:0], scenes({}).people)
    assert build_features(empty, BEST_17).shape == (0, 17)
