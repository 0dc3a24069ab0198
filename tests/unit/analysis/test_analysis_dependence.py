"""Dependence by hand: bands and values, what happened beneath."""

import numpy as np
import pytest

from xgoals.analysis.dependence import dependence


def test_bands_hold_every_known_shot_once(shots, model):
    rng = np.random.default_rng(1)
    angles = rng.uniform(0, 100, 300)
    rows = [{"AngleToGoal": a, "shap_AngleToGoal": a / 100, "is_goal": bool(a > 50)} for a in angles]
    (found,) = dependence(shots(*rows, {"AngleToGoal": None}, {"is_penalty": True}), model, ["AngleToGoal"])
    assert found.kind == "bands"
    assert sum(row.scored.n_shots for row in found.rows) == 300
    assert found.n_missing == 1
    means = [row.mean for row in found.rows]
    assert means == sorted(means)
    assert found.rows[0].scored.rate == 0
    assert found.rows[-1].scored.rate == 1
    assert found.rows[-1].mean == pytest.approx(found.rows[-1].value / 100)


def test_categories_are_shown_value_by_value(shots, model):
    frame = shots(
        {"TakerSetup": 1.0, "shap_TakerSetup": 0.4, "is_goal": True},
        {"TakerSetup": 1.0, "shap_TakerSetup": 0.2},
        {"TakerSetup": 0.0, "shap_TakerSetup": -0.1},
    )
    (found,) = dependence(frame, model, ["TakerSetup"])
    assert found.kind == "values"
    assert [(row.value, row.scored.n_shots, row.scored.n_goals) for row in found.rows] == [
        (0.0, 1, 0),
        (1.0, 2, 1),
    ]
    assert found.rows[1].mean == pytest.approx(0.3)


def test_counts_are_shown_value_by_value_and_the_rare_high_ones_share_a_line(shots, model):
    features = [{**model["features"][0], "name": "Opponents", "kind": "count", "unit": ""}]
    counts = [0] * 40 + [1] * 35 + [2] * 20 + [3] * 8 + [7] * 5
    frame = shots(*[{"Opponents": float(n), "shap_Opponents": n / 10} for n in counts])
    (found,) = dependence(frame, {**model, "features": features}, ["Opponents"])
    assert found.kind == "values"
    assert [(row.value_from, row.value_to, row.scored.n_shots) for row in found.rows] == [
        (0, 0, 40),
        (1, 1, 35),
        (2, 7, 33),
    ]
    soft = frame.assign(Opponents=frame["Opponents"] + 0.5)
    assert dependence(soft, {**model, "features": features}, ["Opponents"])[0].kind == "bands"


def test_a_feature_of_one_value_or_none(shots, model):
    one, *none = dependence(shots({}, {}), model, ["AngleToGoal", "PlayerSpeed"])
    assert [row.scored.n_shots for row in one.rows] == [2]
    assert none == []
