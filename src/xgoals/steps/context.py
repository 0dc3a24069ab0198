"""The run that a step works for, and the frame that every step has: connection, lock, figures."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from xgoals.settings import Database, Settings
from xgoals.store import matches as match_store
from xgoals.store import registry, runs
from xgoals.store.database import connect, one_writer

log = logging.getLogger("xgoals")


@dataclass(frozen=True, slots=True)
class RunContext:
    """The run that a step works for."""

    settings: Settings
    database: Database
    run_id: str
    feed: str
    source: Path


def open_run(
    settings: Settings,
    *,
    database: Database,
    feed: str,
    source: Path,
    dag_run_id: str,
    started_at: datetime | None,
) -> RunContext:
    """Note that a run has begun, once; every task of the run may call this."""
    engine = connect(settings, database)
    with engine.begin() as connection:
        known = runs.read_run(connection, dag_run_id)
        if known is None or known["state"] != "running":
            runs.open_run(
                connection,
                dag_run_id,
                feed=feed,
                source=str(source),
                started_at=started_at or datetime.now(UTC),
            )
    engine.dispose()
    return RunContext(settings, database, dag_run_id, feed, source)


def close_run(
    context: RunContext, state: str, failed_task: str | None = None, error: str | None = None
) -> dict[str, Any]:
    """Note how the run ended, and return all that a message about it needs."""
    engine = connect(context.settings, context.database)
    with engine.begin() as connection:
        runs.close_run(
            connection,
            context.run_id,
            state=state,
            ended_at=datetime.now(UTC),
            failed_task=failed_task,
            error={"what": error} if error else None,
        )
        summary = _summary(connection, context.run_id)
    engine.dispose()
    return summary | {"database": context.database}


def summarise_run(context: RunContext) -> dict[str, Any]:
    """What `close_run` returns, of a run that may still be under way; nothing is written."""
    engine = connect(context.settings, context.database)
    with engine.connect() as connection:
        summary = _summary(connection, context.run_id)
    engine.dispose()
    return summary | {"database": context.database}


def _summary(connection: Connection, run_id: str) -> dict[str, Any]:
    summary = runs.read_run(connection, run_id) or {}
    champion = registry.champion_name(connection)
    summary["champion"] = champion
    if champion:
        summary |= headline(registry.load_model(connection, champion).metrics["held_out"])
    decision = registry.latest_decision(connection)
    summary["decision"] = {"verdict": decision.verdict, "reason": decision.reason} if decision else None
    summary["reports"] = [r for r in runs.list_reports(connection) if r["run_id"] == run_id]
    summary["quarantine"] = runs.read_quarantine(connection).to_dict("records")
    summary["is_simulated"] = match_store.is_simulated(connection)
    return summary


@contextmanager
def writing(context: RunContext, task: str) -> Iterator[tuple[Engine, dict[str, Any]]]:
    """The frame of every step: a connection, the writers' lock, and figures that end up in the run's row."""
    who = f"run {context.run_id}, {task}"
    engine = connect(context.settings, context.database, application=f"xgoals {task}")
    try:
        with one_writer(engine, who, log.info):
            began = time.monotonic()
            figures: dict[str, Any] = {}
            yield engine, figures
            with engine.begin() as connection:
                seconds = time.monotonic() - began
                runs.note_figures(connection, context.run_id, figures, task=task, seconds=seconds)
    finally:
        engine.dispose()


def headline(metrics: Mapping[str, Any]) -> dict[str, float | None]:
    """The figures of a part of a model's metrics that people ask for first."""
    provider = metrics["provider"] or {}
    return {
        "auc": metrics["model"]["auc"],
        "log_loss": metrics["model"]["log_loss"],
        "provider_auc": provider.get("auc"),
        "provider_log_loss": provider.get("log_loss"),
    }
