"""The bookkeeping of runs: what happened, how long it took, which reports and mails came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from xgoals.domain.errors import Problem
from xgoals.store.database import as_json, read_frame

if TYPE_CHECKING:
    import pandas as pd


def open_run(
    connection: Connection,
    run_id: str,
    *,
    feeds: Sequence[str],
    sources: Sequence[str],
    started_at: datetime,
) -> None:
    """Note that a run has begun; a run that is tried again begins anew."""
    connection.execute(
        text(
            """insert into run (run_id, feeds, sources, started_at)
               values (:run_id, :feeds, :sources, :started_at)
               on conflict (run_id) do update set state = 'running', ended_at = null, failed_task = null,
                   error = null, feeds = excluded.feeds, sources = excluded.sources"""
        ),
        {"run_id": run_id, "feeds": list(feeds), "sources": list(sources), "started_at": started_at},
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
) -> None:
    """Note how a run ended."""
    connection.execute(
        text(
            """update run set state = :state, ended_at = :ended_at, failed_task = :failed_task,
                              error = cast(:error as jsonb)
               where run_id = :run_id"""
        ),
        {
            "run_id": run_id,
            "state": state,
            "ended_at": ended_at,
            "failed_task": failed_task,
            "error": as_json(error) if error else None,
        },
    )


def read_run(connection: Connection, run_id: str) -> dict[str, Any] | None:
    """A run as a dictionary."""
    row = connection.execute(
        text("select * from run where run_id = :run_id"), {"run_id": run_id}
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

    ``facts`` is what the index of reports searches: competition, season, matchday, match_date, clubs, players.
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
    """Whether a run has written a page of exactly these bytes that is registered still."""
    query = text("select exists (select from report where sha256 = :sha256)")
    return bool(connection.scalar(query, {"sha256": sha256}))


def list_reports(connection: Connection) -> list[dict[str, Any]]:
    """Every report that is registered."""
    rows = connection.execute(text("select * from report order by kind, title"))
    return [dict(row._mapping) for row in rows]


def read_quarantine(connection: Connection) -> "pd.DataFrame":
    """Everything in quarantine: ``path, match_id, place, reason, advice, severity, feed``."""
    return read_frame(
        connection,
        """select path, match_id, place, reason, advice, severity, feed from quarantine
           order by array_position(array['match', 'shot', 'value'], severity), path, place""",
    )


def quarantined_by(connection: Connection, run_id: str) -> list[Problem]:
    """What this run has left out as a whole, matches first."""
    rows = connection.execute(
        text(
            """select path, match_id, place, reason, advice, severity from quarantine
               where found_by_run = :run_id and severity in ('match', 'shot')
               order by severity, path, place, reason"""
        ),
        {"run_id": run_id},
    )
    return [Problem(**row._mapping) for row in rows]


def matches_published_by(connection: Connection, run_id: str) -> set[tuple[str, str]]:
    """Provider and match id of the matches of which this run has published numbers.

    Numbers of runs that failed after the last success count as its own: nobody has been told of them.
    """
    rows = connection.execute(
        text(
            """select distinct s.provider, s.match_id from shot_xg x join shot s using (shot_key)
               where x.publication is not null and x.run_id in (
                   select :run_id
                   union
                   select run_id from run
                   where state = 'failed' and started_at > (
                       select coalesce(max(started_at), '-infinity') from run
                       where state = 'success' and run_id <> :run_id))"""
        ),
        {"run_id": run_id},
    )
    return {(row.provider, row.match_id) for row in rows}
