"""What may leave the results database after a while, and how much there is of everything.

Nothing here touches a published number, its explanation, a model that is or was champion, a decision, or what was
read from feeds. Whatever goes can be computed again, but for the bookkeeping of runs that left nothing behind.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

_IDLE_RUNS = """
    from run r where r.started_at < :before and r.state <> 'running'
      and not exists (select from model_version v where v.created_by_run = r.run_id)
      and not exists (select from promotion p where p.run_id = r.run_id)
      and not exists (select from report o where o.run_id = r.run_id)
      and not exists (select from quarantine q where q.found_by_run = r.run_id)
      and not exists (select from shot_xg x where x.run_id = r.run_id)"""

# Models that were never champion: judged and refused, or never judged; not those that a person has yet to judge.
_CHALLENGERS = """
    (select v.model_version from model_version v where v.created_at < :before
       and not exists (select from promotion p where p.champion_after = v.model_version)
       and not exists (select from promotion p
                       where p.challenger = v.model_version and p.verdict = 'awaiting_approval')
       and v.model_version <> (select p.challenger from promotion p order by p.decision_n desc limit 1))"""

_OUT_OF_FOLD = f"from out_of_fold t where t.model_version in {_CHALLENGERS}"

# Numbers of champions of before that were never published; those that were stay with their explanations.
_UNPUBLISHED = """
    from shot_xg t where t.publication is null and t.model_version in (
        select v.model_version from model_version v where v.created_at < :before
          and v.model_version <> (select model_version from champion))"""

# Not warnings of a state that lasts: that such a row is there keeps the state from being told again.
_SETTLED_MAILS = """
    from notification n where n.changed_at < :before and n.state in ('sent', 'given_up') and n.state_key is null"""


def idle_runs(connection: Connection, before: datetime, *, dry_run: bool) -> tuple[int, int]:
    """Remove (or count) runs that left nothing behind, with the notes of their mails; rows and bytes."""
    counted = _measure(connection, "r", _IDLE_RUNS, before)
    if not dry_run:
        parameters = {"before": before}
        connection.execute(
            text(f"delete from notification where run_id in (select r.run_id {_IDLE_RUNS})"),  # noqa: S608
            parameters,
        )
        connection.execute(
            text(f"delete from run where run_id in (select r.run_id {_IDLE_RUNS})"),  # noqa: S608
            parameters,
        )
    return counted


def challengers(connection: Connection, before: datetime, *, dry_run: bool) -> tuple[int, int]:
    """Remove (or count) out-of-fold predictions of refused challengers and unpublished numbers of past champions.

    The models themselves stay, with their metrics and what was decided about them. Rows and bytes.
    """
    counted = (0, 0)
    for table, rows in (("out_of_fold", _OUT_OF_FOLD), ("shot_xg", _UNPUBLISHED)):
        n, size = _measure(connection, "t", rows, before)
        counted = (counted[0] + n, counted[1] + size)
        if not dry_run:
            key = "shot_key" if table == "out_of_fold" else "features_key"
            connection.execute(
                text(
                    f"delete from {table} where (model_version, {key}) in (select t.model_version, t.{key} {rows})"  # noqa: S608
                ),
                {"before": before},
            )
    return counted


def settled_mails(connection: Connection, before: datetime, *, dry_run: bool) -> tuple[int, int]:
    """Remove (or count) mails that were sent or given up and have not changed since; rows and bytes.

    Whatever still waits stays, and so does what lies in the outbox: `xgoals notifications resend --all` sends it.
    """
    counted = _measure(connection, "n", _SETTLED_MAILS, before)
    if not dry_run:
        connection.execute(
            text(f"delete from notification where message_id in (select n.message_id {_SETTLED_MAILS})"),  # noqa: S608
            {"before": before},
        )
    return counted


def forget_pages(connection: Connection, paths: list[str]) -> None:
    """Remove pages from the register of reports."""
    connection.execute(text("delete from report where path = any(:paths)"), {"paths": paths})


def champion_page(connection: Connection) -> str | None:
    """The path of the present champion's page."""
    path: str | None = connection.scalar(
        text("select r.path from report r join champion c using (model_version) where r.kind = 'model'")
    )
    return path


def forget_clips(connection: Connection, paths: list[str]) -> None:
    """Shots no longer have these clips."""
    connection.execute(
        text("update shot set clip_path = null where clip_path = any(:paths)"), {"paths": paths}
    )


def database_sizes(connection: Connection) -> Mapping[str, int]:
    """Bytes of every database of the server that this user may measure, by name."""
    rows = connection.execute(
        text(
            # By number: of one that somebody drops in between, that is null, where a name would be an error.
            """select datname, pg_database_size(oid) as size from pg_database
               where not datistemplate and has_database_privilege(oid, 'connect') order by datname"""
        )
    )
    return {row.datname: row.size for row in rows if row.size is not None}


def _measure(connection: Connection, alias: str, rows: str, before: datetime) -> tuple[int, int]:
    counted: Any = connection.execute(
        text(f"select count(*) as n, coalesce(sum(pg_column_size({alias}.*)), 0) as size {rows}"),
        {"before": before},
    ).one()
    return counted.n, int(counted.size)
