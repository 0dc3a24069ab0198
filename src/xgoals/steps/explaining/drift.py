"""Whether the shots of new matches are unlike those that the champion has learned from, as a whole and by matchdays."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from xgoals.domain.trouble import Trouble
from xgoals.steps.explaining.drift_over_matchdays import watch_drift
from xgoals.steps.run_context import log
from xgoals.store import features as feature_store
from xgoals.store.sisters import load_boosters, sisters_of_features

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from xgoals.analysis.drift.alarms import Alarm
    from xgoals.domain.model import ModelVersion
    from xgoals.model.drift import Drift
    from xgoals.settings import Settings

Arrays = dict[str, npt.NDArray[Any]]


def drift_since_window(
    connection: "Connection", model: "ModelVersion", settings: "Settings"
) -> Trouble | None:
    """What a person should know if the shots of matches that the model has not learned from are unlike its window.

    Shots that came later to a match of the window are left aside. Alarms over matchdays are its items, in the language
    of mails.
    """
    from xgoals.features.catalogue import find_catalogue
    from xgoals.language import language
    from xgoals.report.words.drift import alarm_sentence

    alarms = watch_drift(connection, model, settings.drift.attribution_ndcg_below)
    drift = _find(connection, model)
    is_any = drift is not None and drift.is_any
    if not is_any and not alarms:
        return None
    catalogue = find_catalogue(model.catalogue)
    labels = {feature.name: feature.label for feature in catalogue.features}
    features = {str(record["name"]): record for record in catalogue.as_records()}
    found = drift.sentence(labels) if drift is not None and is_any else ""
    if found:
        log.warning("drift since the champion's window: %s", found)
    for alarm in alarms:
        log.warning("drift: %s: %s", alarm.competition, alarm_sentence(alarm, features, language("en")))
    words = language(settings.email.language)
    return Trouble(
        matter="drift",
        what="New shots are unlike those that the champion has learned from.",
        where=found,
        advice="See whether a source now measures or names something otherwise; if football itself has changed, "
        "train anew: xgoals train, xgoals register.",
        step="explain",
        state_key=_state(drift if is_any else None, alarms, model.model_version),
        items=tuple((alarm.competition, alarm_sentence(alarm, features, words)) for alarm in alarms),
    )


def _state(drift: "Drift | None", alarms: "Sequence[Alarm]", model_version: str) -> str:
    """A name for what stands under which model: the same as long as the same series are off to the same side."""
    since_window = drift.state(model_version) if drift is not None else ""
    if not alarms:
        return since_window
    told = sorted(f"{a.competition}|{a.kind}|{a.name}|{a.cause.is_risen}" for a in alarms)
    return hashlib.sha256("\n".join([model_version, since_window, *told]).encode()).hexdigest()[:12]


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
