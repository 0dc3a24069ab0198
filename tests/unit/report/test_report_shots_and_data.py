"""Highlights, base values, data quality, quarantine and the run."""

import pandas as pd
import pytest

from xgoals.report.summarise_run import (
    competitions,
    data_facts,
    is_simulated,
    quarantine_facts,
    run_facts,
    sources,
)
from xgoals.report.summarise_shots import base_values, highlights, shot_facts


def test_goals_not_seen_coming_are_ordered_by_the_blind_prediction(shots, model):
    frame = shots(
        {"player": "learned", "is_goal": True, "xg": 0.30, "xg_out_of_fold": 0.01},
        {"player": "seen", "is_goal": True, "xg": 0.02, "xg_out_of_fold": 0.20},
        {"player": "miss", "is_goal": False, "xg": 0.01, "xg_out_of_fold": 0.001},
        {"player": "penalty", "is_goal": True, "is_penalty": True, "xg": 0.76, "xg_out_of_fold": 0.0},
    )
    found = highlights(frame, model)
    assert [shot["player"] for shot in found["unseen"]] == ["learned", "seen"]
    assert found["unseen_by"] == "xg_out_of_fold"
    assert [shot["player"] for shot in found["highest"]] == ["learned", "seen", "miss"]


def test_without_blind_predictions_the_published_number_orders_and_the_page_can_say_so(shots, model):
    frame = shots(
        {"player": "a", "is_goal": True, "xg": 0.3, "xg_out_of_fold": None},
        {"player": "b", "is_goal": True, "xg": 0.1, "xg_out_of_fold": None},
    )
    found = highlights(frame, model)
    assert [shot["player"] for shot in found["unseen"]] == ["b", "a"]
    assert found["unseen_by"] == "xg"


def test_a_shot_as_plain_values(shots, model):
    row = shots({"x_m": 41.5, "y_m": -4.0, "shap_AngleToGoal": 0.3, "shap_DistanceToGoal": 0.2}).to_dict(
        "records"
    )[0]
    shot = shot_facts(row, model)
    assert (shot["depth_m"], shot["left_m"]) == (11.0, -4.0)
    assert shot["groups"]["place"] == pytest.approx(0.5)
    assert shot["groups_exact"] is False
    speed = shot["features"][-1]
    assert (speed["value"], speed["baseline"]) == (None, None)


def test_values_of_groups_are_taken_where_there_are_some(shots, model):
    row = shots({"shap_AngleToGoal": 0.3}).assign(group_place=0.7).to_dict("records")[0]
    shot = shot_facts(row, model)
    assert shot["groups"] == {"place": 0.7}
    assert shot["groups_exact"] is True


def test_a_shot_without_place(shots, model):
    shot = shot_facts(shots({"x_m": None, "y_m": None}).to_dict("records")[0], model)
    assert shot["depth_m"] is None


def test_three_base_values_keep_their_names(shots, model):
    found = base_values(shots({}), model)
    assert (found["goal_rate"], found["mean_prediction"], found["prediction_at_baseline"]) == (
        0.31,
        0.32,
        0.12,
    )
    assert (found["start"], found["space"]) == (-2.0, "log_odds")


def test_missing_values_are_counted_without_penalties(shots, model):
    frame = shots({"AngleToGoal": None}, {}, {"is_penalty": True, "AngleToGoal": None})
    found = data_facts(frame, model)
    missing = {row["name"]: (row["n"], row["share"]) for row in found["missing"]}
    assert missing == {"PlayerSpeed": (2, 1.0), "AngleToGoal": (1, 0.5)}
    assert [row["name"] for row in found["missing"]] == ["PlayerSpeed", "AngleToGoal"]
    assert (found["n_shots"], found["n_penalties"], found["n_without_provider_xg"]) == (3, 1, 0)


def test_whole_matches_come_first_in_quarantine(quarantine):
    found = quarantine_facts(quarantine)
    assert [row["severity"] for row in found["rows"]] == ["match", "value"]
    assert found["rows"][1]["place"] == ""
    assert (found["n_matches"], found["n_values"], found["more"]) == (1, 1, 0)
    assert quarantine_facts(quarantine.iloc[:0])["rows"] == []


def test_what_is_wrong_is_told_once_with_how_often_and_paths_from_the_source(quarantine):
    rows = [{**quarantine.iloc[0].to_dict(), "path": f"/data/season/events/{n}.json"} for n in range(60)]
    found = quarantine_facts(pd.concat([pd.DataFrame(rows), quarantine.iloc[[1]]]), ["/data/season"])
    assert [(row["reason"], row["severity"], row["n"]) for row in found["reasons"]] == [
        ("not JSON", "match", 1),
        ("no keeper", "value", 60),
    ]
    assert found["rows"][1]["path"] == "events/0.json"
    assert (len(found["rows"]), found["more"]) == (50, 11)


def test_competitions_by_number_of_shots(shots):
    frame = shots({"competition": "Cup"}, {"competition": "League"}, {"competition": "League"})
    assert competitions(frame) == ["League", "Cup"]


def test_the_run_in_the_order_of_the_pipeline(run, shots):
    found = run_facts(run, shots({}))
    assert [task["task"] for task in found["tasks"]] == ["ingest", "train"]
    assert (found["seconds"], found["longest"]) == (90.0, 40.0)
    assert found["sources"] == ["StatsBomb"]
    assert run_facts({**run, "ended_at": None}, shots({}))["seconds"] is None


def test_one_invented_shot_makes_the_page_simulated(run, shots):
    assert not is_simulated(run, shots({}))
    assert is_simulated(run, shots({}, {"is_simulated": True}))
    assert is_simulated({**run, "is_simulated": True}, shots({}))
    assert sources(shots({"is_simulated": True})) == []
