"""The folder of results: Clarify's layout, whole or not at all, never in the place of something else."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb
from churn import BASELINE, BIAS, FEATURES, analysis, booster, config, run, table, write_inputs

from databases import forget_settings
from xgoals import cli
from xgoals.clarify import job, layout
from xgoals.clarify.endless import n_varying, refuse_what_never_ends
from xgoals.clarify.results_folder import whole_folder
from xgoals.domain.errors import ModelError, SettingsError, UnwritableError
from xgoals.explain.forest import Forest

PDP = {"grid_resolution": 5}


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def shape_of(value):
    """Keys of objects, kinds of everything else."""
    if isinstance(value, dict):
        return {key: shape_of(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return type(value).__name__


def test_the_layout_is_clarifys(tmp_path):
    methods = {"pdp": PDP, "pre_training_bias": {"methods": ["CI", "DPL"]}, "report": {"name": "report"}}
    done = run(tmp_path, config({"baseline": BASELINE}, **methods) | BIAS)
    assert list(done.files) == [
        "analysis.json",
        "explanations_shap/baseline.csv",
        "explanations_shap/out.csv",
        "report.html",
    ]
    assert files_below(tmp_path / "out") == sorted(done.files)
    found = analysis(tmp_path)
    own = found.pop("xgoals")
    assert own["method"] == "exact"
    metric = {"name": "str", "description": "str", "value": "float"}
    assert shape_of(found) == {
        "version": "str",
        "explanations": {
            "kernel_shap": {
                "label0": {
                    "global_shap_values": dict.fromkeys(FEATURES, "float"),
                    "expected_value": "float",
                }
            },
            "pdp": [
                {
                    "feature_name": "str",
                    "data_type": "str",
                    "feature_values": ["float"],
                    "data_distribution": ["float"],
                    "model_predictions": {"label0": ["float"]},
                }
            ],
        },
        "pre_training_bias_metrics": {
            "label": "str",
            "facets": {"plan": [{"value_or_threshold": "str", "metrics": [metric]}]},
            "label_value_or_threshold": "str",
        },
    }
    baseline = pd.read_csv(tmp_path / "out/explanations_shap/baseline.csv")
    assert list(baseline) == list(FEATURES)
    assert baseline.to_numpy().tolist() == BASELINE
    local = pd.read_csv(tmp_path / "out/explanations_shap/out.csv")
    assert list(local) == [f"{name}_label0" for name in FEATURES]
    assert len(local) == len(table())


def test_a_named_label_names_the_output(tmp_path):
    named = config({"baseline": BASELINE}) | {
        "predictor": {"model_name": "churn", "instance_type": "ml.m5.large", "initial_instance_count": 1}
        | {"label_headers": ["leaves"]}
    }
    run(tmp_path, named)
    assert list(analysis(tmp_path)["explanations"]["kernel_shap"]) == ["leaves"]


def test_values_of_rows_are_not_written_where_nobody_asks_for_them(tmp_path):
    done = run(tmp_path, config({"baseline": BASELINE, "save_local_shap_values": False}))
    assert files_below(tmp_path / "out") == ["analysis.json", "explanations_shap/baseline.csv", "report.html"]
    assert any("no out.csv" in note for note in done.notes)
    assert 'data-test="example"' not in (tmp_path / "out" / "report.html").read_text()


def test_partial_dependence_is_the_mean_prediction_at_each_value(tmp_path):
    run(tmp_path, config(pdp={"grid_resolution": 5, "features": ["plan", "charge"]}))
    plan, charge = analysis(tmp_path)["explanations"]["pdp"]
    X = table()[list(FEATURES)]

    def mean_with(name, value):
        return booster().predict(xgb.DMatrix(X.assign(**{name: value}))).mean()

    assert plan["data_type"] == "categorical"
    assert plan["feature_values"] == [0, 1]
    assert plan["data_distribution"] == pytest.approx([(X["plan"] == 0).mean(), (X["plan"] == 1).mean()])
    assert plan["model_predictions"]["label0"] == pytest.approx(
        [mean_with("plan", 0), mean_with("plan", 1)], abs=1e-6
    )
    assert charge["data_type"] == "numerical"
    low, high = X["charge"].min(), X["charge"].max()
    assert charge["feature_values"] == pytest.approx(low + (high - low) * np.array([0.1, 0.3, 0.5, 0.7, 0.9]))
    assert sum(charge["data_distribution"]) == pytest.approx(1)
    assert charge["model_predictions"]["label0"][2] == pytest.approx(
        mean_with("charge", charge["feature_values"][2]), abs=1e-6
    )


def test_of_features_nobody_names_the_most_important_have_curves(tmp_path):
    run(tmp_path, config({"baseline": BASELINE}, pdp=PDP | {"top_k_features": 2}))
    found = analysis(tmp_path)["explanations"]
    values = found["kernel_shap"]["label0"]["global_shap_values"]
    assert [curve["feature_name"] for curve in found["pdp"]] == sorted(values, key=lambda n: -values[n])[:2]
    missing = next(curve for curve in found["pdp"] if curve["feature_name"] == "calls")
    assert sum(missing["data_distribution"]) == pytest.approx(table()["calls"].notna().mean())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (config(pdp=PDP), "methods.pdp.features: it has to be given"),
        (config({}, pdp={"grid_resolution": 0}), "grid_resolution: 0 is too small"),
        (config(report={"name": "report"}), "nothing is asked for"),
        (config({}, report={"name": "../report"}), "no name of a file"),
        (config({"baseline": [[1, 2, 3]]}), "methods.shap.baseline"),
        (config({}) | {"label": "left"}, "left"),
        (config({}) | {"headers": ["a", "b", "c", "d", "churn"]}, "tenure"),
        (config(pre_training_bias={"methods": "all"}), "say which labels are positive"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(tmp_path, content, said):
    with pytest.raises(SettingsError, match=said):
        run(tmp_path, content)
    assert not (tmp_path / "out").exists()


def test_a_model_that_is_not_binary_is_refused(tmp_path):
    _, _, model = write_inputs(tmp_path, config({}))
    rows = table()
    several = xgb.train(
        {"objective": "multi:softprob", "num_class": 3, "nthread": 1},
        xgb.DMatrix(rows[list(FEATURES)], rows["calls"].fillna(0).clip(upper=2)),
        2,
    )
    several.save_model(model.with_name("several.json"))
    with pytest.raises(ModelError, match="multi:softprob"):
        run(tmp_path, config({}), model=str(model.with_name("several.json")))


def test_a_former_result_is_replaced_as_a_whole(tmp_path):
    run(tmp_path, config({"baseline": BASELINE}, report={"name": "old"}))
    run(tmp_path, config({"baseline": BASELINE, "save_local_shap_values": False}))
    assert files_below(tmp_path / "out") == ["analysis.json", "explanations_shap/baseline.csv", "report.html"]


@pytest.mark.parametrize("stranger", ["notes.txt", "report.pdf", "explanations_shap/notes.txt"])
def test_a_folder_with_something_else_is_not_touched(tmp_path, stranger):
    run(tmp_path, config({"baseline": BASELINE}))
    (tmp_path / "out" / stranger).write_text("mine")
    with pytest.raises(SettingsError, match="no former result"):
        run(tmp_path, config({"baseline": BASELINE}))
    assert (tmp_path / "out" / stranger).read_text() == "mine"


def test_a_file_and_a_folder_of_others_are_no_place_for_results(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="a file, not a folder"):
        run(tmp_path, config({}), output=tmp_path / "file")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "analysis.json").write_text('{"version": "1.0"}')
    with pytest.raises(SettingsError, match="no former result"):
        run(tmp_path, config({}), output=tmp_path / "theirs")


def test_a_feature_without_a_value_has_no_curve_and_a_note(tmp_path):
    data = tmp_path / "empty.csv"
    table().assign(charge=np.nan).to_csv(data, index=False)
    asked = config(pdp={"grid_resolution": 5, "features": ["plan", "charge"]})
    done = run(tmp_path, asked, data=data)
    assert [curve["feature_name"] for curve in analysis(tmp_path)["explanations"]["pdp"]] == ["plan"]
    assert "Features without a value in any row have no curve of partial dependence: charge." in done.notes
    assert not [note for note in run(tmp_path, asked).notes if "no curve" in note]


@pytest.mark.parametrize("cannot", ["be mounted elsewhere", "be the working folder"])
def test_a_folder_that_must_stay_where_it_is_is_filled(tmp_path, monkeypatch, cannot):
    out = tmp_path / "out"
    out.mkdir()
    (out / ".out.0123.unfinished").mkdir()  # of one who was killed
    if cannot == "be mounted elsewhere":
        monkeypatch.setattr(Path, "is_mount", lambda path: path == out)
    else:
        monkeypatch.chdir(out)
    its_number = out.stat().st_ino
    run(tmp_path, config({"baseline": BASELINE}, report={"name": "old"}))
    run(tmp_path, config({"baseline": BASELINE, "save_local_shap_values": False}))
    assert out.stat().st_ino == its_number
    assert files_below(out) == ["analysis.json", "explanations_shap/baseline.csv", "report.html"]
    assert not (
        set(out.iterdir()) - {out / name for name in ("analysis.json", "explanations_shap", "report.html")}
    ) - {out / ".out.0123.unfinished"}


@pytest.mark.parametrize("moment", ["between the two names", "after the second name"])
def test_who_was_killed_while_one_result_took_the_place_of_another_leaves_no_trace(tmp_path, moment):
    out, kept = tmp_path / "out", tmp_path / ".out.0123456789ab.before"
    for folder in (kept, out) if moment == "after the second name" else (kept,):
        folder.mkdir()
        (folder / "analysis.json").write_text(folder.name)
    old, young = tmp_path / ".out.0123456789ab.unfinished", tmp_path / ".out.ba9876543210.unfinished"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (1, 1))
    with pytest.raises(KeyboardInterrupt), whole_folder(out):
        raise KeyboardInterrupt
    expected = ".out.0123456789ab.before" if moment == "between the two names" else "out"
    assert (out / "analysis.json").read_text() == expected, "what was there before stays"
    assert {path.name for path in tmp_path.iterdir()} == {"out", young.name}


def test_results_are_not_written_where_they_would_be_read_as_data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    config_path, _, model = write_inputs(tmp_path, config({"baseline": BASELINE}))
    table().to_csv(folder / "train.csv", index=False)

    def to(output):
        return job.run_job(job.Asked(config_path, folder, str(model), output), lambda: None)

    with pytest.raises(SettingsError, match="all read as data"):
        to(folder / "results")
    assert to(folder / "_results").rows == to(tmp_path / "data of results").rows == len(table())


def test_a_place_that_may_not_be_written_is_told_before_the_work(tmp_path, monkeypatch):
    locked = tmp_path / "locked"
    locked.mkdir()
    monkeypatch.setattr("os.access", lambda path, *_, **__: Path(path) != locked)  # as root may do everything
    monkeypatch.setattr(job, "load_model", None)
    monkeypatch.setattr(Path, "is_mount", lambda path: path == locked)
    for output in (locked / "new" / "results", locked):
        with pytest.raises(UnwritableError, match="may not be written"):
            run(tmp_path, config({"baseline": BASELINE}), output=output)
    assert not any(locked.iterdir())


def test_a_full_disk_is_told_and_the_former_result_stays(tmp_path, monkeypatch):
    run(tmp_path, config({"baseline": BASELINE}))
    before = {name: (tmp_path / "out" / name).read_bytes() for name in files_below(tmp_path / "out")}

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(layout, "_write_csv", full)
    with pytest.raises(UnwritableError, match="the disk is full"):
        run(tmp_path, config({"baseline": BASELINE, "agg_method": "median"}))
    assert {name: (tmp_path / "out" / name).read_bytes() for name in files_below(tmp_path / "out")} == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_name_of_a_registered_version_asks_for_the_database_after_the_configuration(tmp_path, monkeypatch):
    def settings():
        raise LookupError

    config_path, data, _ = write_inputs(tmp_path, config({}))
    asked = job.Asked(config_path, data, "champion", tmp_path / "out")
    with pytest.raises(LookupError):
        job.run_job(asked, settings)
    config_path.write_text("{")
    with pytest.raises(SettingsError):
        job.run_job(asked, settings)


def test_the_command_needs_no_database_and_prints_what_it_made(tmp_path, monkeypatch, capsys):
    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path / "home"))

    def no_start(*_, **__):
        raise AssertionError("a database was started for a model file")

    monkeypatch.setattr("xgoals.cli.database.settings_with", no_start)
    paths = dict(
        zip(("--config", "--data", "--model"), map(str, write_inputs(tmp_path, config({}))), strict=True)
    )

    def typed(**changed):
        arguments = paths | {"--output": str(tmp_path / "out")} | changed
        words = [word for pair in arguments.items() for word in pair]
        monkeypatch.setattr(sys, "argv", ["xgoals", "clarify", "--json", *words])
        try:
            cli.main()
        except SystemExit as end:
            streams = capsys.readouterr()
            return end.code, streams.out + streams.err
        return 0, capsys.readouterr().out

    code, said = typed()
    assert code == 0
    told = json.loads(said)
    assert told["rows"] == len(table())
    assert all((tmp_path / "out" / file).is_file() for file in told["files"])
    assert typed(**{"--data": "/nope.csv"})[0] == 3
    assert typed(**{"--config": "/nope.json"})[0] == 3
    code, said = typed(**{"--output": str(tmp_path)})
    assert code == 2
    assert "no former result" in said


def forest_of(n_features):
    """One stump a feature, all with the threshold 0."""
    nodes = 3 * n_features
    return Forest(
        feature=np.array([f if i == 0 else -1 for f in range(n_features) for i in range(3)], np.int32),
        threshold=np.zeros(nodes, np.float32),
        default_left=np.ones(nodes, np.bool_),
        left=np.array([3 * f + 1 if i == 0 else -1 for f in range(n_features) for i in range(3)], np.int32),
        right=np.array([3 * f + 2 if i == 0 else -1 for f in range(n_features) for i in range(3)], np.int32),
        weight=np.zeros(nodes),
        roots=np.arange(0, nodes, 3, dtype=np.int32),
        base_margin=0.0,
        feature_names=None,
        n_features=n_features,
    )


def test_a_feature_varies_where_a_threshold_lies_between():
    rows = np.array([[1.0, -1.0, np.nan], [0.0, -5.0, -1.0], [-0.1, 2.0, np.nan]])
    assert n_varying(forest_of(3), rows, np.array([2.0, -1.0, np.nan])).tolist() == [0, 1, 2]


def test_exact_values_that_would_take_days_are_refused_with_another_way():
    rows = pd.DataFrame(np.ones((1000, 40)))
    apart = -np.ones((1, 40))
    with pytest.raises(ModelError, match=r"hours .*up to 40 features.*--method kernel"):
        refuse_what_never_ends(forest_of(40), rows, apart, "Try --method kernel")
    refuse_what_never_ends(forest_of(40), rows, np.ones((1, 40)), "")  # none varies
    refuse_what_never_ends(forest_of(12), rows.iloc[:, :12], -np.ones((1, 12)), "")


def test_very_many_baseline_rows_take_minutes_which_is_told_or_hours_which_is_refused(caplog):
    rows = pd.DataFrame(np.ones((20_000, 3)))
    refuse_what_never_ends(forest_of(3), rows, np.ones((300, 3)), "")
    assert "take about 2 minutes of one core (20,000 rows against 300 baseline rows)" in caplog.text
    caplog.clear()
    refuse_what_never_ends(forest_of(3), rows, np.ones((30, 3)), "")
    assert not caplog.text
    with pytest.raises(ModelError, match=r"about 8 hours .*Fewer baseline rows"):
        refuse_what_never_ends(forest_of(3), rows, np.ones((70_000, 3)), "")


def test_dense_rows_of_seventeen_features_take_longer_than_those_that_hardly_differ(caplog):
    rows = pd.DataFrame(np.ones((40_000, 17)))
    refuse_what_never_ends(forest_of(17), rows, np.ones((20, 17)), "")
    assert not caplog.text
    refuse_what_never_ends(forest_of(17), rows, -np.ones((20, 17)), "")
    assert "take about 9 minutes of one core (40,000 rows against 20 baseline rows)" in caplog.text
    with pytest.raises(ModelError, match="hours"):
        refuse_what_never_ends(forest_of(17), rows, -np.ones((900, 17)), "")


def test_a_job_needs_neither_scikit_learn_nor_matplotlib_and_leaves_both_to_others():
    code = """
import importlib.util, sys
from xgoals.clarify.quick_import import import_xgboost_alone
import_xgboost_alone()
import xgoals.clarify.page.page
assert not {"sklearn", "matplotlib"} & set(sys.modules), "imported"
assert importlib.util.find_spec("sklearn") is not None
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
