"""The bookkeeping of runs: what happened, how long it took, which reports and mails came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from xgoals.domain.errors import Problem
from xgoals.domain.pipeline import DAG_ID
from xgoals.domain.secrets import redacted
from xgoals.store.arrivals.home_paths import path_here
from xgoals.store.database import as_json, read_frame
from xgoals.store.derived.states import DerivedState, save_state

if TYPE_CHECKING:
    import pandas as pd

_ANNOUNCED = "page announced "
"""So begin the names under which pages are known, by their hash, while their run has not registered them."""


def open_run(
    connection: Connection,
    run_id: str,
    *,
    feeds: Sequence[str],
    sources: Sequence[str],
    started_at: datetime,
    watched_since: datetime | None = None,
) -> None:
    """Note that a run of the pipeline has begun; a run that is tried again begins anew.

    ``watched_since``: when Airflow has begun it, or gone on with it; None if nobody is told that it is late.
    """
    connection.execute(
        text(
            """insert into run (run_id, feeds, sources, started_at, watched_since)
               values (:run_id, :feeds, :sources, :started_at, :watched_since)
               on conflict (dag_id, run_id) do update set state = 'running', ended_at = null, failed_task = null,
                   error = null, feeds = excluded.feeds, sources = excluded.sources,
                   watched_since = excluded.watched_since"""
        ),
        {
            "run_id": run_id,
            "feeds": list(feeds),
            "sources": list(sources),
            "started_at": started_at,
            "watched_since": watched_since,
        },
    )


def note_figures(
    connection: Connection,
    run_id: str,
    figures: Mapping[str, Any],
    *,
    task: str | None = None,
    seconds: float = 0.0,
) -> None:
    """Add figures to a run, and how long one of its tasks took."""
    timing = {task: round(seconds, 3)} if task else {}
    connection.execute(
        text(
            """update run set figures = figures || cast(:figures as jsonb),
                              seconds_by_task = seconds_by_task || cast(:timing as jsonb)
               where run_id = :run_id"""
        ),
        {"run_id": run_id, "figures": as_json(dict(figures)), "timing": as_json(timing)},
    )


def add_figures(connection: Connection, run_id: str, counts: Mapping[str, int]) -> None:
    """Add numbers to those that a run has: several tasks of one name, at the same time, make one sum."""
    for name, count in counts.items():
        connection.execute(
            text(
                """update run set figures = figures
                       || jsonb_build_object(cast(:name as text), coalesce((figures ->> :name)::int, 0) + :count)
                   where run_id = :run_id"""
            ),
            {"run_id": run_id, "name": name, "count": count},
        )


def add_seconds(connection: Connection, run_id: str, task: str, seconds: float) -> None:
    """Add to the working time of a task of which there are several."""
    connection.execute(
        text(
            """update run set seconds_by_task = seconds_by_task || jsonb_build_object(cast(:task as text),
                   round(coalesce((seconds_by_task ->> :task)::numeric, 0) + cast(:seconds as numeric), 3))
               where run_id = :run_id"""
        ),
        {"run_id": run_id, "task": task, "seconds": seconds},
    )


def close_run(
    connection: Connection,
    run_id: str,
    *,
    state: str,
    ended_at: datetime,
    failed_task: str | None = None,
    error: Mapping[str, Any] | None = None,
    dag_id: str = DAG_ID,
    unless_ended: bool = False,
) -> None:
    """Note how a run ended; nothing is noted of one of a DAG whose runs are not kept here.

    ``unless_ended``: nor of one that has said so itself meanwhile.
    """
    connection.execute(
        text(
            """update run set state = :state, ended_at = :ended_at, failed_task = :failed_task,
                              error = cast(:error as jsonb)
               where (dag_id, run_id) = (:dag_id, :run_id) and (state = 'running' or not :unless_ended)"""
        ),
        {
            "unless_ended": unless_ended,
            "dag_id": dag_id,
            "run_id": run_id,
            "state": state,
            "ended_at": ended_at,
            "failed_task": failed_task,
            "error": as_json(_without_secrets(error)) if error else None,
        },
    )


def read_run(connection: Connection, run_id: str, *, dag_id: str = DAG_ID) -> dict[str, Any] | None:
    """A run as a dictionary."""
    row = connection.execute(
        text("select * from run where (dag_id, run_id) = (:dag_id, :run_id)"),
        {"dag_id": dag_id, "run_id": run_id},
    ).one_or_none()
    return dict(row._mapping) if row else None


def save_report(
    connection: Connection,
    *,
    kind: str,
    scope_id: str,
    title: str,
    path: str,
    model_version: str | None,
    sha256: str,
    run_id: str,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Register a report; the one before it of the same kind and scope is replaced.

    ``path`` is that in the storage. ``facts`` is what the index of reports searches: competition, season, matchday,
    match_date, clubs, players.
    """
    connection.execute(
        text(
            """insert into report (kind, scope_id, title, path, model_version, sha256, run_id, facts)
               values (:kind, :scope_id, :title, :path, :model_version, :sha256, :run_id,
                       cast(:facts as jsonb))
               on conflict (kind, scope_id) do update set title = excluded.title, path = excluded.path,
                   model_version = excluded.model_version, sha256 = excluded.sha256, run_id = excluded.run_id,
                   facts = excluded.facts"""
        ),
        {
            "kind": kind,
            "scope_id": scope_id,
            "title": title,
            "path": path,
            "model_version": model_version,
            "sha256": sha256,
            "run_id": run_id,
            "facts": as_json(dict(facts or {})),
        },
    )


def has_report(connection: Connection, sha256: str) -> bool:
    """Whether a run has written a page of exactly these bytes: one that is registered still, or is about to be."""
    query = text(
        """select exists (select from report where sha256 = :sha256)
               or exists (select from derived_state where name = :announced)"""
    )
    return bool(connection.scalar(query, {"sha256": sha256, "announced": _ANNOUNCED + sha256}))


def announce_report(connection: Connection, sha256: str, path: str) -> None:
    """Say of a page that it is one of ours, before it is written: the transaction that registers it ends later."""
    save_state(connection, _ANNOUNCED + sha256, DerivedState(path))


def forget_announced(connection: Connection) -> None:
    """Of all pages that were announced: they are registered now, or will be written again."""
    connection.execute(
        text("delete from derived_state where starts_with(name, :announced)"), {"announced": _ANNOUNCED}
    )


def list_reports(connection: Connection, run_id: str | None = None) -> list[dict[str, Any]]:
    """Every report that is registered, or those that a run has written."""
    wanted = "true" if run_id is None else "run_id = :run_id"
    rows = connection.execute(
        text(f"select * from report where {wanted} order by kind, title, scope_id"),  # noqa: S608
        {} if run_id is None else {"run_id": run_id},
    )
    return [dict(row._mapping) for row in rows]


def is_chapter(report: Mapping[str, Any]) -> bool:
    """Whether a registered report is a page behind another one: lists name the first page, which leads to it."""
    return "chapter" in report["facts"]


def page_of(connection: Connection, kind: str, scope_id: str) -> str | None:
    """Where the registered report of this kind and scope lies in the storage."""
    query = text("select path from report where (kind, scope_id) = (:kind, :scope_id)")
    path: str | None = connection.scalar(query, {"kind": kind, "scope_id": scope_id})
    return path


def pages_of_model(connection: Connection, model_version: str) -> list[str]:
    """Where the pages of a model lie in the storage that are registered, the first one and its chapters."""
    query = text(
        "select path from report where (kind, model_version) = ('model', :version) order by scope_id"
    )
    return list(connection.scalars(query, {"version": model_version}))


def read_quarantine(connection: Connection) -> "pd.DataFrame":
    """Everything in quarantine: ``path, match_id, place, reason, advice, severity, feed``."""
    found = read_frame(
        connection,
        """select path, match_id, place, reason, advice, severity, feed from quarantine
           order by array_position(array['match', 'shot', 'value'], severity), path, place, reason, match_id, feed""",
    )
    return found.assign(path=[path_here(connection, path) for path in found["path"]])


def quarantined_by(connection: Connection, run_id: str) -> list[Problem]:
    """What this run has left out as a whole, matches first."""
    rows = connection.execute(
        text(
            """select path, match_id, place, reason, advice, severity from quarantine
               where found_by_run = :run_id and severity in ('match', 'shot')
               order by severity, path, place, reason, match_id"""
        ),
        {"run_id": run_id},
    )
    return [Problem(**{**row._mapping, "path": path_here(connection, row.path)}) for row in rows]


_OPEN_COLUMNS = "run_id, feeds, sources, started_at, watched_since, seconds_by_task"


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that has not been closed; ``seconds_by_task`` has the tasks that it has done."""

    run_id: str
    feeds: tuple[str, ...]
    sources: tuple[str, ...]
    started_at: datetime
    watched_since: datetime | None
    seconds_by_task: Mapping[str, float]

    @property
    def is_from_terminal(self) -> bool:
        """Whether it is a step of a terminal, and no run of Airflow's."""
        return self.run_id.startswith("cli__")


def late_runs(connection: Connection, before: datetime) -> list[OpenRun]:
    """Runs that Airflow began before a moment, that are not over, and of which nobody was told that they are late.

    Their rows are locked until the transaction ends: a run cannot be closed while it is being told that it is late.
    """
    rows = connection.execute(
        text(
            f"""select {_OPEN_COLUMNS} from run r
               where state = 'running' and dag_id = :dag_id and watched_since < :before
                 and not exists (select from notification n
                                 where (n.dag_id, n.run_id) = (r.dag_id, r.run_id)
                                   and n.kind = 'warning' and n.matter = 'late')
               order by watched_since for update skip locked"""  # noqa: S608
        ),
        {"before": before, "dag_id": DAG_ID},
    )
    return [_open_run(row) for row in rows]


def runs_that_seem_dead(connection: Connection, besides: str) -> list[OpenRun]:
    """Runs that are not closed, and for which nobody works in this database; the oldest first.

    A step names its run to the server, see :func:`xgoals.store.locks.one_writer`.
    """
    rows = connection.execute(
        text(
            f"""select {_OPEN_COLUMNS} from run r
               where state = 'running' and dag_id = :dag_id and run_id <> :besides
                 and started_at not between now() - interval '1 minute' and now() + interval '1 day'
                 and not exists (select from pg_stat_activity a
                                 where a.datname = current_database()
                                   and starts_with(a.application_name, left('run ' || r.run_id || ',', 63)))
               order by started_at"""  # noqa: S608
        ),
        {"besides": besides, "dag_id": DAG_ID},
    )
    return [_open_run(row) for row in rows]


def note_error(connection: Connection, run_id: str, error: Mapping[str, Any]) -> None:
    """Note why a try of a task fails, before Airflow hears of it: its process may die before it can tell anybody."""
    connection.execute(
        text(
            """update run set error = cast(:error as jsonb)
               where (dag_id, run_id) = (:dag_id, :run_id) and state = 'running'"""
        ),
        {"dag_id": DAG_ID, "run_id": run_id, "error": as_json(_without_secrets(error))},
    )


def _open_run(row: Any) -> OpenRun:
    return OpenRun(
        row.run_id,
        tuple(row.feeds),
        tuple(row.sources),
        row.started_at,
        row.watched_since,
        row.seconds_by_task,
    )


def _without_secrets(error: Mapping[str, Any]) -> dict[str, Any]:
    """Before it is JSON, which writes what is secret in another form."""
    return {name: redacted(value) if isinstance(value, str) else value for name, value in error.items()}
