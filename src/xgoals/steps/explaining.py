"""explain: champion, baseline and features -> values of every shot, checked one by one, and their summaries."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from xgoals.domain.errors import ModelError
from xgoals.steps.context import RunContext, log, writing
from xgoals.store import explanations as store
from xgoals.store import features as feature_store
from xgoals.store import registry

if TYPE_CHECKING:
    import pandas as pd
    import xgboost
    from sqlalchemy import Connection

    from xgoals.domain.model import ModelVersion
    from xgoals.explain import Attributions

METHOD = "exact Shapley values, one baseline row"
N_LIBRARY_SAMPLE = 200
"""Shots of each run whose values are compared with the shap library's."""
BLOCK = 20_000
"""Shots whose interaction matrices are held at once (46 MB)."""


def explain(context: RunContext, model_version: str) -> str:
    """Score and explain every shot that has no values for its present features under this model.

    Raises
    ------
    ModelError
        If the values of any shot do not add up to its prediction; nothing is stored then.
    """
    from xgoals.model.artifact import load_booster

    with writing(context, "explain") as (engine, figures):
        with engine.connect() as connection:
            model = registry.load_model(connection, model_version)
            shots = feature_store.read_features(connection, model.catalogue, model.catalogue_version)
            done = store.explained_hashes(connection, model_version)
            baseline = _baseline(connection, model)
        fresh = shots.merge(done.assign(is_done=True), how="left", validate="1:1")
        fresh = fresh[fresh["is_done"].isna()].reset_index(drop=True)
        figures.update(shots_explained=len(fresh), shots_explained_before=len(shots) - len(fresh))
        if fresh.empty:
            log.info("every shot is explained already")
            return model_version
        began = time.monotonic()
        booster = load_booster(model)
        attributions = _explain(booster, fresh, model, baseline)
        check = _check(booster, fresh, model, baseline, attributions)
        with engine.begin() as connection:
            _save(connection, context, model, fresh, attributions)
            _summarise(connection, model, booster, baseline, shots)
            seconds = time.monotonic() - began
            store.save_check(connection, model_version, check | {"seconds": seconds})
        figures.update(check)
        log.info("%d shots explained, checked, summarised and stored in %.1f s", len(fresh), seconds)
    return model_version


def _baseline(connection: "Connection", model: "ModelVersion") -> "pd.Series[float]":
    import pandas as pd

    stored = registry.load_baseline(connection, model.model_version)
    if stored is None:
        raise ModelError(f"model {model.model_version} has no baseline", advice="Run: xgoals baseline")
    return pd.Series(stored["values"], dtype=float)[list(model.feature_names)]


def _explain(
    booster: "xgboost.Booster",
    shots: "pd.DataFrame",
    model: "ModelVersion",
    baseline: "pd.Series[float]",
    *,
    interactions: bool = False,
) -> "Attributions":
    from xgoals.explain import exact_shapley
    from xgoals.features.catalogue import find_catalogue

    groups = find_catalogue(model.catalogue).groups
    X = shots[list(model.feature_names)]
    return exact_shapley(booster, X, baseline, space="probability", interactions=interactions, groups=groups)
