"""Runs that are under way, or whose process died before it could say how they ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from xgoals.domain.pipeline import DAG_ID
from xgoals.store.database import as_json

_COLUMNS = "run_id, feeds, sources, started_at, watched_since, seconds_by_task"


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
            f"""select {_COLUMNS} from run r
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
            f"""select {_COLUMNS} from run r
               where state = 'running' and dag_id = :dag_id and run_id <> :besides
                 and started_at < now() - interval '1 minute'
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
        {"dag_id": DAG_ID, "run_id": run_id, "error": as_json(dict(error))},
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
