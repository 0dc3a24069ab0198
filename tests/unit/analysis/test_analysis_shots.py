"""Highlights, base values, and what the data lack."""

from xgoals.analysis.completeness import competitions, data_summary
from xgoals.analysis.highlights import highlights
from xgoals.analysis.reference import base_values


def test_goals_not_seen_coming_are_ordered_by_the_blind_prediction(shots):
    frame = shots(
        {"player": "learned", "is_goal": True, "xg": 0.30, "xg_out_of_fold": 0.01},
        {"player": "seen", "is_goal": True, "xg": 0.02, "xg_out_of_fold": 0.20},
        {"player": "miss", "is_goal": False, "xg": 0.01, "xg_out_of_fold": 0.001},
        {"player": "penalty", "is_goal": True, "is_penalty": True, "xg": 0.76, "xg_out_of_fold": 0.0},
    )
    found = highlights(frame)
    assert list(found.unseen["player"]) == ["learned", "seen"]
    assert found.unseen_by == "xg_out_of_fold"
    assert list(found.highest["player"]) == ["learned", "seen", "miss"]


def test_without_blind_predictions_the_published_number_orders_and_the_page_can_say_so(shots):
    frame = shots(
        {"player": "a", "is_goal": True, "xg": 0.3, "xg_out_of_fold": None},
        {"player": "b", "is_goal": True, "xg": 0.1, "xg_out_of_fold": None},
    )
    found = highlights(frame)
    assert list(found.unseen["player"]) == ["b", "a"]
    assert found.unseen_by == "xg"


def test_three_base_values_keep_their_names(shots, model):
    found = base_values(shots({}), model)
    assert (found.goal_rate, found.mean_prediction, found.prediction_at_baseline) == (
        0.31,
        0.32,
        0.12,
    )
    assert (found.start, found.space) == (-2.0, "log_odds")


def test_missing_values_are_counted_without_penalties(shots, model):
    frame = shots({"AngleToGoal": None}, {}, {"is_penalty": True, "AngleToGoal": None})
    found = data_summary(frame, model)
    missing = {row.name: (row.n_shots, row.share) for row in found.missing}
    assert missing == {"PlayerSpeed": (2, 1.0), "AngleToGoal": (1, 0.5)}
    assert [row.name for row in found.missing] == ["PlayerSpeed", "AngleToGoal"]
    assert (found.n_shots, found.n_penalties, found.n_without_provider_xg) == (3, 1, 0)


def test_shots_without_positions_are_counted_by_provider(shots, model):
    keeper = {**model["features"][0], "name": "GoalkeeperCoverage", "group": "keeper"}
    frame = shots({"GoalkeeperCoverage": 40.0}, {"GoalkeeperCoverage": None, "provider": "wyscout"},
                  {"GoalkeeperCoverage": None, "is_penalty": True})  # fmt: skip
    found = data_summary(frame, {**model, "features": [*model["features"], keeper]}).without_positions
    assert [(row.provider, row.n_shots, row.n_of) for row in found] == [("wyscout", 1, 1)]


def test_competitions_by_number_of_shots(shots):
    frame = shots({"competition": "Cup"}, {"competition": "League"}, {"competition": "League"})
    assert competitions(frame) == ["League", "Cup"]
