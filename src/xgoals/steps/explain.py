"""explain: champion, baseline and features -> values of every shot, checked one by one, and their summaries."""

import time
from typing import TYPE_CHECKING

from xgoals.domain.errors import ModelError
from xgoals.domain.trouble import Trouble
from xgoals.steps.register import NO_MODEL
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import explanations as store
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store.troubles import save_troubles

if TYPE_CHECKING:
    import pandas as pd
    import xgboost
    from sqlalchemy import Connection, Engine

    from xgoals.domain.model import ModelVersion
    from xgoals.explain import Attributions

METHOD = "exact Shapley values, one baseline row"
N_LIBRARY_SAMPLE = 200
"""Shots of each run whose values are compared with the shap library's."""
BLOCK = 20_000
"""Shots whose interaction matrices are held at once (46 MB)."""


def explain(context: RunContext, model_version: str) -> str:
    """Score and explain every shot that has no values for its present features under this model.

    There is nothing to do where there is no model yet (`NO_MODEL`).

    Raises
    ------
    ModelError
        If the values of any shot do not add up to its prediction; nothing is stored then.
    """
    from xgoals.model.artifact import load_booster

    if model_version == NO_MODEL:
        log.info("nothing to do yet: there is no model")
        return NO_MODEL
    with writing(context, "explain") as (engine, figures):
        with engine.connect() as connection:
            model = registry.load_model(connection, model_version)
            shots = feature_store.read_features(connection, model.catalogue, model.catalogue_version)
            done = store.explained_keys(connection, model_version)
            window = registry.out_of_fold(connection, model_version).set_index("shot_key")["xg_out_of_fold"]
            baseline = _baseline(connection, model)
        fresh = shots[~shots["features_key"].isin(done)].reset_index(drop=True)
        figures.update(shots_explained=len(fresh), shots_explained_before=len(shots) - len(fresh))
        drift = _drift(model, shots, window)
        if fresh.empty:
            log.info("every shot is explained already")
            _follow_corrections(engine, model, baseline, shots)
            _save_drift(engine, context, drift)
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
        _save_drift(engine, context, drift)
        figures.update({name: check[name] for name in ("additivity_max_error", "library_max_error")})
        log.info("%d shots explained, checked, summarised and stored in %.1f s", len(fresh), seconds)
    return model_version


def _drift(model: "ModelVersion", shots: "pd.DataFrame", window: "pd.Series[float]") -> Trouble | None:
    """What a person should know if the shots of matches that the model has not learned from are unlike its window.

    ``window``: out-of-fold xG by ``shot_key``. Shots that came later to a match of the window are left aside.
    """
    import pandas as pd

    from xgoals.features.catalogue import find_catalogue
    from xgoals.model.artifact import load_booster, predict
    from xgoals.model.drift import find_drift

    is_known = shots["shot_key"].isin(window.index)
    match_is_known = is_known.groupby([shots["provider"], shots["match_id"]]).transform("any")
    compared = shots[~shots["is_penalty"] & (is_known | ~match_is_known)]
    xg = pd.Series(predict(load_booster(model), compared[list(model.feature_names)]), index=compared.index)
    features = [f for f in find_catalogue(model.catalogue).features if f.name in model.feature_names]
    drift = find_drift(
        compared,
        ~is_known[compared.index].to_numpy(dtype=bool),
        {feature.name: feature.kind for feature in features},
        compared["shot_key"].map(window).fillna(xg),
        seed=model.seed,
    )
    if drift is None or not drift.is_any:
        return None
    found = drift.sentence({feature.name: feature.label for feature in features})
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


def _save_drift(engine: "Engine", context: RunContext, drift: Trouble | None) -> None:
    with engine.begin() as connection:
        save_troubles(connection, context.run_id, "explain", [drift] if drift else [])


def _follow_corrections(
    engine: "Engine", model: "ModelVersion", baseline: "pd.Series[float]", shots: "pd.DataFrame"
) -> None:
    """What withdrawn shots and corrections that were taken back change, though there is nothing to compute."""
    from xgoals.model.artifact import load_booster

    n_counted = int((~shots["is_penalty"]).sum())
    with engine.begin() as connection:
        n_published = store.publish(connection, model.model_version)
        if n_published or store.summarised_shots(connection, model.model_version) != n_counted:
            _summarise(connection, model, load_booster(model), baseline, shots)
            log.info("%d numbers published again; summaries over %d shots", n_published, n_counted)


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


def _check(
    booster: "xgboost.Booster",
    shots: "pd.DataFrame",
    model: "ModelVersion",
    baseline: "pd.Series[float]",
    attributions: "Attributions",
) -> dict[str, object]:
    """Every shot's values must add up; a sample must agree with the shap library."""
    from xgoals.explain.verify import compare_with_shap, verify_additivity

    X = shots[list(model.feature_names)]
    ids = (shots["match_id"] + "/" + shots["shot_id"]).tolist()
    gaps = verify_additivity(attributions, booster, X, ids=ids)
    sample = min(N_LIBRARY_SAMPLE, len(X))
    return {
        "method": METHOD,
        "space": attributions.space,
        "n_shots": len(X),
        "additivity_max_error": max(gaps.to_engine, gaps.to_booster),
        "library_max_error": compare_with_shap(booster, X, baseline, sample=sample, seed=model.seed),
        "n_library_sample": sample,
    }


def _save(
    connection: "Connection",
    context: RunContext,
    model: "ModelVersion",
    shots: "pd.DataFrame",
    attributions: "Attributions",
) -> None:
    assert attributions.group_values is not None  # noqa: S101  (groups were asked for)
    store.save_explanations(
        connection,
        model.model_version,
        shots,
        shap_values=attributions.values,
        group_values=attributions.group_values,
        base_value=attributions.base_value,
        predictions=attributions.predictions,
        xg=attributions.predictions,
        run_id=context.run_id,
    )


def _summarise(
    connection: "Connection",
    model: "ModelVersion",
    booster: "xgboost.Booster",
    baseline: "pd.Series[float]",
    shots: "pd.DataFrame",
) -> None:
    """Store the summaries over all shots, and the interaction matrices of the latest matchdays."""
    from xgoals.analysis.global_summary import global_summary
    from xgoals.analysis.interactions import PairSums

    explained = store.read_explained(connection, model.model_version)
    explained = explained[~explained["is_penalty"]]
    store.save_global(connection, model.model_version, global_summary(explained, model.feature_names))

    counted = shots[~shots["is_penalty"]]
    pairs = PairSums(model.feature_names)
    for start in range(0, len(counted), BLOCK):
        block = _explain(booster, counted.iloc[start : start + BLOCK], model, baseline, interactions=True)
        assert block.interactions is not None  # noqa: S101  (they were asked for)
        pairs.add(block.interactions)
    store.save_interactions(connection, model.model_version, len(counted), pairs.mean_abs())

    latest = shots[of_latest_matchday(shots)]
    matrices = _explain(booster, latest, model, baseline, interactions=True).interactions
    assert matrices is not None  # noqa: S101  (they were asked for)
    store.save_shot_interactions(connection, model.model_version, latest, matrices)


def of_latest_matchday(rows: "pd.DataFrame") -> "pd.Series[bool]":
    """Which rows belong to the latest matchday of their competition (without matchdays: to the latest date).

    Parameters
    ----------
    rows
        Shots or matches with ``competition, season, matchday, match_date``.
    """
    latest = rows.sort_values("match_date", kind="stable").drop_duplicates("competition", keep="last")
    latest = latest.set_index("competition")
    same_date = rows["match_date"].eq(rows["competition"].map(latest["match_date"]))
    same_season = rows["season"].eq(rows["competition"].map(latest["season"]))
    same_matchday = rows["matchday"].eq(rows["competition"].map(latest["matchday"]))
    return same_date | (same_season & same_matchday)
