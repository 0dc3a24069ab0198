"""Quality speaks of predictions made without seeing the match, and of shots without penalties."""

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.calibration import calibration
from xgoals.analysis.quality import quality
from xgoals.analysis.seasons import quality_by_season
from xgoals.analysis.stored_figures import Estimate
from xgoals.model.evaluation import evaluate

TEN = [0.05, 0.05, 0.1, 0.1, 0.2, 0.2, 0.4, 0.4, 0.8, 0.8]


def test_bands_by_hand(shots):
    rows = [{"xg_out_of_fold": p, "xg": 0.99, "is_goal": p >= 0.4, "provider_xg": None} for p in TEN]
    found = calibration(shots(*rows), bands=5)
    assert [band.expected for band in found.model] == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.8])
    assert [band.scored.rate for band in found.model] == [0, 0, 0, 1, 1]
    assert [band.scored.n_shots for band in found.model] == [2] * 5
    assert found.model[3].scored.low > 0
    assert found.provider is None


def test_penalties_and_shots_without_a_blind_prediction_stay_outside(shots):
    found = calibration(
        shots(
            {"is_penalty": True, "is_goal": True},
            {"xg_out_of_fold": None},
            {"is_goal": True, "xg_out_of_fold": 0.3},
        )
    )
    assert found.n_shots == 1
    assert len(found.kinds) == 1
    assert (found.kinds[0].kind, found.kinds[0].sums.scored.n_goals) == ("foot", 1)


def test_kinds_are_told_apart(shots):
    frame = shots({"Header": 1.0, "is_goal": True}, {}, {})
    kinds = {row.kind: row.sums for row in calibration(frame).kinds}
    assert kinds["header"].scored.n_goals == 1
    assert kinds["foot"].scored.n_shots == 2
    assert kinds["foot"].expected_goals == pytest.approx(0.2)
    assert "free_kick" not in kinds


@pytest.fixture
def evaluated(shots, model):
    """``evaluated(n, **columns)``: the model with the figures of n shots in matches of 10."""

    def make(n, **columns):
        rng = np.random.default_rng(1)
        xg = rng.random(n)
        rows = [{"match_id": f"m{i // 10}", "is_goal": bool(rng.random() < p)} for i, p in enumerate(xg)]
        frame = shots(*rows).assign(**{"provider_xg": xg**2} | columns)
        table = pd.DataFrame({"model": xg, "geometry": 0.5}, index=frame.index)
        splits = dict.fromkeys(("held_out", "out_of_fold", "unseen_competition"), table)
        return {**model, "evaluation": evaluate(frame, splits)}

    return make


def test_intervals_and_differences_are_those_of_the_table_of_figures(evaluated):
    found = quality(evaluated(400))
    low, high = found.samples[0].rows[0].intervals["auc"]
    assert low < high
    assert found.difference.auc.value == pytest.approx(0.01)
    assert found.difference.auc.interval == (0.0, 0.0), "a square keeps the order"
    versus = {(row.split, row.rival): row for row in found.comparisons}
    assert versus["out_of_fold", "provider"].auc == Estimate(0.0, (0.0, 0.0))
    assert versus["out_of_fold", "provider"].log_loss.interval[1] < 0
    assert {rival for _, rival in versus} == {"provider", "geometry"}


def test_competitions_that_were_left_out_are_a_sample_of_their_own(evaluated):
    sample = quality(evaluated(400)).samples[2]
    assert (sample.key, sample.n_shots, sample.n_matches) == ("unseen_competition", 400, 40)
    assert [row.who for row in sample.rows] == ["model", "provider", "geometry"]
    assert sample.rows[2].sum_xg == pytest.approx(200)


def test_slices_say_where_too_little_is_known(evaluated):
    found = quality(evaluated(400, body_part=["head"] * 8 + ["right_foot"] * 392))
    slices = {part.slice: part.rows for part in found.slices}
    head, foot = slices["body_part"]
    assert (head.value, head.n_shots) == ("head", 8)
    assert "too few" in head.note
    assert head.auc == Estimate(None, None)
    assert foot.note is None
    assert foot.surplus.interval[0] < foot.surplus.value < foot.surplus.interval[1]
    assert head.surplus.interval is not None, "few goals, but an exact interval"


def test_a_model_that_was_never_evaluated_shows_its_metrics_alone(model):
    found = quality(model)
    assert [sample.key for sample in found.samples] == ["held_out", "out_of_fold"]
    assert found.difference.auc.interval is None
    assert found.samples[0].rows[0].intervals == {}
    assert (found.comparisons, found.slices) == ((), ())


def test_without_provider_there_is_no_difference(evaluated):
    model = evaluated(400)
    model["metrics"]["held_out"]["provider"] = None
    found = quality(model)
    assert found.difference is None
    assert [row.who for row in found.samples[0].rows] == ["model", "geometry"]


def test_slices_without_provider_say_so(evaluated):
    rows = quality(evaluated(400, provider_xg=np.nan)).slices[0].rows
    assert {row.no_provider for row in rows} == {"no provider xG"}


def test_seasons_carry_their_competition_where_there_are_several(shots):
    frame = shots({"season": "2022"}, {"season": "2023"}, {"season": "2023", "is_goal": True})
    rows = quality_by_season(frame)
    assert [(row.season, row.sums.scored.n_shots, row.sums.scored.n_goals) for row in rows] == [
        ("2023", 2, 1),
        ("2022", 1, 0),
    ]
    assert rows[0].auc is None
    frame["competition"] = ["Cup", "League", "League"]
    assert [row.season for row in quality_by_season(frame)] == ["League 2023", "Cup 2022"]


def test_a_season_with_enough_goals_has_an_auc(shots):
    rows = [{"xg_out_of_fold": 0.9, "is_goal": True}] * 12 + [{"xg_out_of_fold": 0.1}] * 12
    assert quality_by_season(shots(*rows))[0].auc == 1.0
