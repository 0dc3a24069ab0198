"""Exact values in the shap library's own object: equal to what its explainers say, and drawn by all of its plots."""

# ruff: noqa: PD011 - the values meant here are Shapley values

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import xgboost as xgb

import notebooks
from xgoals.domain.errors import ModelError
from xgoals.explain import exact_shapley
from xgoals.explain.for_shap import import_shap

NAMES = ["income", "age", "debts", "rent", "moves"]
GROUPS = {"money": ["income", "debts", "rent"], "person": ["age", "moves"]}


@pytest.fixture(scope="module")
def shap():
    mpl.use("Agg")
    return import_shap()


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(8)
    X = pd.DataFrame(rng.normal(size=(60, 5)).astype(np.float32).astype(np.float64), columns=NAMES)
    y = X["income"] * X["age"] + X["debts"] > 0
    booster = xgb.train({"objective": "binary:logistic", "max_depth": 4}, xgb.DMatrix(X, y), 20)
    return booster, X, X.iloc[0]


@pytest.fixture(scope="module")
def found(case):
    booster, X, baseline = case
    return exact_shapley(booster, X, baseline, interactions=True, groups=GROUPS)


def test_in_log_odds_it_is_what_the_tree_explainer_says(shap, case):
    booster, X, baseline = case
    ours = exact_shapley(booster, X, baseline, space="log_odds").to_shap(X)
    explainer = shap.TreeExplainer(
        booster, baseline.to_numpy()[None, :], feature_perturbation="interventional"
    )
    theirs = explainer(X)
    np.testing.assert_allclose(ours.values, theirs.values, atol=1e-6)
    np.testing.assert_allclose(ours.base_values, theirs.base_values, atol=1e-6)
    np.testing.assert_array_equal(ours.data, theirs.data)
    assert list(ours.feature_names) == list(theirs.feature_names)


@pytest.mark.slow  # seconds of compiling
def test_in_probability_it_is_what_asking_every_coalition_says(shap, case, found):
    booster, X, baseline = case
    explainer = shap.explainers.ExactExplainer(
        lambda rows: booster.inplace_predict(rows).astype(np.float64), baseline.to_numpy()[None, :]
    )
    theirs = explainer(X.to_numpy()[1:6])
    np.testing.assert_allclose(found.to_shap(X)[1:6].values, theirs.values, atol=1e-6)
    np.testing.assert_allclose(found.to_shap(X)[1:6].base_values, theirs.base_values, atol=1e-6)


def test_every_part_of_every_row_leads_from_base_value_to_prediction(found, case):
    for part, axes in (("features", 1), ("groups", 1), ("interactions", (1, 2))):
        told = found.to_shap(part=part)
        np.testing.assert_allclose(
            told.base_values + told.values.sum(axis=axes), found.predictions, atol=1e-12
        )
        assert told[3].values.shape == told.values.shape[1:]
        assert told[3].base_values == found.base_value
    assert list(found.to_shap(part="groups").feature_names) == ["money", "person"]
    pairs = found.to_shap(case[1], part="interactions")
    assert pairs.shape == (60, 5, 5)
    np.testing.assert_array_equal(pairs[:, 1, 2].values, found.interactions[:, 1, 2])


def test_what_plots_write_can_be_said(found, case):
    words = case[1].map("{:.1f} EUR".format)
    told = found.to_shap(case[1], display_data=words, labels={"income": "Income (EUR a month)"})
    assert list(told.feature_names) == ["Income (EUR a month)", *NAMES[1:]]
    assert told[2].display_data[0] == words.iloc[2, 0]
    np.testing.assert_array_equal(told.data, case[1].to_numpy())


PLOTS = {
    "bar": lambda shap, told, _: shap.plots.bar(told, show=False),
    "beeswarm": lambda shap, told, _: shap.plots.beeswarm(told, show=False),
    "waterfall": lambda shap, told, _: shap.plots.waterfall(told[1], show=False),
    "scatter": lambda shap, told, _: shap.plots.scatter(told[:, "age"], color=told, show=False),
    "heatmap": lambda shap, told, _: shap.plots.heatmap(told, show=False),
    "violin": lambda shap, told, _: shap.plots.violin(told, show=False),
    "layered violin": lambda shap, told, _: shap.plots.violin(told, plot_type="layered_violin", show=False),
    "force": lambda shap, told, _: shap.plots.force(told[1], matplotlib=True, show=False),
    "decision": lambda shap, told, _: shap.plots.decision(
        float(told.base_values[0]), told.values, feature_names=NAMES, show=False
    ),
    "bar of groups": lambda shap, _, groups: shap.plots.bar(groups, show=False),
    "beeswarm of groups": lambda shap, _, groups: shap.plots.beeswarm(groups, show=False),
    "waterfall of groups": lambda shap, _, groups: shap.plots.waterfall(groups[1], show=False),
}


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize(
    "plot", [pytest.param(name, marks=[pytest.mark.slow] if "violin" in name else []) for name in PLOTS]
)
def test_every_plot_of_the_library_draws_them(shap, case, found, plot):
    from matplotlib import pyplot

    pyplot.close("all")
    PLOTS[plot](shap, found.to_shap(case[1]), found.to_shap(part="groups"))
    drawn = [
        it
        for axes in pyplot.gcf().axes
        for it in (*axes.patches, *axes.collections, *axes.lines, *axes.images)
    ]
    assert len(drawn) >= 2
    pyplot.close("all")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (
            lambda found, X: found.to_shap(X[:3]),
            r"X has shape \(3, 5\), the values are of 60 rows and 5 columns",
        ),
        (lambda found, X: found.to_shap(X[NAMES[::-1]]), "another order.*column 0 is moves"),
        (lambda found, X: found.to_shap(X, part="groups"), "no single value"),
        (
            lambda found, X: found.to_shap(X, display_data=X.to_numpy()[:, :2]),
            r"display_data has shape \(60, 2\)",
        ),
        (
            lambda found, X: found.to_shap(labels={"wealth": "Wealth"}),
            "not there: wealth. There are: income, age",
        ),
    ],
)
def test_what_does_not_fit_is_refused(found, case, asked, reason):
    with pytest.raises(ModelError, match=reason):
        asked(found, case[1])


def test_what_was_not_computed_is_not_there(case):
    booster, X, baseline = case
    plain = exact_shapley(booster, X, baseline)
    with pytest.raises(ModelError, match=r"no interactions.*interactions=True"):
        plain.to_shap(part="interactions")
    with pytest.raises(ModelError, match=r"no groups.*groups="):
        plain.to_shap(part="groups")
    with pytest.raises(ValueError, match="not 'pairs'"):
        plain.to_shap(part="pairs")


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning", "ignore::FutureWarning")
def test_the_notebook_about_ones_own_model_keeps_what_it_says(shap, capsys):
    from matplotlib import pyplot

    said = notebooks.run_here(notebooks.read(notebooks.OWN_MODEL))
    pyplot.close("all")
    assert said["pairs"].idxmax() == "late_payments with card_use_pct"
    assert said["off"].max() > 0.02  # rescaled log-odds are something else
    assert 0 < abs(said["sampled"] - said["exact"][:10]).max() < 0.01
    assert said["shap_s"] / 10 > 20 * said["exact_s"] / len(said["test"])
    assert said["gaps"].to_engine < 1e-12
    assert "another order" in capsys.readouterr().out


@pytest.mark.slow
def test_the_notebook_runs_in_jupyter(tmp_path):
    done = notebooks.run_in_kernel(notebooks.read(notebooks.OWN_MODEL), tmp_path)
    before = notebooks.read(notebooks.OWN_MODEL)
    for cell, was in zip(notebooks.code_cells(done), notebooks.code_cells(before), strict=True):
        kinds = [[it.output_type for it in of.outputs if it.get("name") != "stderr"] for of in (cell, was)]
        assert kinds[0] == kinds[1], cell.source
