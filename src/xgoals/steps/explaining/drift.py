"""Whether the shots of new matches are unlike those that the champion has learned from."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from xgoals.domain.trouble import Trouble
from xgoals.steps.run_context import log
from xgoals.store import features as feature_store
from xgoals.store.sisters import load_boosters, sisters_of_features

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from xgoals.domain.model import ModelVersion
    from xgoals.model.drift import Drift

Arrays = dict[str, npt.NDArray[Any]]


def drift_since_window(connection: "Connection", model: "ModelVersion") -> Trouble | None:
    """What a person should know if the shots of matches that the model has not learned from are unlike its window.

    Shots that came later to a match of the window are left aside.
    """
    from xgoals.features.catalogue import find_catalogue

    drift = _find(connection, model)
    if drift is None or not drift.is_any:
        return None
    labels = {feature.name: feature.label for feature in find_catalogue(model.catalogue).features}
    found = drift.sentence(labels)
    log.warning("drift since the champion's window: %s", found)
    return Trouble(
        matter="drift",
        what="New shots are unlike those that the champion has learned from.",
        where=found,
        advice="See whether a source now measures or names something otherwise; if football itself has changed, "
        "train anew: xgoals train, xgoals register.",
        step="explain",
        state_key=drift.state(model.model_version),
    )


def _find(connection: "Connection", model: "ModelVersion") -> "Drift | None":
    from xgoals.features.catalogue import find_catalogue
    from xgoals.model.drift import MIN_SHOTS, find_drift

    shots = _compared(feature_store.read_outcomes(connection, model))
    is_new = np.isnan(shots["xg_out_of_fold"])
    if is_new.sum() < MIN_SHOTS:  # what `find_drift` would say too, after all features have been read
        return None
    features = feature_store.read_values_in_blocks(connection, shots["features_key"], model.feature_names)
    kinds = {
        f.name: f.kind for f in find_catalogue(model.catalogue).features if f.name in model.feature_names
    }
    return find_drift(
        features.assign(is_goal=shots["is_goal"]),
        shots["match_n"],
        is_new,
        kinds,
        _expected(connection, model, features, shots),
        seed=model.seed,
    )


def _compared(shots: Arrays) -> Arrays:
    is_known = ~np.isnan(shots["xg_out_of_fold"])
    match_is_known = np.bincount(shots["match_n"], weights=is_known)[shots["match_n"]] > 0
    rows = ~shots["is_penalty"] & (is_known | ~match_is_known)
    return {name: values[rows] for name, values in shots.items()}


def _expected(
    connection: "Connection", model: "ModelVersion", features: Any, shots: Arrays
) -> npt.NDArray[np.float64]:
    """XG by models that had not seen the match: out of fold in the window, of what is new who has spoken for it."""
    expected: npt.NDArray[np.float64] = shots["xg_out_of_fold"].copy()
    is_new = np.isnan(expected)
    speakers = sisters_of_features(connection, model.model_version, shots["features_key"][is_new])
    expected[is_new] = load_boosters(connection, model.model_version).predict(features[is_new], speakers)
    return expected
