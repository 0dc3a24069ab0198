"""explain: champion, baseline and features -> values of every shot, checked one by one, and their summaries."""

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from xgoals.domain.model import NO_MODEL
from xgoals.domain.trouble import Trouble
from xgoals.steps.code_version import release_key
from xgoals.steps.explaining.beside import is_unmeasured, measured_beside
from xgoals.steps.explaining.comparisons import compare_and_measure
from xgoals.steps.explaining.fairness import measure_fairness
from xgoals.steps.explaining.reasons import Wanted, explain_reasons
from xgoals.steps.levels.judge_providers import judge_providers
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import explanations as store
from xgoals.store import features as feature_store
from xgoals.store.database import analyse
from xgoals.store.derived.states import Content, DerivedState, read_state, save_state, state_key
from xgoals.store.drift.points import drift_figures
from xgoals.store.levels.shared import copy_explanations
from xgoals.store.published import publish
from xgoals.store.registry import champion_by_now
from xgoals.store.troubles import save_troubles

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import xgboost
    from sqlalchemy import Connection, Engine

    from xgoals.explain import Attributions
    from xgoals.steps.explaining.explainer import Explainer

METHOD = "exact Shapley values, one baseline row"
N_LIBRARY_SAMPLE = 200
"""Shots of each run whose values are compared with the shap library's."""
BLOCK = 50_000
"""Shots that are explained at once."""
STATE = "explanations"
NOT_MEASURED = "not measured"
"""The state that what failed beside leaves: the next night tries again, though nothing be new."""
DERIVED_FROM: tuple[Content, ...] = (
    "match", "team", "shot", "shot_feature", "shot_xg", "shot_explanation", "out_of_fold", "model_version", "baseline",
    "global_explanation", "interaction_explanation", "shot_interaction", "model_sister", "model_match", "drift_point",
)  # fmt: skip
"""What decides whether there is anything to explain, to publish, to sum up or to warn of; the results among it."""


def explain(context: RunContext, model_version: str, *, reasons: Wanted = "in-time") -> str:
    """Score and explain every shot that has no values for its present features under this model.

    What is published anew gets reasons, too: as many as there is time for, all of them, or none now.

    That is the champion of the moment, and what is returned, where it has been exchanged since the run was given one.

    There is nothing to do where there is no model yet (`NO_MODEL`). Where nothing has changed since it was done last,
    nothing is read: xgboost, numba and pandas take seconds to be imported alone, and are imported once there is work.

    Raises
    ------
    ModelError
        If the values of any shot do not add up to its prediction; nothing is stored then.
    """
    if model_version == NO_MODEL:
        log.info("nothing to do yet: there is no model")
        return NO_MODEL
    with writing(context, "explain") as (engine, figures):
        with engine.connect() as connection:
            model_version = champion_by_now(connection, model_version, log.info)
            known = read_state(connection, STATE)
            is_news = known is None or known.state_key != _state_key(connection, model_version, context)
        if known is None or is_news:
            known = _explain_news(engine, context, model_version, figures)
        else:
            log.info("nothing is new: %d shots stay explained as they are", known.facts["n_shots"])
            figures.update(shots_explained=0, shots_explained_before=known.facts["n_shots"])
        figures.update(_reasons(engine, context, model_version, reasons))
        figures.update(compare_and_measure(engine, model_version))
        drift = known.facts["drift"]
        unfair = measured_beside("fairness", lambda: measure_fairness(engine, context, model_version))
        troubles = [*([Trouble(**drift)] if drift else []), *([unfair] if unfair else [])]
        with engine.begin() as connection:
            save_troubles(connection, context.run_id, "explain", troubles)
    return model_version


def _reasons(engine: "Engine", context: RunContext, model_version: str, wanted: Wanted) -> dict[str, Any]:
    return explain_reasons(
        engine, model_version, wanted, budget_s=60 * context.settings.limits.reasons_minutes
    )


def _state_key(connection: "Connection", model_version: str, context: RunContext) -> str:
    limit = context.settings.drift.attribution_ndcg_below
    return state_key(connection, DERIVED_FROM, model_version, release_key(), limit)


def _explain_news(
    engine: "Engine", context: RunContext, model_version: str, figures: dict[str, Any]
) -> DerivedState:
    """Explain, publish, sum up, look for drift; from what all of it was derived."""
    from xgoals.steps.explaining.explainer import Explainer
    from xgoals.steps.explaining.honest import prepare_sisters
    from xgoals.steps.explaining.summaries import keep_latest_interactions, update_summaries

    began = time.monotonic()
    with engine.begin() as connection:
        prepare_sisters(connection, model_version)
        explainer = Explainer.load(connection, model_version)
        n_shots = feature_store.count_features(
            connection, explainer.model.catalogue, explainer.model.catalogue_version
        )
        check = _explain_fresh(connection, context, explainer)
        if check:  # a new champion's numbers, of which the planner knows nothing, are joined with all those before them
            analyse(connection, "shot_xg")
        published = publish(connection, model_version)
        judge_providers(connection, model_version)
        if check:  # after it: which numbers are published decides how they are looked for
            analyse(connection, "shot_xg", "shot_explanation")
        n_summed = update_summaries(connection, explainer)
        keep_latest_interactions(connection, explainer)
        if check:
            seconds = time.monotonic() - began
            store.save_check(connection, model_version, check | {"seconds": seconds})
            figures.update({name: check[name] for name in ("additivity_max_error", "library_max_error")})
    n_fresh = int(check["n_shots"]) if check else 0
    figures.update(shots_explained=n_fresh, shots_explained_before=n_shots - n_fresh)
    log.info(
        "%d shots explained, %d numbers published, %d sums of teams anew",
        n_fresh,
        published.n_numbers,
        n_summed,
    )
    if published.n_own_corrections:
        figures["numbers_corrected"] = published.n_own_corrections
        log.info(
            "%d published numbers came from a model that had learned from the match: they are corrected, the old ones "
            "are kept, and nobody is mailed",
            published.n_own_corrections,
        )
    with engine.begin() as connection:
        drift = measured_beside("drift", lambda: _drift(connection, explainer, context))
        is_measured = drift is None or not is_unmeasured(drift)
        facts = {
            "n_shots": n_shots,
            "drift": asdict(drift) if drift else None,
            "is_drifting": drift is not None and is_measured,
            **drift_figures(connection, model_version),
        }
        key = _state_key(connection, model_version, context) if is_measured else NOT_MEASURED
        state = DerivedState(key, facts)
        save_state(connection, STATE, state)
    return state


def _drift(connection: "Connection", explainer: "Explainer", context: RunContext) -> Trouble | None:
    """As far as it was stored when it failed, it is undone, and nothing else of the transaction."""
    from xgoals.steps.explaining.drift import drift_since_window

    with connection.begin_nested():
        return drift_since_window(connection, explainer.model, context.settings)


def _explain_fresh(
    connection: "Connection", context: RunContext, explainer: "Explainer"
) -> dict[str, Any] | None:
    """Explain what this model has not explained, block by block; how exactly, or None where that is nothing."""
    if n_same := copy_explanations(connection, explainer.model, context.run_id):
        log.info("%d shots are explained by trees that had explained them before", n_same)
    fresh = store.unexplained(connection, explainer.model)
    n_fresh = len(fresh["features_key"])
    if not n_fresh:
        return None
    from xgoals.model.artifact import by_sister
    from xgoals.store.bulk.arrays import blocks

    gap, difference, n_sample = 0.0, 0.0, 0
    for sister, of_sister in by_sister(fresh["sister"]):
        thinned, every = (
            [],
            -(-len(of_sister) // BLOCK),
        )  # of so many shots one may be compared with the library
        for block in blocks(len(of_sister), BLOCK):
            part = {name: keys[of_sister[block]] for name, keys in fresh.items()}
            X = explainer.features(connection, part["features_key"])
            found = explainer.values(X, sister)
            gap = max(gap, _largest_gap(connection, explainer.booster_of(sister), part["shot_key"], X, found))
            _save(connection, context, explainer, part, found)
            thinned.append(X[-block.start % every :: every])
        compared = _compare_with_library(explainer, sister, thinned, share=len(of_sister) / n_fresh)
        difference, n_sample = max(difference, compared[0]), n_sample + compared[1]
    return {
        "method": METHOD,
        "space": found.space,
        "n_shots": n_fresh,
        "additivity_max_error": gap,
        "library_max_error": difference,
        "n_library_sample": n_sample,
    }


def _compare_with_library(
    explainer: "Explainer", sister: int, rows: "list[npt.NDArray[np.float64]]", *, share: float
) -> tuple[float, int]:
    """The largest difference from the shap library on a sample of one booster's shots, and how many were compared."""
    import numpy as np

    from xgoals.explain.verify import compare_with_shap

    sample = np.concatenate(rows)
    n_sample = min(max(1, round(share * N_LIBRARY_SAMPLE)), len(sample))
    booster, seed = explainer.booster_of(sister), explainer.model.seed
    return compare_with_shap(booster, sample, explainer.baseline, sample=n_sample, seed=seed), n_sample


def _largest_gap(
    connection: "Connection",
    booster: "xgboost.Booster",
    shot_keys: "npt.NDArray[np.int64]",
    X: "npt.NDArray[np.float64]",
    found: "Attributions",
) -> float:
    """How far any shot's values are from adding up to its prediction."""
    from xgoals.explain.verify import verify_additivity

    ids = [f"shot {label}" for label in feature_store.shot_labels(connection, shot_keys)]
    gaps = verify_additivity(found, booster, X, ids=ids)
    return max(gaps.to_engine, gaps.to_booster)


def _save(
    connection: "Connection",
    context: RunContext,
    explainer: "Explainer",
    shots: "dict[str, npt.NDArray[np.int64]]",
    found: "Attributions",
) -> None:
    assert found.group_values is not None  # noqa: S101  (groups were asked for)
    store.save_explanations(
        connection,
        explainer.model.model_version,
        shots,
        shap_values=found.values,
        group_values=found.group_values,
        base_value=found.base_value,
        predictions=found.predictions,
        xg=found.predictions,
        run_id=context.run_id,
    )
