"""A model's figures go in and come back, once a model; what makes no sense is refused."""

import hashlib
from dataclasses import fields
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from xgoals.domain.model import ModelVersion
from xgoals.store import features, registry
from xgoals.store.database import RefusedError
from xgoals.store.evaluations import COLUMNS, read_evaluation, save_evaluation

ROW = {
    "split": "held_out", "slice": "all", "slice_value": "all", "forecaster": "model", "compared_with": "none",
    "metric": "auc", "value": 0.8, "low": 0.7, "high": 0.9, "n_shots": 100, "n_goals": 10, "n_matches": 4,
    "note": None,
}  # fmt: skip


def a_model(name: str) -> ModelVersion:
    booster = b"trees"
    values = dict.fromkeys((field.name for field in fields(ModelVersion)), 1) | {
        "model_version": name, "catalogue": "c", "feature_names": ("a",), "parameters": {}, "data_hash": "d",
        "window_from": date(2024, 1, 1), "window_to": date(2024, 2, 1), "library_versions": {}, "is_simulated": False,
        "booster": booster, "sha256": hashlib.sha256(booster).hexdigest(), "golden": {},
        "metrics": {}, "created_by_run": "r", "created_at": datetime(2024, 3, 1, tzinfo=UTC),
        "parent": None,
    }  # fmt: skip
    return ModelVersion(**values)


@pytest.fixture
def connection(engine):
    with engine.begin() as connection:
        features.save_catalogue(connection, "c", 1, [{"name": "a"}])
        nothing = pd.DataFrame(columns=["shot_key", "xg", "xg_held_out", "is_held_out"])
        for name in ("one", "two"):
            registry.save_model(connection, a_model(name), nothing)
        yield connection


def rows(*changes):
    return pd.DataFrame([ROW | change for change in changes])


def test_figures_come_back_as_they_went_in(connection):
    went_in = rows(
        {},
        {"metric": "ece", "value": None, "low": None, "high": None, "note": "7 goals: too few"},
        {"compared_with": "provider", "value": 0.01, "low": np.nan, "high": np.nan},
    )
    save_evaluation(connection, "one", went_in)
    came_back = read_evaluation(connection, "one")
    assert tuple(came_back.columns) == COLUMNS
    expected = went_in.sort_values(["compared_with", "metric"], ignore_index=True)
    pd.testing.assert_frame_equal(
        came_back.fillna({"note": ""}), expected.fillna({"note": ""}), check_dtype=False
    )
    assert read_evaluation(connection, "two").empty


def test_a_second_evaluation_replaces_the_first_of_that_model_only(connection):
    save_evaluation(connection, "one", rows({}, {"metric": "brier"}))
    save_evaluation(connection, "two", rows({"value": 0.75}))
    save_evaluation(connection, "one", rows({"value": 0.85}))
    assert read_evaluation(connection, "one")["value"].tolist() == [0.85]
    assert read_evaluation(connection, "two")["value"].tolist() == [0.75]


@pytest.mark.parametrize(
    "change",
    [
        {"split": "training"},
        {"slice": "referee"},
        {"forecaster": "oracle"},
        {"forecaster": "provider", "compared_with": "provider"},
        {"value": None, "low": None, "high": None},
        {"note": "a note beside a value"},
        {"low": 0.85},
        {"n_goals": 101},
    ],
)
def test_nonsense_is_refused(connection, change):
    with pytest.raises(RefusedError):
        save_evaluation(connection, "one", rows(change))


def test_two_values_of_one_figure_are_refused(connection):
    with pytest.raises(RefusedError):
        save_evaluation(connection, "one", rows({}, {"value": 0.75}))
