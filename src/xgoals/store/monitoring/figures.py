"""All that a results database tells a monitoring system at this moment, in a few short questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, text

from xgoals.domain.pipeline import DAG_ID
from xgoals.store.migrate import VERSION_TABLE
from xgoals.store.monitoring.champion import ChampionFigures, read_champion
from xgoals.store.monitoring.kept_counts import KeptCounts, read_counts
from xgoals.store.notifications import WAITING, State

RunState = Literal["running", "success", "failed"]
_LATEST = 40
"""Of so many runs the steps are looked through: a night does not train, and its training is of an earlier one."""


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Runs of the pipeline, without single steps of a terminal.

    Attributes
    ----------
    n_by_state
        How many are on record; all states, in order.
    last_success, last_failure
        When the last one of each kind ended.
    running_since
        When the oldest that is not over began.
    seconds_by_step
        How long each step took when it was last done.
    """

    n_by_state: Mapping[RunState, int]
    last_success: datetime | None
    last_failure: datetime | None
    running_since: datetime | None
    seconds_by_step: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class MailFigures:
    """Mails on record by state (all states, in order), and since when the oldest one waits to be sent."""

    n_by_state: Mapping[State, int]
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True)
class OwedFigures:
    """What is owed: pages of matches at once (``due``) and by and by (``later``), and words about matches in mails."""

    pages_due: int
    pages_later: int
    mails_due: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one results database.

    Attributes
    ----------
    schema_version
        Number of the newest migration that was applied.
    is_drifting
        Whether new shots are unlike those that the champion has learned from, as `explain` found last.
    n_drift_alarms, attribution_ndcg
        Alarms of drift that stand, and by competition the nDCG of features' ranking on its newest matchday; None and
        none where `explain` has not told it yet.
    n_without_reasons
        Numbers that still wait for their reasons.
    size_bytes
        Of databases on the server, by name: the results, and Airflow's own where it may be asked for.
    """

    schema_version: str
    counts: KeptCounts
    runs: RunFigures
    mails: MailFigures
    owed: OwedFigures
    champion: ChampionFigures | None
    is_drifting: bool
    n_drift_alarms: int | None
    attribution_ndcg: Mapping[str, float]
    n_without_reasons: int
    size_bytes: Mapping[str, int]


def read_figures(connection: Connection, *, others: tuple[str, ...] = ()) -> Figures:
    """Read all of it; nothing is written, no table of matches or shots is walked through.

    Parameters
    ----------
    others
        Further databases of the server whose size is of interest.
    """
    state = _derived(connection)
    return Figures(
        schema_version=str(connection.scalar(text(f"select version_num from public.{VERSION_TABLE}"))),  # noqa: S608
        counts=read_counts(connection),
        runs=_runs(connection),
        mails=_mails(connection),
        owed=_owed(connection),
        champion=read_champion(connection),
        is_drifting=bool(state.get("explanations", {}).get("is_drifting")),
        n_drift_alarms=state.get("explanations", {}).get("n_drift_alarms"),
        attribution_ndcg=state.get("explanations", {}).get("attribution_ndcg") or {},
        n_without_reasons=int(state.get("reasons", {}).get("n_left") or 0),
        size_bytes=_sizes(connection, others),
    )


def _derived(connection: Connection) -> dict[str, Mapping[str, Any]]:
    rows = connection.execute(
        text("select name, facts from derived_state where name in ('explanations', 'reasons')")
    )
    return {row.name: row.facts for row in rows}


def _runs(connection: Connection) -> RunFigures:
    by_state = {
        row.state: row
        for row in connection.execute(
            text(
                """select state, count(*) as n, max(ended_at) as last, min(coalesce(watched_since, started_at)) as since
                   from run where dag_id = :dag_id and not starts_with(run_id, 'cli__') group by state"""
            ),
            {"dag_id": DAG_ID},
        )
    }
    states: tuple[RunState, ...] = get_args(RunState)
    return RunFigures(
        n_by_state={state: by_state[state].n if state in by_state else 0 for state in states},
        last_success=_of(by_state.get("success"), "last"),
        last_failure=_of(by_state.get("failed"), "last"),
        running_since=_of(by_state.get("running"), "since"),
        seconds_by_step=_seconds_by_step(connection),
    )


def _of(row: Row[Any] | None, name: str) -> datetime | None:
    return None if row is None else getattr(row, name)


def _seconds_by_step(connection: Connection) -> dict[str, float]:
    latest = connection.scalars(
        text(
            """select seconds_by_task from run where dag_id = :dag_id and not starts_with(run_id, 'cli__')
               order by started_at desc limit :latest"""
        ),
        {"dag_id": DAG_ID, "latest": _LATEST},
    )
    seconds: dict[str, float] = {}
    for of_run in latest:
        seconds = {step: float(took) for step, took in of_run.items()} | seconds
    return dict(sorted(seconds.items()))


def _mails(connection: Connection) -> MailFigures:
    rows = connection.execute(
        text("select state, count(*) as n, min(created_at) as since from notification group by state")
    )
    by_state = {row.state: row for row in rows}
    states: tuple[State, ...] = get_args(State)
    waiting = [by_state[state].since for state in WAITING if state in by_state]
    return MailFigures(
        {state: by_state[state].n if state in by_state else 0 for state in states}, min(waiting, default=None)
    )


def _owed(connection: Connection) -> OwedFigures:
    """By the index that holds what is owed, and nothing else."""
    row = connection.execute(
        text(
            """select count(*) filter (where page = 'due') as due, count(*) filter (where page = 'later') as later,
                      count(*) filter (where mail_due) as mails
               from match_news where page <> 'written' or mail_due"""
        )
    ).one()
    return OwedFigures(row.due, row.later, row.mails)


def _sizes(connection: Connection, others: tuple[str, ...]) -> dict[str, int]:
    rows = connection.execute(
        text(
            """select datname, pg_database_size(oid) as size_bytes from pg_database
               where (datname = current_database() or datname = any(:others))
                 and has_database_privilege(oid, 'connect') order by datname"""
        ),
        {"others": list(others)},
    )
    return {row.datname: row.size_bytes for row in rows}
