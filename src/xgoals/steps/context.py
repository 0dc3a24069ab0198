"""The run that a step works for, and the frame that every step has: connection, lock, figures."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from xgoals.settings import Database, Settings
from xgoals.store import matches as match_store
from xgoals.store import registry, runs
from xgoals.store.database import connect, one_writer

log = logging.getLogger("xgoals")


SEVERAL = " + "
"""Between the feeds of a run that reads more than one."""
NO_FEED = "no feed"
"""Of a night's run when every inbox is empty."""


@dataclass(frozen=True, slots=True)
class RunContext:
    """The run that a step works for; ``feed`` may name several, each read from its own inbox."""

    settings: Settings
    database: Database
    run_id: str
    feed: str
    source: Path

    def of_feed(self, feed: str) -> "RunContext":
        """The same run as far as it reads one of its feeds."""
        if feed == self.feed:
            return self
        return replace(self, feed=feed, source=self.settings.inbox(feed, self.database))

    def parts(self) -> list["RunContext"]:
        """The run once for each feed that it reads."""
        return [self.of_feed(feed) for feed in self.feed.split(SEVERAL) if feed != NO_FEED]


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
    context: RunContext,
    state: str,
    failed_task: str | None = None,
    error: str | None = None,
    *,
    tell: Callable[[Connection, dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Note how the run ended, and return all that a message about it needs.

    Parameters
    ----------
    tell
        Writes the mails about it down, in the same transaction.
    """
    engine = connect(context.settings, context.database)
    try:
        with engine.begin() as connection:
            runs.close_run(
                connection,
                context.run_id,
                state=state,
                ended_at=datetime.now(UTC),
                failed_task=failed_task,
                error={"what": error} if error else None,
            )
            summary = summary_of(connection, context)
            if tell:
                tell(connection, summary)
    finally:
        engine.dispose()
    return summary


def summary_of(connection: Connection, context: RunContext) -> dict[str, Any]:
    """All that a message about a run needs, at whatever point the run is."""
    known = {"run_id": context.run_id, "feed": context.feed, "source": str(context.source), "figures": {}}
    summary = known | (
        runs.read_run(connection, context.run_id) or {"seconds_by_task": {}, "ended_at": datetime.now(UTC)}
    )
    champion = registry.champion_name(connection)
    if champion:
        summary |= headline(registry.load_model(connection, champion).metrics["held_out"])
    decision = registry.latest_decision(connection)
    decided = ("verdict", "reason", "challenger")
    return summary | {
        "champion": champion,
        "decision": {name: getattr(decision, name) for name in decided} if decision else None,
        "database": context.database,
        "reports": [r for r in runs.list_reports(connection) if r["run_id"] == context.run_id],
        "quarantine": runs.read_quarantine(connection).to_dict("records"),
        "is_simulated": match_store.is_simulated(connection),
    }


def summarise_run(context: RunContext) -> dict[str, Any]:
    """What `close_run` returns, of a run that may still be under way; nothing is written."""
    engine = connect(context.settings, context.database)
    try:
        with engine.connect() as connection:
            return summary_of(connection, context)
    finally:
        engine.dispose()


@contextmanager
def writing(
    context: RunContext, task: str, *, beside_its_like: bool = False
) -> Iterator[tuple[Engine, dict[str, Any]]]:
    """The frame of every step: a connection, the writers' lock, and figures that end up in the run's row.

    ``beside_its_like``: several of this task may work at the same time; figures (numbers) and seconds add up.
    """
    who = f"run {context.run_id}, {task}"
    engine = connect(context.settings, context.database, application=f"xgoals {task}")
    try:
        with one_writer(engine, who, log.info, beside_its_like=beside_its_like):
            began = time.monotonic()
            figures: dict[str, Any] = {}
            yield engine, figures
            with engine.begin() as connection:
                seconds = time.monotonic() - began
                if beside_its_like:
                    runs.add_seconds(connection, context.run_id, task, seconds)
                    runs.add_figures(connection, context.run_id, figures)
                else:
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
