"""Pairs of features by hand: which are shown, and the mean where the partner is low and high."""

import pytest

from xgoals.analysis.interactions import interaction_matrix
from xgoals.analysis.pairs import PAIRS, MissingPair, missing_partners, pair_summary, partners


def test_pairs_of_the_article_whose_features_are_used_then_the_strongest(model):
    used = ["DistanceToGoal", "AngleToGoal", "Header", "TakerSetup"]
    rows = [("Header", "AngleToGoal"), ("TakerSetup", "Header"), ("TakerSetup", "PlayerSpeed")]
    interactions = [{"feature": a, "partner": b, "mean_abs": 0.1} for a, b in rows]
    found = partners({**model, "interactions": interactions}, used)
    article = [pair for pair in PAIRS if set(pair) <= set(used)]
    assert article == [("DistanceToGoal", "AngleToGoal"), ("AngleToGoal", "Header")]
    assert found == [*article, ("TakerSetup", "Header")]
    assert partners(model, used) == article


def test_pairs_that_cannot_be_shown_are_named_with_the_reason(model):
    missing = missing_partners(model, ["DistanceToGoal", "AngleToGoal", "Header"])
    speed = next(pair for pair in missing if pair.partner == "Speed of the shooter")
    assert speed == MissingPair("Angle to goal", "Speed of the shooter", ("Speed of the shooter",))
    assert len(missing) + 2 == len(PAIRS)


def test_the_matrix_of_interactions_is_a_half(model):
    rows = [{"feature": "Header", "partner": "AngleToGoal", "n_shots": 9, "mean_abs": 0.3}]
    table = interaction_matrix({**model, "interactions": rows}, ["AngleToGoal", "Header", "TakerSetup"])
    assert table.cells == ((None, None, None), (0.3, None, None), (None, None, None))
    assert table.top == 0.3
    assert interaction_matrix(model, ["AngleToGoal"]) is None


@pytest.fixture
def crossing(shots):
    """Two angles at three distances, 30 shots each: near it counts, far it harms."""
    rows = []
    for angle in (20.0, 60.0):
        for distance, push in ((5.0, angle / 100), (15.0, 0.0), (25.0, -0.1)):
            rows += [{"AngleToGoal": angle, "DistanceToGoal": distance, "shap_AngleToGoal": push}] * 30
    return shots(*rows)


def test_means_by_hand_where_the_partner_is_low_and_high(crossing, model):
    pair = pair_summary(crossing, model, "AngleToGoal", "DistanceToGoal")
    assert (pair.by_value, pair.low, pair.high) == (False, 5.0, 25.0)
    low, high = ({row.value: getattr(row, side).mean for row in pair.rows} for side in ("low", "high"))
    assert low == {20.0: pytest.approx(0.2), 60.0: pytest.approx(0.6)}
    assert high == {20.0: pytest.approx(-0.1), 60.0: pytest.approx(-0.1)}
    assert [row.low.n_shots for row in pair.rows] == [30, 30]


def test_a_partner_that_is_mostly_one_value_still_has_two_sides(shots, model):
    distance = [5.0] * 60 + [20.0] * 40
    rows = [{"AngleToGoal": 30.0, "DistanceToGoal": d, "shap_AngleToGoal": d / 100} for d in distance]
    pair = pair_summary(shots(*rows), model, "AngleToGoal", "DistanceToGoal")
    assert (pair.low, pair.high) == (5.0, 20.0)
    assert (pair.rows[0].low.mean, pair.rows[0].high.mean) == pytest.approx((0.05, 0.2))
