"""Quality speaks of predictions made without seeing the match, and of shots without penalties."""

import numpy as np
import pytest

from xgoals.report.summarise_quality import calibration, quality, quality_by_season

TEN = [0.05, 0.05, 0.1, 0.1, 0.2, 0.2, 0.4, 0.4, 0.8, 0.8]


def test_bands_by_hand(shots):
    rows = [{"xg_out_of_fold": p, "xg": 0.99, "is_goal": p >= 0.4, "provider_xg": None} for p in TEN]
    found = calibration(shots(*rows), bands=5)
    assert [band["expected"] for band in found["model"]] == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.8])
    assert [band["scored"] for band in found["model"]] == [0, 0, 0, 1, 1]
    assert [band["n"] for band in found["model"]] == [2] * 5
    assert found["model"][3]["low"] > 0
    assert found["provider"] is None


def test_penalties_and_shots_without_a_blind_prediction_stay_outside(shots):
    found = calibration(
        shots(
            {"is_penalty": True, "is_goal": True},
            {"xg_out_of_fold": None},
            {"is_goal": True, "xg_out_of_fold": 0.3},
        )
    )
    assert found["n_shots"] == 1
    assert found["kinds"] == [pytest.approx(found["kinds"][0])]
    assert (found["kinds"][0]["kind"], found["kinds"][0]["goals"]) == ("foot", 1)


def test_kinds_are_told_apart(shots):
    frame = shots({"Header": 1.0, "is_goal": True}, {}, {})
    kinds = {row["kind"]: row for row in calibration(frame)["kinds"]}
    assert kinds["header"]["goals"] == 1
    assert kinds["foot"]["n"] == 2
    assert kinds["foot"]["expected_goals"] == pytest.approx(0.2)
    assert "free_kick" not in kinds


def test_intervals_only_with_enough_goals(shots, model):
    rng = np.random.default_rng(1)
    p = rng.random(200)
    rows = [
        {"match_id": f"m{i // 10}", "xg_out_of_fold": x, "provider_xg": x, "is_goal": bool(rng.random() < x)}
        for i, x in enumerate(p)
    ]
    many = quality(shots(*rows), model)
    assert many["difference"]["auc_interval"] == (0.0, 0.0)
    assert many["difference"]["auc"] == pytest.approx(0.01)
    low, high = many["samples"][0]["rows"][0]["intervals"]["auc"]
    assert low < high
    few = quality(shots({"is_goal": True}), model)
    assert few["difference"]["auc_interval"] is None
    assert few["samples"][0]["rows"][0]["intervals"] == {}


def test_without_provider_there_is_no_difference(shots, model):
    model["metrics"]["held_out"]["provider"] = None
    found = quality(shots({"provider_xg": None}), model)
    assert found["difference"] is None
    assert [row["who"] for row in found["samples"][0]["rows"]] == ["model", "geometry"]


def test_seasons_carry_their_competition_where_there_are_several(shots):
    frame = shots({"season": "2022"}, {"season": "2023"}, {"season": "2023", "is_goal": True})
    rows = quality_by_season(frame)
    assert [(row["season"], row["n"], row["goals"]) for row in rows] == [("2023", 2, 1), ("2022", 1, 0)]
    assert rows[0]["auc"] is None
    frame["competition"] = ["Cup", "League", "League"]
    assert [row["season"] for row in quality_by_season(frame)] == ["League 2023", "Cup 2022"]


def test_a_season_with_enough_goals_has_an_auc(shots):
    rows = [{"xg_out_of_fold": 0.9, "is_goal": True}] * 12 + [{"xg_out_of_fold": 0.1}] * 12
    assert quality_by_season(shots(*rows))[0]["auc"] == 1.0
