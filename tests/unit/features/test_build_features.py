"""Every feature against a number worked out by hand."""

import warnings

import numpy as np
import pandas as pd
import pytest

from xgoals.domain import bounds
from xgoals.features import build
from xgoals.features.build import FORMULAS, FeatureError, build_features
from xgoals.features.catalogue import ARTICLE_17, BEST_17, CATALOGUES, EVENTS_9
from xgoals.features.scenes import Scenes

OPPONENT = {"is_teammate": False, "is_keeper": False}
KEEPER = {"is_teammate": False, "is_keeper": True}
TEAMMATE = {"is_teammate": True, "is_keeper": False}


def value(scenes, feature, **shot):
    return build_features(scenes(shot), ARTICLE_17)[feature].iloc[0]


def test_the_catalogue_has_seventeen_features_in_the_articles_order():
    assert ARTICLE_17.names == (
        "Header", "GoalkeeperCoverage", "AngleToGoal", "DistanceToGoal", "DistanceToGoalClosest",
        "GoalDistanceGoalkeeper", "GoalDistanceGoalkeeperClosest", "FootShot", "FreeKick", "Penalty",
        "AmountOfDefenders", "TakerBallControl", "TakerSetup", "ExtendedTypeOfShot", "PlayerSpeed", "PressureMax",
        "PressureSum",
    )  # fmt: skip


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=lambda c: c.name)
def test_every_feature_of_every_catalogue_has_a_formula_and_a_group(catalogue):
    assert set(catalogue.names) <= set(FORMULAS)
    assert sorted(name for names in catalogue.groups.values() for name in names) == sorted(catalogue.names)
    people = set() if catalogue is EVENTS_9 else {"keeper", "opponents"}
    assert set(catalogue.groups) == {"place", "execution", "situation"} | people


@pytest.mark.parametrize(
    ("body_part", "header", "foot"),
    [("head", 1, -1), ("left_foot", -1, 1), ("right_foot", -1, 1), ("other", -1, -1)],
)
def test_body_part(scenes, body_part, header, foot):
    assert value(scenes, "Header", body_part=body_part) == header
    assert value(scenes, "FootShot", body_part=body_part) == foot


@pytest.mark.parametrize(
    ("shot_type", "free_kick", "penalty"),
    [("open_play", -1, -1), ("free_kick", 1, -1), ("penalty", -1, 1), ("corner", -1, -1)],
)
def test_shot_type(scenes, shot_type, free_kick, penalty):
    assert value(scenes, "FreeKick", shot_type=shot_type) == free_kick
    assert value(scenes, "Penalty", shot_type=shot_type) == penalty


def test_angle_from_the_spot(scenes):
    # 2 atan(3.66 / 11)
    assert value(scenes, "AngleToGoal") == pytest.approx(36.8074, abs=1e-4)


def test_distances_from_a_place_beside_the_goal(scenes):
    # 6 m from the line, 8 m left of the axis: centre at hypot(6, 8) = 10, the near post at hypot(6, 4.34)
    place = {"x_m": 44.0, "y_m": 8.0}
    assert value(scenes, "DistanceToGoal", **place) == pytest.approx(10.0)
    assert value(scenes, "DistanceToGoalClosest", **place) == pytest.approx(7.40513, abs=1e-4)


def test_closest_distance_in_front_of_goal_is_the_depth(scenes):
    assert value(scenes, "DistanceToGoalClosest", x_m=44.0, y_m=3.0) == pytest.approx(6.0)


def test_keeper_distances(scenes):
    # Keeper 3 m off the line and 4.66 m off the axis, so 1 m outside the post
    people = [(KEEPER, 47.0, 4.66)]
    assert value(scenes, "GoalDistanceGoalkeeper", people=people) == pytest.approx(np.hypot(3, 4.66))
    assert value(scenes, "GoalDistanceGoalkeeperClosest", people=people) == pytest.approx(np.hypot(3, 1))


def test_keeper_coverage_on_the_axis(scenes):
    # Keeper half-way, 5.5 m from the shooter: 2 atan(1.6 / 5.5) of 2 atan(3.66 / 11)
    expected = 100 * np.arctan(1.6 / 5.5) / np.arctan(3.66 / 11)
    assert value(scenes, "GoalkeeperCoverage", people=[(KEEPER, 44.5, 0.0)]) == pytest.approx(expected)


def test_a_keeper_behind_the_shooter_covers_nothing(scenes):
    assert value(scenes, "GoalkeeperCoverage", people=[(KEEPER, 30.0, 0.0)]) == 0


def test_defenders_are_outfield_opponents_in_the_widened_triangle(scenes):
    people = [
        (OPPONENT, 45.0, 0.0),  # on the axis
        (OPPONENT, 45.0, 3.3),  # beside the triangle (half width 2.0 there), within 1.5 m of it
        (OPPONENT, 45.0, 4.5),  # more than 1.5 m beside it
        (OPPONENT, 37.9, 0.0),  # behind the shooter
        (TEAMMATE, 45.0, 0.0),
        (KEEPER, 48.0, 0.0),
    ]
    assert value(scenes, "AmountOfDefenders", people=people) == 2


def test_pressure_of_one_opponent_on_the_line_to_goal(scenes):
    # z = 1, so L = 9 m; at 4.5 m: (1 - 0.5) ** 1.75
    people = [(OPPONENT, 43.5, 0.0)]
    assert value(scenes, "PressureSum", people=people) == pytest.approx(0.5**1.75)
    assert value(scenes, "PressureMax", people=people) == pytest.approx(0.5**1.75)


def test_pressure_from_behind_reaches_three_metres(scenes):
    people = [(OPPONENT, 37.5, 0.0), (OPPONENT, 35.9, 0.0)]  # 1.5 m and 3.1 m behind
    assert value(scenes, "PressureSum", people=people) == pytest.approx(0.5**1.75)


def test_pressures_add_up_and_the_largest_is_the_maximum(scenes):
    people = [(OPPONENT, 43.5, 0.0), (OPPONENT, 37.5, 0.0), (KEEPER, 40.0, 0.0), (TEAMMATE, 39.5, 0.0)]
    assert value(scenes, "PressureSum", people=people) == pytest.approx(2 * 0.5**1.75)
    assert value(scenes, "PressureMax", people=people) == pytest.approx(0.5**1.75)


def test_speed_is_in_kilometres_an_hour(scenes):
    assert value(scenes, "PlayerSpeed", shooter_vx_ms=3.0, shooter_vy_ms=4.0) == pytest.approx(18.0)


@pytest.mark.parametrize(
    ("column", "feature", "word", "code"),
    [
        ("ball_control", "TakerBallControl", "control", 3),
        ("ball_control", "TakerBallControl", "never heard of", 0),
        ("set_up", "TakerSetup", "open_play", 2),
        ("set_up", "TakerSetup", "never heard of", 0),
        ("technique", "ExtendedTypeOfShot", "normal", 0),
        ("technique", "ExtendedTypeOfShot", "never heard of", 7),
    ],
)
def test_codes(scenes, column, feature, word, code):
    assert value(scenes, feature, **{column: word}) == code


@pytest.mark.parametrize(("gap_s", "code"), [(0.0, 2), (0.9, 2), (1.0, 10), (5.0, 10), (5.1, 2)])
def test_a_rebound_is_one_to_five_seconds_after_the_teams_previous_shot(scenes, gap_s, code):
    first, second = {"period_time_s": 60.0}, {"period_time_s": 60.0 + gap_s}
    assert build_features(scenes(first, second), ARTICLE_17)["TakerSetup"].tolist() == [2, code]


@pytest.mark.parametrize("other", [{"team_id": "u"}, {"period": 2}, {"match_id": "n"}])
def test_another_teams_shot_makes_no_rebound(scenes, other):
    shots = scenes({"period_time_s": 60.0}, {"period_time_s": 62.0, **other})
    assert build_features(shots, ARTICLE_17)["TakerSetup"].tolist() == [2, 2]


def test_rebounds_do_not_depend_on_the_order_of_rows(scenes):
    built = scenes({"period_time_s": 60.0, "event_n": 0}, {"period_time_s": 62.0, "event_n": 1})
    reversed_ = Scenes(built.shots.iloc[::-1], built.people)
    assert build_features(reversed_, ARTICLE_17)["TakerSetup"].tolist() == [10, 2]


def test_missing_place_people_and_speed_stay_missing(scenes):
    row = build_features(
        scenes({"x_m": np.nan, "y_m": np.nan, "shooter_vx_ms": None, "shooter_vy_ms": None}), ARTICLE_17
    ).iloc[0]
    known = {
        "Header",
        "FootShot",
        "FreeKick",
        "Penalty",
        "TakerBallControl",
        "TakerSetup",
        "ExtendedTypeOfShot",
    }
    assert set(row.index[row.notna()]) == known


def test_without_keeper_only_the_keepers_features_are_missing(scenes):
    row = build_features(scenes({"people": [(OPPONENT, 45.0, 0.0)]}), ARTICLE_17).iloc[0]
    assert set(row.index[row.isna()]) == {
        "GoalkeeperCoverage", "GoalDistanceGoalkeeper", "GoalDistanceGoalkeeperClosest",
    }  # fmt: skip


def test_people_without_opponents_mean_no_pressure_not_a_missing_one(scenes):
    row = build_features(scenes({"people": [(TEAMMATE, 45.0, 0.0)]}), ARTICLE_17).iloc[0]
    assert row[["AmountOfDefenders", "PressureMax", "PressureSum"]].tolist() == [0, 0, 0]


def test_penalties_get_fixed_values_whatever_the_frame_says(scenes):
    crowd = [(OPPONENT, 45.0, 0.0), (KEEPER, 45.0, 0.0)]
    with_crowd = build_features(scenes({"shot_type": "penalty", "people": crowd}), ARTICLE_17)
    without = build_features(scenes({"shot_type": "penalty"}), ARTICLE_17)
    pd.testing.assert_frame_equal(with_crowd, without)
    assert without["DistanceToGoal"].iloc[0] == 11


def test_of_two_keepers_the_one_nearer_to_his_goal_counts(scenes):
    people = [(KEEPER, 49.0, 0.0), (KEEPER, 30.0, 0.0)]
    assert value(scenes, "GoalDistanceGoalkeeper", people=people) == pytest.approx(1.0)


@pytest.mark.parametrize("mirror", [1, -1])
@pytest.mark.parametrize(
    ("one", "other", "chosen_y"),
    [((48.0, 1.0), (48.0, 3.0), 1.0), ((48.0, 2.0), (48.0, -2.0), 2.0), ((47.0, 0.0), (48.0, 3.0), 3.0)],
)
def test_of_two_keepers_the_same_one_counts_in_any_order_and_mirrored(scenes, mirror, one, other, chosen_y):
    keepers = [(KEEPER, x, mirror * y) for x, y in (one, other)]
    for people in (keepers, keepers[::-1]):
        shot = scenes({"y_m": mirror * 5.0, "people": people})
        assert shot.keeper_xy_m == (pytest.approx([48.0]), pytest.approx([mirror * chosen_y]))


def test_a_value_outside_its_range_is_missing_and_told_with_shot_and_feature(scenes):
    shots, told = scenes({"x_m": 39.0}, {"x_m": -400.0}), []
    features = build_features(shots, ARTICLE_17, out_of_range=told)
    alone = build_features(scenes({"x_m": 39.0}), ARTICLE_17)
    pd.testing.assert_frame_equal(features.iloc[[0]], alone)
    assert np.isnan(features.loc[1, "DistanceToGoal"])
    (far,) = [found for found in told if found.feature.name == "DistanceToGoal"]
    assert str(far.as_error()).startswith("shot 1: DistanceToGoal = 450 is outside 0 to 130 m")
    assert isinstance(far.as_error(), FeatureError)


def test_no_shots_make_an_empty_table(scenes):
    empty = Scenes(scenes({}).shots.iloc[:0], scenes({}).people)
    assert build_features(empty, ARTICLE_17).shape == (0, 17)


OF_A_PLACE = (
    "AmountOfDefenders",
    "PressureMax",
    "PressureSum",
    "OpponentsGoalSide",
    "PressureNearest",
    "UnblockedShare",
)


@pytest.mark.parametrize("missing", ["x_m", "y_m"])
@pytest.mark.parametrize("around", [[(OPPONENT, 45.0, 0.5), (KEEPER, 49.0, 0.0)], [(TEAMMATE, 45.0, 0.5)]])
def test_who_is_around_a_shot_whose_place_is_not_known_is_not_known(scenes, missing, around):
    for catalogue in CATALOGUES.values():
        features = build_features(scenes({missing: np.nan, "people": around}, {"people": around}), catalogue)
        names = [name for name in (*OF_A_PLACE, "GoalkeeperInterception") if name in features.columns]
        assert features.loc[0, names].isna().all()
        of_a_place = [name for name in names if name != "GoalkeeperInterception"]
        assert features.loc[1, of_a_place].notna().all(), "where it is known, nobody there is a number"


def test_an_overflow_is_a_missing_value_and_no_warning(scenes):
    told = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        features = build_features(scenes({"x_m": 1e200, "shooter_vx_ms": 1e308}), BEST_17, out_of_range=told)
    assert np.isnan(features.loc[0, "PlayerSpeed"])
    assert "PlayerSpeed" in {found.feature.name for found in told}


def test_a_formula_that_fails_is_told_or_raised(scenes, monkeypatch):
    def fails(_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(build, "FORMULAS", {**build.FORMULAS, "PressureSum": fails})
    with pytest.raises(ZeroDivisionError):
        build_features(scenes({}), BEST_17)
    failed = []
    features = build_features(scenes({}, {}), BEST_17, failed=failed)
    assert [one.feature.name for one in failed] == ["PressureSum"]
    assert features["PressureSum"].isna().all()
    assert features["DistanceToGoal"].notna().all()


def test_two_providers_with_one_match_id_have_each_their_own_rebounds(scenes):
    shots = scenes({"provider": "a", "period_time_s": 60.0}, {"provider": "b", "period_time_s": 62.0})
    assert not shots.is_rebound.any()
    assert scenes({"provider": "a"}, {"provider": "a", "period_time_s": 62.0}).is_rebound.tolist() == [
        False,
        True,
    ]


def test_the_ranges_of_the_catalogues_are_the_bounds_of_all(scenes):
    for catalogue in CATALOGUES.values():
        for feature in catalogue.features:
            if feature.unit == "m":
                assert feature.high == bounds.MAX_DISTANCE_M
            if feature.unit == "km/h":
                assert feature.high == bounds.MAX_SPEED_KMH
            if feature.kind == "count":
                assert feature.high == bounds.MAX_A_SIDE
