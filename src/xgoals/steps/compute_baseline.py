"""compute_baseline: the champion and the shots it was trained on -> the one row that explanations start from."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection

from xgoals.domain.model import ModelVersion
from xgoals.steps.register import NO_MODEL
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import features as feature_store
from xgoals.store import registry

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from xgoals.analysis.reference import ReferenceNumbers


def compute_baseline(context: RunContext, model_version: str) -> str:
    """Compute the baseline row of a model and its three reference numbers, once; the model's name.

    There is nothing to do where there is no model yet (`NO_MODEL`).

    Raises
    ------
    ModelError
        If there is no such model, or its bytes are not those that were registered.
    """
    if model_version == NO_MODEL:
        log.info("nothing to do yet: there is no model")
        return NO_MODEL
    with writing(context, "compute_baseline") as (engine, figures):
        with engine.begin() as connection:
            if registry.load_baseline(connection, model_version) is None:
                model = registry.load_model(connection, model_version)
                row, numbers = _compute(model, *_load(connection, model))
                registry.save_baseline(
                    connection, model_version, list(row.index), row.tolist(), asdict(numbers)
                )
            stored = registry.load_baseline(connection, model_version)
        assert stored is not None  # noqa: S101  (written just above)
        figures["prediction_at_baseline"] = stored["prediction_at_baseline"]
        log.info(
            "base value %.4f (prediction at the baseline), mean prediction %.4f, goal rate %.4f",
            stored["prediction_at_baseline"], stored["mean_prediction"], stored["goal_rate"],
        )  # fmt: skip
    return model_version


def _load(connection: Connection, model: ModelVersion) -> "tuple[pd.DataFrame, npt.NDArray[np.bool_]]":
    """Features of the shots of the model's window, without penalties; and whether each was a goal."""
    shots = feature_store.read_outcomes(connection, model)
    counted = ~np.isnan(shots["xg_out_of_fold"]) & ~shots["is_penalty"]
    keys = shots["features_key"][counted]
    return feature_store.read_values_in_blocks(connection, keys, model.feature_names), shots["is_goal"][
        counted
    ]


def _compute(
    model: ModelVersion, X: "pd.DataFrame", is_goal: "npt.NDArray[np.bool_]"
) -> "tuple[pd.Series[float], ReferenceNumbers]":
    from xgoals.analysis.reference import reference_numbers
    from xgoals.features.catalogue import find_catalogue
    from xgoals.model.artifact import load_booster, predict
    from xgoals.model.baseline import baseline_row

    booster = load_booster(model)
    row = baseline_row(X, find_catalogue(model.catalogue))
    at_baseline = float(predict(booster, row.to_frame().T)[0])
    return row, reference_numbers(is_goal, predict(booster, X), at_baseline)
