"""All that is known of a model, as pages and mails take it."""

from typing import Any

from sqlalchemy import Connection

from xgoals.store import explanations as explanation_store
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store.comparisons.fairness import read_bias
from xgoals.store.comparisons.trust import read_refits, read_trust
from xgoals.store.levels.judged import read_levels
from xgoals.store.told.xg_quantiles import read_xg_quantiles


def model_facts(connection: Connection, model_version: str) -> dict[str, Any]:
    """All that is known of a model, as reports take it.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    from xgoals.analysis.facts.rank import MIN_SHOTS
    from xgoals.features.catalogue import find_catalogue

    model = registry.load_model(connection, model_version)
    baseline = registry.load_baseline(connection, model_version) or {}
    check = explanation_store.read_check(connection, model_version) or {}
    decision = registry.decision_about(connection, model_version)
    return {
        "model_version": model_version,
        "catalogue": model.catalogue,
        "catalogue_version": model.catalogue_version,
        "features": feature_store.definitions(connection, model.catalogue, model.catalogue_version),
        "params": dict(model.parameters),
        "trees_in_booster": model.trees_in_booster,
        "seed": model.seed,
        "window_from": model.window_from,
        "window_to": model.window_to,
        "n_matches": model.n_matches,
        "n_shots": model.n_shots,
        "n_goals": model.n_goals,
        "library_versions": dict(model.library_versions),
        "created_at": model.created_at,
        "sha256": model.sha256,
        "metrics": dict(model.metrics),
        "levels": read_levels(connection, model_version),
        "decision": {
            "verdict": decision.verdict,
            "reason": decision.reason,
            "is_first": decision.champion_before is None,
        }
        if decision
        else None,
        "baseline": baseline.get("values", {}),
        "goal_rate": baseline.get("goal_rate"),
        "mean_prediction": baseline.get("mean_prediction"),
        "prediction_at_baseline": baseline.get("prediction_at_baseline"),
        "space": check.get("space"),
        "method": check.get("method"),
        "additivity_max_error": check.get("additivity_max_error"),
        "library_max_error": check.get("library_max_error"),
        "n_library_sample": check.get("n_library_sample"),
        "explain_seconds": check.get("seconds"),
        "xg_quantiles": read_xg_quantiles(
            connection,
            model_version,
            min_shots=MIN_SHOTS,
            asks_for_people=find_catalogue(model.catalogue).asks_for_people,
        ),
        "trust": [*read_trust(connection, model_version), *read_refits(connection, model_version)],
        "fairness": read_bias(connection, model_version),
        "interactions": explanation_store.read_interactions(connection, model_version),
    }
