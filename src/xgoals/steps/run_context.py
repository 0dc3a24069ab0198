"""The run that a step works for, and the frame that every step has: connection, lock, figures."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from xgoals.domain.errors import StoreError
from xgoals.domain.pipeline import DAG_ID
from xgoals.domain.text import printable
from xgoals.logs import about
from xgoals.settings import Database, Settings
from xgoals.store import matches as match_store
from xgoals.store import registry, runs
from xgoals.store.arrivals import found_matches, inbox_events
from xgoals.store.database import connect
from xgoals.store.locks import one_writer
from xgoals.store.monitoring.kept_counts import keep_counts
from xgoals.store.outages import outages_told

log = logging.getLogger("xgoals")


@dataclass(frozen=True, slots=True)
class FeedSource:
    """What a run reads of one feed: the kind of the files, and their folder (of an archive also the file itself)."""

    feed: str
    path: Path


@dataclass(frozen=True, slots=True)
class RunContext:
    """The run that a step works for.

    Attributes
    ----------
    sources
        One for each feed that the run reads; none for a run that reads nothing, as a night with empty inboxes.
    dag_id
        The DAG that it is a run of: two of them may have runs of one id. Steps of a terminal count as the pipeline's.
    """

    settings: Settings
    database: Database
    run_id: str
    sources: tuple[FeedSource, ...] = ()
    dag_id: str = DAG_ID

    @property
    def is_pipeline(self) -> bool:
        """Whether it is a run of the pipeline: what those have done is kept in the results."""
        return self.dag_id == DAG_ID

    def source_of(self, feed: str) -> FeedSource:
        """The source of one of the run's feeds.

        Raises
        ------
        KeyError
            If the run does not read this feed.
        """
        for source in self.sources:
            if source.feed == feed:
                return source
        raise KeyError(feed)

    def is_inbox(self, source: FeedSource) -> bool:
        """Whether a source is where the feed's files land by themselves."""
        return source.path == self.settings.inbox(source.feed, self.database)


def open_run(
    settings: Settings,
    *,
    database: Database,
    sources: Sequence[FeedSource],
    dag_run_id: str,
    started_at: datetime | None,
    watched_since: datetime | None = None,
    lists_sources: bool = True,
) -> RunContext:
    """Note that a run has begun, once; every task of the run may call this.

    Parameters
    ----------
    watched_since
        When Airflow has begun it, or gone on with it after it was cleared.
    lists_sources
        Whether this task says which sources the run has. The others keep to what is noted: they may work on a machine
        that sees fewer of them.
    """
    engine = connect(settings, database)
    with engine.begin() as connection:
        known = runs.read_run(connection, dag_run_id)
        if known and not lists_sources:
            given = {source.feed: source for source in sources}
            noted = zip(known["feeds"], known["sources"], strict=True)
            sources = [given.get(feed) or FeedSource(feed, Path(path)) for feed, path in noted]
        before = (known["state"], known["watched_since"], known["sources"]) if known else None
        if before != ("running", watched_since, [str(source.path) for source in sources]):
            runs.open_run(
                connection,
                dag_run_id,
                feeds=[source.feed for source in sources],
                sources=[str(source.path) for source in sources],
                started_at=started_at or datetime.now(UTC),
                watched_since=watched_since,
            )
    engine.dispose()
    return RunContext(settings, database, dag_run_id, tuple(sources))


def close_run(
    context: RunContext,
    state: str,
    failed_task: str | None = None,
    error: str | None = None,
    *,
    unless_ended: bool = False,
    enqueue_mails: Callable[[Connection, dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Note how the run ended, and return all that a message about it needs.

    Parameters
    ----------
    unless_ended
        Nothing is noted of a run that has said meanwhile how it ended.
    enqueue_mails
        Writes the mails about it down, in the same transaction.
    """
    engine, now = connect(context.settings, context.database), datetime.now(UTC)
    try:
        with engine.begin() as connection:
            runs.close_run(
                connection,
                context.run_id,
                state=state,
                ended_at=now,
                failed_task=failed_task,
                error={"what": error} if error else None,
                dag_id=context.dag_id,
                unless_ended=unless_ended,
            )
            if state == "success":
                inbox_events.finish(connection, context.run_id, now)
                found_matches.forget(connection, context.run_id)
            summary = summary_of(connection, context)
            if enqueue_mails:
                enqueue_mails(connection, summary)
    finally:
        engine.dispose()
    return summary


def close_if_open(context: RunContext) -> None:
    """Note that a run has come to its end, unless it is noted how it ended."""
    engine = connect(context.settings, context.database)
    with engine.connect() as connection:
        known = runs.read_run(connection, context.run_id, dag_id=context.dag_id)
    engine.dispose()
    if known and known["state"] == "running":
        close_run(context, "success")


def summary_of(connection: Connection, context: RunContext) -> dict[str, Any]:
    """All that a message about a run needs, at whatever point the run is."""
    known = described(context) | {"figures": {}}
    noted = runs.read_run(connection, context.run_id, dag_id=context.dag_id)
    summary = known | (noted or {"seconds_by_task": {}, "ended_at": datetime.now(UTC)})
    champion = registry.champion_name(connection)
    if champion:
        summary |= headline(registry.load_model(connection, champion).metrics["held_out"])
    decision = registry.latest_decision(connection)
    decided = ("verdict", "reason", "challenger")
    return summary | {
        "champion": champion,
        "decision": {name: getattr(decision, name) for name in decided} if decision else None,
        "database": context.database,
        "reports": runs.list_reports(connection, context.run_id),
        "quarantine": runs.read_quarantine(connection).to_dict("records"),
        "is_simulated": match_store.is_simulated(connection),
    }


def described(context: RunContext) -> dict[str, Any]:
    """Which run it is, in values that messages and pages tell."""
    return {
        "dag_id": context.dag_id,
        "run_id": context.run_id,
        "database": context.database,
        "feeds": [source.feed for source in context.sources],
        "sources": [printable(str(source.path)) for source in context.sources],
    }


def run_of_row(settings: Settings, database: Database, run: runs.OpenRun) -> RunContext:
    """The run of a row, as it was opened."""
    sources = zip(run.feeds, run.sources, strict=False)
    return RunContext(
        settings, database, run.run_id, tuple(FeedSource(feed, Path(path)) for feed, path in sources)
    )


def note_error(context: RunContext, error: Mapping[str, Any]) -> None:
    """Note why a try of a task fails; a database that does not answer is what failed, most likely."""
    try:
        engine = connect(context.settings, context.database, statement_timeout_s=30)
    except StoreError:
        return
    try:
        with engine.begin() as connection:
            runs.note_error(connection, context.run_id, error)
    except DBAPIError as problem:
        log.debug("the error could not be noted: %s", problem)
    finally:
        engine.dispose()


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
    context: RunContext, task: str, *, shared: bool = False
) -> Iterator[tuple[Engine, dict[str, Any]]]:
    """The frame of every step: a connection, the writers' lock, and figures that end up in the run's row.

    ``shared``: several of this task may work at the same time; figures (numbers) and seconds add up.
    """
    who = f"run {context.run_id}, {task}"
    limits = context.settings.limits
    named = about(context.settings, run_id=context.run_id, step=task, database=context.database)
    with named, outages_told():
        engine = connect(
            context.settings,
            context.database,
            application=f"xgoals {task}",
            statement_timeout_s=limits.task_timeout(task).total_seconds(),
        )
        try:
            with one_writer(engine, who, log.info, shared=shared, patience=limits.wait):
                began = time.monotonic()
                figures: dict[str, Any] = {}
                yield engine, figures
                _note_work(engine, context, task, figures, time.monotonic() - began, shared=shared)
        finally:
            engine.dispose()


def _note_work(
    engine: Engine,
    context: RunContext,
    task: str,
    figures: Mapping[str, Any],
    seconds: float,
    *,
    shared: bool,
) -> None:
    with engine.begin() as connection:
        if shared:
            runs.add_seconds(connection, context.run_id, task, seconds)
            runs.add_figures(connection, context.run_id, figures)
        else:
            runs.note_figures(connection, context.run_id, figures, task=task, seconds=seconds)
            keep_counts(connection)


def headline(metrics: Mapping[str, Any]) -> dict[str, float | None]:
    """The figures of a part of a model's metrics that people ask for first."""
    provider = metrics["provider"] or {}
    return {
        "auc": metrics["model"]["auc"],
        "log_loss": metrics["model"]["log_loss"],
        "provider_auc": provider.get("auc"),
        "provider_log_loss": provider.get("log_loss"),
    }
