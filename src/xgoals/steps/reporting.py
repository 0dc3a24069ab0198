"""report: what is stored -> self-contained HTML files under ``XGOALS_HOME/reports``."""

import hashlib
import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from xgoals.domain.errors import XgoalsError
from xgoals.steps.context import RunContext, log, writing
from xgoals.store import explanations as explanation_store
from xgoals.store import features as feature_store
from xgoals.store import matches as match_store
from xgoals.store import registry, runs
from xgoals.store.sql_files import broken_promises


def report(context: RunContext, model_version: str) -> str:
    """Write the model report and register it; the file's path.

    Raises
    ------
    XgoalsError
        If one of the promises in ``sql/checks`` does not hold: a report on inconsistent rows would mislead.
    """
    from xgoals.report import model_report

    with writing(context, "report") as (engine, figures):
        with engine.connect() as connection:
            _check_promises(connection)
            shots = explanation_store.read_explained(connection, model_version)
            window = registry.out_of_fold(connection, model_version)
            shots = shots.merge(window, on="shot_key", how="left", validate="1:1")
            shots["is_held_out"] = shots["is_held_out"].astype("boolean").fillna(False).astype(bool)
            model = model_facts(connection, model_version)
            run = runs.read_run(connection, context.run_id) or {}
            run |= {
                "database": context.database,
                "is_simulated": match_store.is_simulated(connection),
            }
            quarantine = runs.read_quarantine(connection)
        html = model_report(shots, model, run, quarantine)
        path = context.settings.reports / context.database / "model" / f"{model_version}.html"
        digest = write_whole(path, html)
        with engine.begin() as connection:
            runs.save_report(
                connection,
                kind="model",
                scope_id=model_version,
                title=f"Model {model_version}",
                path=str(path),
                model_version=model_version,
                sha256=digest,
                run_id=context.run_id,
            )
        figures["report"] = str(path)
        log.info("report: %s (%d kB)", path, len(html.encode()) // 1000)
    return str(path)


def model_facts(connection: Connection, model_version: str) -> dict[str, Any]:
    """All that is known of a model, as reports take it."""
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
        "decision": {"verdict": decision.verdict, "reason": decision.reason} if decision else None,
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
        "interactions": explanation_store.read_interactions(connection, model_version),
    }


def write_whole(path: Path, text: str) -> str:
    """Write a file so that nobody ever sees half of it; its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    content = text.encode()
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return hashlib.sha256(content).hexdigest()


def _check_promises(connection: Connection) -> None:
    broken = broken_promises(connection)
    if broken:
        listed = ", ".join(f"{name} ({n} rows)" for name, n in broken.items())
        raise XgoalsError(
            f"promises that do not hold: {listed}",
            where="results database",
            advice="Run the queries of sql/checks by these names to see the rows, and run the pipeline again",
        )
