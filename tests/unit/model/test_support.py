"""How many training shots are like a given one: counted by hand, and against the rule spelled out."""

import numpy as np
import pandas as pd
import pytest

from xgoals.domain import geometry
from xgoals.features.catalogue import BEST_17, Catalogue
from xgoals.model.seen.support import FEW, WITHIN_SD, Support

SOME = Catalogue(
    "some", 1, tuple(f for f in BEST_17.features if f.name in ("Header", "DistanceToGoal", "PlayerSpeed", "StrikeType"))
)  # fmt: skip


def shots(distance, header=-1.0, speed=np.nan, strike=0.0) -> pd.DataFrame:
    n = len(distance)
    columns = {"Header": header, "DistanceToGoal": distance, "PlayerSpeed": speed, "StrikeType": strike}
    return pd.DataFrame({name: np.broadcast_to(np.asarray(v, dtype=float), n) for name, v in columns.items()})


def test_shots_within_one_and_a_half_standard_deviations_are_alike():
    training = shots([10.0, 10.0, 20.0, 20.0])  # standard deviation 5, so alike within 7.5 m
    support = Support.of(training, SOME)
    assert support.n_shots == 4
    assert support.alike(shots([10.0, 12.6, 15.0, 17.4, 17.6, 27.4, 27.6])).tolist() == [2, 4, 4, 4, 2, 2, 0]


def test_another_kind_of_shot_is_not_like_it():
    support = Support.of(shots([10.0, 10.0, 20.0, 20.0], header=[1, -1, -1, -1]), SOME)
    assert support.alike(shots([10.0, 10.0], header=[1, -1])).tolist() == [1, 1]


def test_what_is_missing_is_like_what_is_missing():
    support = Support.of(shots([10.0, 10.0, 10.0], speed=[np.nan, 12.0, 14.0]), SOME)
    assert support.alike(shots([10.0, 10.0], speed=[np.nan, 13.0])).tolist() == [1, 2]


def test_a_feature_that_no_training_shot_has_does_not_count():
    support = Support.of(shots([10.0, 11.0]), SOME)
    assert "PlayerSpeed" not in support.names
    assert support.alike(shots([10.5], speed=30.0)).tolist() == [2]


def test_categories_are_left_aside():
    support = Support.of(shots([10.0, 11.0], strike=[0, 9]), SOME)
    assert support.alike(shots([10.5], strike=4)).tolist() == [2]


def test_a_number_that_never_varied_must_be_the_same():
    support = Support.of(shots([10.0, 10.0]), SOME)
    assert support.alike(shots([10.0, 10.1])).tolist() == [2, 0]


def test_counts_are_those_of_the_rule_spelled_out():
    rng = np.random.default_rng(3)
    n = 400
    training = shots(rng.gamma(4, 4, n), rng.choice([-1.0, 1.0], n), rng.normal(14, 6, n))
    asked = shots(rng.gamma(4, 6, 60), rng.choice([-1.0, 1.0], 60), rng.normal(14, 9, 60))
    numbers = ["DistanceToGoal", "PlayerSpeed"]
    within = WITHIN_SD * training[numbers].std(ddof=0)
    expected = []
    for _, row in asked.iterrows():
        close = (training[numbers] - row[numbers]).abs().le(within).all(axis=1)
        expected.append(int((close & training["Header"].eq(row["Header"])).sum()))
    counts = Support.of(training, SOME).alike(asked)
    assert counts.tolist() == expected
    assert min(expected) < FEW < max(expected), "both sides of the rule are asked about"


@pytest.mark.parametrize("distance", [1e4, -1e4])
def test_far_from_everything_is_like_nothing(distance):
    assert Support.of(shots([10.0, 11.0]), SOME).alike(shots([distance])).tolist() == [0]


def real_places(n=4000, seed=5):
    """Places as they occur, in the final third: the angle and both distances follow from where the shooter stands."""
    rng = np.random.default_rng(seed)
    x_m, y_m, goal_x_m = 52.5 - rng.gamma(4, 4, n).clip(1, 40), rng.normal(0, 9, n), np.full(n, 52.5)
    return pd.DataFrame({
        "DistanceToGoal": geometry.distance_to_goal_m(x_m, y_m, goal_x_m),
        "DistanceToGoalClosest": geometry.distance_to_goal_closest_m(x_m, y_m, goal_x_m),
        "AngleToGoal": geometry.angle_to_goal_deg(x_m, y_m, goal_x_m),
        "Penalty": -1.0,
    })  # fmt: skip


PLACE = Catalogue("place", 1, tuple(f for f in BEST_17.features if f.name in real_places(1).columns))


@pytest.fixture(scope="module")
def of_places():
    return Support.of(real_places(), PLACE)


@pytest.mark.parametrize(
    ("distance_m", "closest_m", "angle_deg"),
    [
        (6.0, 16.0, 40.0),  # 6 m from the centre of the goal, and 16 m from its nearest point
        (25.0, 24.7, 50.0),  # the goal looks 17 degrees wide at most from there
        (17.66, 17.3, 25.2),  # the mean of all shots: 23.4 at most
    ],
)
def test_a_place_that_cannot_be_is_like_nothing_though_each_number_is_usual(
    of_places, distance_m, closest_m, angle_deg
):
    numbers = {"DistanceToGoal": distance_m, "DistanceToGoalClosest": closest_m, "AngleToGoal": angle_deg}
    asked = pd.DataFrame([numbers | {"Penalty": -1.0}])
    assert of_places.alike(asked).tolist() == [0]


def test_real_places_that_were_not_learned_from_are_like_others(of_places):
    alike = of_places.alike(real_places(3000, seed=6))
    assert (alike < FEW).mean() < 0.02
    assert (alike == 0).mean() < 0.01


def test_a_penalty_is_asked_for_its_kind_alone(of_places):
    training = pd.concat([real_places(), pd.DataFrame(
        {"DistanceToGoal": 11.0, "DistanceToGoalClosest": 11.0, "AngleToGoal": 36.8, "Penalty": 1.0}, index=range(20)
    )])  # fmt: skip
    assert Support.of(training, PLACE).alike(training.tail(1)).tolist() == [20]


def test_a_model_of_whose_window_nothing_is_left_has_seen_nothing():
    asked = pd.DataFrame(np.zeros((3, 17)), columns=list(BEST_17.names))
    assert Support.of(asked.iloc[:0], BEST_17).alike(asked).tolist() == [0, 0, 0]
