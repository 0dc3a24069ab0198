"""Values of a Clarify job: against the definition, by both methods, aggregated by hand."""

from itertools import combinations
from math import factorial

import numpy as np
import pytest
import xgboost as xgb
from churn import BASELINE, FEATURES, analysis, booster, config, local_values, run, table, write_inputs

from xgoals.clarify import shap
from xgoals.domain.errors import ModelError, SettingsError
from xgoals.explain.background import background_shapley

ROWS = np.array([[30, 1, 0, 60.0], [5, np.nan, 1, 90.0], [60, 4, 1, 20.0]])


def predict(rows, *, margin=False):
    data = xgb.DMatrix(np.asarray(rows, np.float32), feature_names=list(FEATURES), missing=np.nan)
    return booster().predict(data, output_margin=margin).astype(float)


def shapley_by_definition(row, baselines, of=predict):
    """Every coalition of four players, one by one."""
    players = range(len(row))

    def v(coalition):
        mixed = np.array([[row[i] if i in coalition else b[i] for i in players] for b in baselines])
        return of(mixed).mean()

    phi = np.zeros(len(row))
    for i in players:
        others = [p for p in players if p != i]
        for size in range(len(row)):
            weight = factorial(size) * factorial(len(row) - size - 1) / factorial(len(row))
            phi[i] += weight * sum(v({*c, i}) - v(set(c)) for c in combinations(others, size))
    return phi


def baseline_of(rows):
    return [[None if np.isnan(v) else float(v) for v in row] for row in rows]


@pytest.mark.parametrize("n_baselines", [1, 3])
def test_exact_values_are_those_of_the_definition(tmp_path, n_baselines):
    run(tmp_path, config({"baseline": baseline_of(ROWS[:n_baselines])}))
    values = local_values(tmp_path).to_numpy()
    X = table()[list(FEATURES)].to_numpy()
    for row in (0, 17, 101):  # row 17 has a missing value
        expected = shapley_by_definition(X[row], ROWS[:n_baselines])
        assert values[row] == pytest.approx(expected, abs=1e-6)


def test_log_odds_of_one_row_are_those_of_the_definition(tmp_path):
    run(tmp_path, config({"baseline": BASELINE, "use_logit": True}))
    expected = shapley_by_definition(
        table()[list(FEATURES)].to_numpy()[3], BASELINE, lambda rows: predict(rows, margin=True)
    )
    assert local_values(tmp_path).to_numpy()[3] == pytest.approx(expected, abs=1e-5)


def test_every_row_adds_up_to_its_prediction(tmp_path):
    done = run(tmp_path, config({"baseline": BASELINE}))
    expected_value = analysis(tmp_path)["explanations"]["kernel_shap"]["label0"]["expected_value"]
    assert expected_value == pytest.approx(predict(BASELINE)[0], abs=1e-6)
    added_up = expected_value + local_values(tmp_path).sum(axis=1).to_numpy()
    assert added_up == pytest.approx(predict(table()[list(FEATURES)]), abs=1e-6)
    assert done.expected_value == expected_value
    assert 0 < done.additivity_gap < 1e-6


@pytest.mark.parametrize("use_logit", [False, True])
def test_both_methods_agree_where_all_coalitions_fit_into_the_samples(tmp_path, use_logit):
    shap = {"baseline": BASELINE, "num_samples": 64, "use_logit": use_logit}
    run(tmp_path, config(shap))
    exact = local_values(tmp_path)
    done = run(tmp_path, config(shap), method="kernel")
    assert done.method == "kernel"
    assert list(exact) == list(local_values(tmp_path))
    assert local_values(tmp_path).to_numpy() == pytest.approx(exact.to_numpy(), abs=1e-4)


def test_sampling_takes_the_log_odds_of_the_mean_and_exact_says_the_difference(tmp_path):
    shap = {"baseline": baseline_of(ROWS), "use_logit": True, "num_samples": 64}
    done = run(tmp_path, config(shap))
    assert done.expected_value == pytest.approx(predict(ROWS, margin=True).mean(), abs=1e-5)
    assert any("log-odds of the mean probability" in note for note in done.notes)
    sampled = run(tmp_path, config(shap), method="kernel")
    mean = predict(ROWS).mean()
    assert sampled.expected_value == pytest.approx(np.log(mean / (1 - mean)), abs=1e-5)
    assert not any("log-odds" in note for note in sampled.notes)


@pytest.mark.parametrize(
    ("agg_method", "by_hand"),
    [
        ("mean_abs", lambda values: values.abs().mean()),
        ("median", lambda values: values.median()),
        ("mean_sq", lambda values: (values**2).mean()),
    ],
)
def test_global_values_are_aggregated_as_asked(tmp_path, agg_method, by_hand):
    run(tmp_path, config({"baseline": BASELINE, "agg_method": agg_method}))
    found = analysis(tmp_path)["explanations"]["kernel_shap"]["label0"]["global_shap_values"]
    expected = by_hand(local_values(tmp_path)).to_numpy()
    assert list(found) == list(FEATURES)
    assert list(found.values()) == pytest.approx(expected, abs=1e-12)


def test_features_to_explain_are_written_and_the_others_still_play(tmp_path):
    run(tmp_path, config({"baseline": BASELINE}))
    everything = local_values(tmp_path)
    done = run(tmp_path, config({"baseline": BASELINE, "features_to_explain": ["plan", 0]}))
    found = local_values(tmp_path)
    assert list(found) == ["tenure_label0", "plan_label0"]
    assert found.to_numpy() == pytest.approx(everything[list(found)].to_numpy(), abs=1e-12)
    assert set(analysis(tmp_path)["explanations"]["kernel_shap"]["label0"]["global_shap_values"]) == {
        "tenure",
        "plan",
    }
    assert any("2 other features" in note for note in done.notes)


@pytest.mark.parametrize(
    ("asked", "said"),
    [(["churn"], "churn is no feature"), ([9], "no column 9"), ([], "empty"), (["age"], "age is no")],
)
def test_what_is_no_feature_cannot_be_explained(tmp_path, asked, said):
    with pytest.raises(SettingsError, match=said):
        run(tmp_path, config({"baseline": BASELINE, "features_to_explain": asked}))


def test_num_samples_is_not_needed_exactly_and_too_few_are_refused_when_sampling(tmp_path):
    shap = {"baseline": BASELINE, "num_samples": 5}
    assert any("num_samples (5) is not needed" in note for note in run(tmp_path, config(shap)).notes)
    with pytest.raises(ModelError, match="num_samples=5"):
        run(tmp_path, config(shap), method="kernel")


def test_the_seed_decides_what_is_sampled(tmp_path):
    def sampled(seed):
        run(tmp_path, config({"baseline": BASELINE, "num_samples": 10, "seed": seed}), method="kernel")
        return local_values(tmp_path).to_numpy()

    first = sampled(1)
    assert np.array_equal(first, sampled(1))
    assert not np.array_equal(first, sampled(2))


def test_clusters_count_by_their_size_and_the_results_say_so(tmp_path):
    done = run(tmp_path, config({"num_clusters": 2, "seed": 1}))
    origin = analysis(tmp_path)["xgoals"]
    baseline = np.loadtxt(tmp_path / "out/explanations_shap/baseline.csv", delimiter=",", skiprows=1)
    assert len(origin["baseline_weights"]) == len(baseline) == 2
    assert done.expected_value == pytest.approx(
        np.dot(origin["baseline_weights"], predict(baseline)), abs=1e-5
    )


def test_values_that_do_not_add_up_end_the_job_and_name_the_row(tmp_path, monkeypatch):
    def broken(forest, X, rows, weights, *, space):
        found = background_shapley(forest, X, rows, weights, space=space)
        found.values[41, 2] += 0.001
        return found

    monkeypatch.setattr(shap, "background_shapley", broken)
    with pytest.raises(ModelError, match=r"row 42: .*expected value plus values"):
        run(tmp_path, config({"baseline": BASELINE}))
    assert not (tmp_path / "out").exists()


def test_sampled_log_odds_of_near_certain_predictions_are_coarse_and_no_reason_to_stop(tmp_path):
    _, _, path = write_inputs(tmp_path, config({}))
    sure = xgb.train(
        {"objective": "binary:logistic", "eta": 1, "lambda": 0, "min_child_weight": 0, "nthread": 1},
        xgb.DMatrix(table()[list(FEATURES)], table()["plan"]),
        12,
    )
    sure.save_model(path.with_name("sure.ubj"))
    shap = {"baseline": BASELINE, "num_samples": 64, "use_logit": True}
    done = run(tmp_path, config(shap), method="kernel", model=str(path.with_name("sure.ubj")))
    assert 1e-4 < done.additivity_gap < 1
