"""The checks of every run: they pass when all is well and name the shot when it is not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb

from xgoals.domain.errors import ModelError
from xgoals.explain import exact_shapley, verify
from xgoals.explain.verify import compare_with_shap, verify_additivity

NAMES = ["distance", "angle", "header", "speed"]


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.normal(size=(300, 4)), columns=NAMES)
    X.loc[::5, "speed"] = np.nan
    booster = xgb.train(
        {"objective": "binary:logistic"}, xgb.DMatrix(X, X["distance"] + X["angle"] * X["header"] > 0), 50
    )
    return booster, X, X.mean()


@pytest.fixture(scope="module", params=["probability", "log_odds"])
def explained(request, case):
    booster, X, baseline = case
    groups = {"place": NAMES[:2], "rest": NAMES[2:]}
    return exact_shapley(booster, X, baseline, space=request.param, interactions=True, groups=groups)


def test_what_adds_up_passes_and_the_gaps_are_told(case, explained):
    booster, X, _ = case
    gaps = verify_additivity(explained, booster, X)
    assert 0 <= gaps.to_engine < 1e-12
    assert 0 < gaps.to_booster < 2e-5


@pytest.mark.parametrize("gap", [2e-9, -1e-3, np.nan])
@pytest.mark.parametrize(
    ("field", "place", "reason"),
    [
        ("values", (17, 2), "values and the engine"),
        ("predictions", (17,), "prediction and the trees"),
        ("group_values", (17, 1), "group values"),
        ("interactions", (17, 0, 3), "interactions and values"),
    ],
)
def test_one_wrong_number_names_its_shot(case, explained, field, place, reason, gap):
    booster, X, _ = case
    wrong = getattr(explained, field).copy()
    wrong[place] += gap
    with pytest.raises(ModelError, match=rf"^m3/s17: Explanation does not add up: {reason}.*1 of 300"):
        verify_additivity(
            replace(explained, **{field: wrong}), booster, X, ids=[f"m3/s{i}" for i in range(len(X))]
        )


def test_the_worst_of_several_is_named_by_row_where_there_are_no_ids(case, explained):
    booster, X, _ = case
    wrong = explained.values.copy()  # noqa: PD011 - Shapley values
    wrong[[5, 6, 7], 0] += [0.1, -0.2, 0.1]
    with pytest.raises(ModelError, match=r"^row 6: .*3 of 300 rows fail"):
        verify_additivity(replace(explained, values=wrong), booster, X)


def test_a_tolerance_is_kept_on_both_sides(case, explained):
    booster, X, _ = case
    close = explained.values.copy()  # noqa: PD011 - Shapley values
    close[3, 0] += 0.5e-9
    verify_additivity(replace(explained, values=close, interactions=None), booster, X)


def test_another_model_with_the_same_features_is_noticed(case, explained):
    booster, X, _ = case
    with pytest.raises(ModelError, match="does not add up"):
        verify_additivity(explained, booster[:40], X)


def test_a_booster_that_predicts_something_else_than_its_trees_is_noticed(case, explained, monkeypatch):
    booster, X, _ = case
    monkeypatch.setattr(verify, "BOOSTER_TOLERANCE", {"probability": 0.0, "log_odds": 0.0})
    with pytest.raises(ModelError, match=r"values and Booster\.predict"):
        verify_additivity(explained, booster, X)


def test_missing_explanations_are_noticed(case, explained):
    booster, X, _ = case
    with pytest.raises(ModelError, match="300 explanations and 299 names for 299 rows"):
        verify_additivity(explained, booster, X[1:])


def test_no_shots_add_up(case):
    booster, X, baseline = case
    nothing = exact_shapley(booster, X[:0], baseline, interactions=True)
    assert verify_additivity(nothing, booster, X[:0]).to_engine == 0
    assert compare_with_shap(booster, X[:0], baseline) == 0


def test_shap_agrees(case):
    booster, X, baseline = case
    assert 0 < compare_with_shap(booster, X, baseline) < 1e-5
    assert 0 < compare_with_shap(booster, X[:30], baseline, sample=200) < 1e-5


def test_the_comparison_can_fail(case, monkeypatch):
    booster, X, baseline = case
    elsewhere = baseline + 1
    monkeypatch.setattr(
        verify,
        "exact_shapley",
        lambda *args, **kwargs: exact_shapley(args[0], args[1], elsewhere, **kwargs),
    )
    assert compare_with_shap(booster, X, baseline) > 1e-2
