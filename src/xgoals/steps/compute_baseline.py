"""compute_baseline: the champion and the shots it was trained on -> the one row that explanations start from."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection

from xgoals.domain.model import NO_MODEL, ModelVersion
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
            stored = ensure_baseline(connection, model_version)
        figures["prediction_at_baseline"] = stored["prediction_at_baseline"]
        log.info(
            "base value %.4f (prediction at the baseline), mean prediction %.4f, goal rate %.4f",
            stored["prediction_at_baseline"], stored["mean_prediction"], stored["goal_rate"],
        )  # fmt: skip
    return model_version


def ensure_baseline(connection: Connection, model_version: str) -> dict[str, Any]:
    """A model's baseline as it is stored; computed and stored now where there is none.

    Raises
    ------
    ModelError
        As :func:`compute_baseline`.
    """
    if registry.load_baseline(connection, model_version) is None:
        model = registry.load_model(connection, model_version)
        row, numbers = _compute(model, *_load(connection, model))
        registry.save_baseline(connection, model_version, list(row.index), row.tolist(), asdict(numbers))
    stored = registry.load_baseline(connection, model_version)
    assert stored is not None  # noqa: S101  (written just above)
    return stored


def _load(connection: Connection, model: ModelVersion) -> "tuple[pd.DataFrame, dict[str, npt.NDArray[Any]]]":
    """Features of the shots of the model's window, without penalties; and what became of each."""
    shots = feature_store.read_outcomes(connection, model)
    counted = ~np.isnan(shots["xg_out_of_fold"]) & ~shots["is_penalty"]
    shots = {name: values[counted] for name, values in shots.items()}
    return feature_store.read_values_in_blocks(connection, shots["features_key"], model.feature_names), shots


def _compute(
    model: ModelVersion, X: "pd.DataFrame", shots: "dict[str, npt.NDArray[Any]]"
) -> "tuple[pd.Series[float], ReferenceNumbers]":
    """The mean prediction is over what is published: every shot's by the sister that has not seen its match."""
    from xgoals.analysis.reference import reference_numbers
    from xgoals.features.catalogue import find_catalogue
    from xgoals.model.artifact import load_booster, predict
    from xgoals.model.baseline import baseline_row

    row = baseline_row(X, find_catalogue(model.catalogue))
    at_baseline = float(predict(load_booster(model), row.to_frame().T)[0])
    return row, reference_numbers(shots["is_goal"], shots["xg_out_of_fold"], at_baseline)
