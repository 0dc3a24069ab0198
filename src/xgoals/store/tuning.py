"""Searches for parameters: Optuna's own tables in a schema of their own, and what came of finished searches."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text

from xgoals.store.database import as_json

if TYPE_CHECKING:
    import optuna

STUDY_SCHEMA = "optuna"


@contextmanager
def open_study(engine: Engine, name: str) -> "Iterator[optuna.Study]":
    """The study of that name, a new one or one that was interrupted."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = optuna.storages.RDBStorage(
        engine.url.render_as_string(hide_password=False),
        engine_kwargs={
            "connect_args": {"options": f"-c search_path={STUDY_SCHEMA}", "application_name": "xgoals tune"},
        },
    )
    try:
        yield optuna.create_study(
            storage=storage,
            study_name=name,
            direction="maximize",
            pruner=optuna.pruners.MedianPruner(n_startup_trials=8),
            load_if_exists=True,
        )
    finally:
        storage.engine.dispose()


def save_result(
    connection: Connection,
    *,
    catalogue: str,
    catalogue_version: int,
    study_name: str,
    parameters: Mapping[str, Any],
    is_adopted: bool,
    reason: str,
    evidence: Mapping[str, Any],
    run_id: str,
    searched_at: datetime,
) -> None:
    """Store what a search found."""
    connection.execute(
        text(
            """insert into tuning_result (catalogue, catalogue_version, study_name, parameters, is_adopted, reason,
                                          evidence, run_id, searched_at)
               values (:catalogue, :version, :study_name, cast(:parameters as jsonb), :is_adopted, :reason,
                       cast(:evidence as jsonb), :run_id, :searched_at)"""
        ),
        {
            "catalogue": catalogue,
            "version": catalogue_version,
            "study_name": study_name,
            "parameters": as_json(dict(parameters)),
            "is_adopted": is_adopted,
            "reason": reason,
            "evidence": as_json(dict(evidence)),
            "run_id": run_id,
            "searched_at": searched_at,
        },
    )


def latest_result(
    connection: Connection, catalogue: str, version: int, *, adopted_only: bool = False
) -> dict[str, Any] | None:
    """The latest search of a catalogue: ``parameters, is_adopted, reason, evidence, study_name, searched_at``."""
    row = connection.execute(
        text(
            """select parameters, is_adopted, reason, evidence, study_name, searched_at from tuning_result
               where (catalogue, catalogue_version) = (:catalogue, :version) and (is_adopted or not :adopted_only)
               order by tuning_n desc limit 1"""
        ),
        {"catalogue": catalogue, "version": version, "adopted_only": adopted_only},
    ).one_or_none()
    return dict(row._mapping) if row else None
