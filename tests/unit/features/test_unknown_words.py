"""What a feed does not say is missing, not something else; and `events-9`, the catalogue of feeds without positions."""

import numpy as np
import pandas as pd
import pytest

from xgoals.features.build import build_features
from xgoals.features.catalogue import ARTICLE_17, BEST_17, EVENTS_9, NEED_A_FRAME, find_catalogue
from xgoals.features.missingness import gaps_that_know_the_outcome


@pytest.mark.parametrize(
    ("unknown", "missing"),
    [
        ({"body_part": "unknown"}, {"Header", "FootShot"}),
        ({"shot_type": "unknown"}, {"FreeKick", "Penalty"}),
        ({"set_up": "unknown"}, {"TakerSetup"}),
        ({"technique": "unknown"}, {"StrikeType"}),
        ({"ball_control": "unknown"}, {"StrikeType"}),
        ({}, set()),
    ],
)
def test_what_rests_on_an_unknown_word_is_missing(scenes, unknown, missing):
    features = build_features(scenes(unknown), EVENTS_9).iloc[0]
    assert set(features.index[features.isna()]) == missing


@pytest.mark.parametrize(
    ("unknown", "feature"), [("ball_control", "TakerBallControl"), ("technique", "ExtendedTypeOfShot")]
)
def test_codes_of_unknown_words_are_missing(scenes, unknown, feature):
    features = build_features(scenes({unknown: "unknown"}, {unknown: "a word of tomorrow"}), ARTICLE_17)[
        feature
    ]
    assert np.isnan(features.iloc[0])
    assert not np.isnan(features.iloc[1])  # a word that is said, and counts as other


@pytest.mark.parametrize("word", ["open_play", "free_kick", "corner"])
def test_of_an_unknown_strike_a_gap_does_not_say_which_kind_it_is(scenes, word):
    shot = {"shot_type": word, "technique": "unknown", "ball_control": "unknown"}
    assert np.isnan(build_features(scenes(shot), BEST_17)["StrikeType"].iloc[0])


def test_a_penalty_is_a_dead_ball_whatever_is_unknown(scenes):
    shot = {"shot_type": "penalty", "technique": "unknown", "ball_control": "unknown"}
    known = {"shot_type": "penalty", "technique": "normal", "ball_control": "other"}
    strikes = build_features(scenes(shot, known), BEST_17)["StrikeType"]
    assert strikes.iloc[0] == strikes.iloc[1]


def test_a_rebound_of_an_unknown_set_up_is_missing_too(scenes):
    shots = [{"set_up": "unknown", "period_time_s": 60.0}, {"set_up": "unknown", "period_time_s": 62.0}]
    assert build_features(scenes(*shots), EVENTS_9)["TakerSetup"].isna().all()


def test_events_9_knows_from_where_and_how():
    assert EVENTS_9.names == (
        "AngleToGoal", "DistanceToGoal", "DistanceToGoalClosest", "Header", "FootShot", "FreeKick", "Penalty",
        "StrikeType", "TakerSetup",
    )  # fmt: skip
    assert not NEED_A_FRAME & set(EVENTS_9.names)
    assert find_catalogue("events-9") is EVENTS_9
    shared = {feature.name: feature for feature in (*ARTICLE_17.features, *BEST_17.features)}
    assert all(shared[feature.name].definition == feature.definition for feature in EVENTS_9.features)


def shots(missing_goals: int, missing_others: int, *, goals: int = 30, others: int = 300) -> pd.DataFrame:
    """Shots of one provider of which so many lack a feature, among goals and among the others."""
    is_goal = np.arange(goals + others) < goals
    nth = np.where(is_goal, np.arange(goals + others), np.arange(goals + others) - goals)
    missing = nth < np.where(is_goal, missing_goals, missing_others)
    return pd.DataFrame(
        {
            "provider": "p",
            "is_goal": is_goal,
            "is_penalty": False,
            "Header": np.where(missing, np.nan, 1.0),
            "FootShot": 1.0,
        }
    )


@pytest.mark.parametrize(
    ("missing_goals", "missing_others", "knows"),
    [
        (0, 300, True),  # named of goals alone
        (0, 90, True),  # not given of saves
        (3, 30, False),  # a tenth of each
        (30, 300, False),  # of none
        (0, 0, False),  # of all
        (0, 12, False),  # as chance has it
    ],
)
def test_a_gap_that_knows_the_outcome(missing_goals, missing_others, knows):
    found = gaps_that_know_the_outcome(shots(missing_goals, missing_others), ["Header", "FootShot"])
    assert [gap.feature for gap in found] == (["Header"] if knows else [])


def test_it_is_asked_of_each_provider_and_without_penalties():
    leaking = shots(0, 300)
    both = pd.concat([leaking, shots(3, 30, goals=3000, others=30_000).assign(provider="q")])
    (gap,) = gaps_that_know_the_outcome(both, ["Header"])
    assert gap.sentence == (
        "Header of p is missing in 0% of goals and 100% of other shots: that it is missing knows the outcome"
    )
    assert gaps_that_know_the_outcome(leaking.assign(is_penalty=leaking["is_goal"]), ["Header"]) == []
