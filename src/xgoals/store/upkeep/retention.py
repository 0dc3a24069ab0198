"""What may leave the results database after a while, and how much there is of everything.

Nothing here touches a published number, its explanation, a model that is or was champion or waits to be approved, a
decision, or what was read from feeds. Whatever goes can be computed again, but for the bookkeeping of what is over:
runs that left nothing behind, mails, reported states of an inbox.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from xgoals.store.schema.quoting import quoted

EARLIER_CHAMPIONS = 5
"""So many before the present one stay whole, so that one can go back to them."""
_ONLY_OF_A_CHAMPION = ("out_of_fold", "explanation_sum", "shot_interaction", "drift_point")
"""What is read of a champion only."""

_IDLE_RUNS = """
    from run r where r.started_at < :before and r.state <> 'running'
      and not exists (select from model_version v where v.created_by_run = r.run_id)
      and not exists (select from promotion p where p.run_id = r.run_id)
      and not exists (select from report o where o.run_id = r.run_id)
      and not exists (select from quarantine q where q.found_by_run = r.run_id)
      and not exists (select from shot_xg x where x.run_id = r.run_id)
      and not exists (select from notification n where n.run_id = r.run_id
                      and (n.state not in ('sent', 'given_up') or n.state_key is not null))"""

# Models that were never champion: judged and refused, or never judged; not those that a person has yet to judge. A
# rollback leads to champions of before, and the anchor was one: what these need stays.
_CHALLENGERS = """
    (select v.model_version from model_version v where v.created_at < :before
       and not exists (select from promotion p where p.champion_after = v.model_version)
       and not exists (select from promotion p
                       where p.challenger = v.model_version and p.verdict = 'awaiting_approval')
       and v.model_version <> (select p.challenger from promotion p order by p.decision_n desc limit 1))"""

_OUT_OF_FOLD = f"from out_of_fold t where t.model_version in {_CHALLENGERS}"

# Their bytes; of a model that published something they stay in any case.
_BYTES = f"""
    from model_version t where t.booster is not null and t.model_version in {_CHALLENGERS}
      and not exists (select from shot_xg x where x.model_version = t.model_version)"""

# The sisters of the same models, and what they have learned from.
_SISTERS = f"from model_sister t where t.model_version in (select t.model_version {_BYTES})"
_MATCHES = f"from model_match t where t.model_version in (select t.model_version {_BYTES})"

# Numbers of champions of before that were never published; those that were stay with their explanations.
_UNPUBLISHED = """
    from shot_xg t where t.publication is null and t.model_version in (
        select v.model_version from model_version v where v.created_at < :before
          and v.model_version <> (select model_version from champion))"""

# Champions long replaced: a rollback leads to those just before, and every challenger must hold against the anchor.
_RETIRED = f"""
    (select v.model_version from model_version v where v.created_at < :before
       and exists (select from promotion p where p.champion_after = v.model_version)
       and v.model_version not in (select model_version from champion union select model_version from anchor)
       and v.model_version not in (
           select p.champion_after from promotion p where p.champion_after is not null
           group by p.champion_after order by max(p.decision_n) desc limit {1 + EARLIER_CHAMPIONS})
       and not exists (select from promotion p
                       where p.challenger = v.model_version and p.verdict = 'awaiting_approval'))"""  # noqa: S608

_SEEN_TO = "from inbox_event t where t.fired_at < :before and t.taken_by_run is not null"

# Searches that are over: their result is a row of tuning_result.
_STUDIES = """
    from optuna.studies t where exists (
        select from xgoals.tuning_result r where r.study_name = t.study_name and r.searched_at < :before)"""

# Those in the outbox, too: their files go after the same time.
_SETTLED = "from notification n where n.changed_at < :before and n.state in ('sent', 'given_up', 'outbox')"
# Not warnings of a state that lasts: that such a row is there keeps the state from being told again.
_SETTLED_MAILS = f"{_SETTLED} and n.state_key is null"
_SETTLED_TEXTS = f"{_SETTLED} and n.state_key is not null and n.message <> ''"


def idle_runs(connection: Connection, before: datetime, *, dry_run: bool) -> tuple[int, int]:
    """Remove (or count) runs that left nothing behind, with the notes of their mails; rows and bytes."""
    counted = _measure(connection, "r", _IDLE_RUNS, before)
    if not dry_run:
        parameters = {"before": before}
        connection.execute(
            text(f"delete from notification where run_id in (select r.run_id {_IDLE_RUNS})"),  # noqa: S608
            parameters,
        )
        # Not by id: a run that is begun again in this moment is idle no more, and only its own row says so.
        connection.execute(text(f"delete {_IDLE_RUNS}"), parameters)
    return counted


def challengers(connection: Connection, before: datetime, *, dry_run: bool) -> tuple[int, int]:
    """Remove (or count) predictions, bytes and sisters of refused challengers, and unpublished numbers of past ones.

    Of champions that were replaced long ago what is read of a champion only goes as well.

    Names, metrics and what was decided about them stay; the same data train the same model again. Rows and bytes.
    """
    counted = (0, 0)
    for table, key, rows in (
        ("out_of_fold", "shot_key", _OUT_OF_FOLD),
        ("shot_xg", "features_key", _UNPUBLISHED),
        ("model_sister", "sister", _SISTERS),
        ("model_match", "match_id", _MATCHES),
    ):
        n, size = _measure(connection, "t", rows, before)
        counted = (counted[0] + n, counted[1] + size)
        if not dry_run:
            connection.execute(
                text(
                    f"delete from {table} where (model_version, {key}) in (select t.model_version, t.{key} {rows})"  # noqa: S608
                ),
                {"before": before},
            )
    for table in _ONLY_OF_A_CHAMPION:
        rows = f"from {table} t where t.model_version in {_RETIRED}"
        n, size = _measure(connection, "t", rows, before)
        counted = (counted[0] + n, counted[1] + size)
        if not dry_run:
            connection.execute(
                text(f"delete from {table} t where t.model_version in {_RETIRED}"),  # noqa: S608
                {"before": before},
            )
    n, size = _measure(connection, "t", _BYTES, before)
    if not dry_run:
        connection.execute(
            text(
                f"update model_version set booster = null where model_version in (select t.model_version {_BYTES})"  # noqa: S608
            ),
            {"before": before},
        )
    return counted[0] + n, counted[1] + size


def inbox_events(connection: Connection, before: datetime, *, dry_run: bool) -> tuple[int, int]:
    """Remove (or count) reported states of matchdays that a run has seen to; rows and bytes."""
    counted = _measure(connection, "t", _SEEN_TO, before)
    if not dry_run:
        connection.execute(text(f"delete {_SEEN_TO}"), {"before": before})
    return counted


def studies(connection: Connection, before: datetime, *, dry_run: bool) -> tuple[int, int]:
    """Remove (or count) finished searches with all their trials, in Optuna's own tables; trials and bytes."""
    if connection.scalar(text("select to_regclass('optuna.studies')")) is None:
        return 0, 0
    trials = f"from optuna.trials n where n.study_id in (select t.study_id {_STUDIES})"
    counted = _measure(connection, "n", trials, before)
    if not dry_run:
        for statement in _delete_studies(connection):
            connection.execute(text(statement), {"before": before})
    return counted


def _delete_studies(connection: Connection) -> list[str]:
    """What hangs on trials first, then what hangs on studies: Optuna's foreign keys do not cascade."""
    columns = connection.execute(
        text(
            """select table_name, max(column_name) filter (where column_name = 'trial_id') as by_trial,
                      max(column_name) filter (where column_name = 'study_id') as by_study
               from information_schema.columns
               where table_schema = 'optuna' and column_name in ('trial_id', 'study_id') group by table_name"""
        )
    ).all()
    chosen = f"(select t.study_id {_STUDIES})"
    of_trials = f"(select n.trial_id from optuna.trials n where n.study_id in {chosen})"  # noqa: S608
    by_trial = [c.table_name for c in columns if c.by_trial and c.table_name != "trials"]
    by_study = [c.table_name for c in columns if c.by_study and not c.by_trial and c.table_name != "studies"]
    return [
        *(f"delete from {quoted('optuna', table)} where trial_id in {of_trials}" for table in by_trial),  # noqa: S608
        f"delete from optuna.trials where study_id in {chosen}",  # noqa: S608
        *(f"delete from {quoted('optuna', table)} where study_id in {chosen}" for table in by_study),  # noqa: S608
        f"delete from optuna.studies where study_id in {chosen}",  # noqa: S608
    ]


def settled_mails(connection: Connection, before: datetime, *, dry_run: bool) -> tuple[int, int]:
    """Remove (or count) mails that were sent, given up or laid into the outbox and have not changed since; rows, bytes.

    Whatever still waits stays. Of a warning of something that lasts the text goes, and its record stays.
    """
    n_records, size = _measure(connection, "n", _SETTLED_MAILS, before)
    n_texts, size_of_texts = _measure(connection, "n", _SETTLED_TEXTS, before)
    counted = n_records + n_texts, size + size_of_texts
    if not dry_run:
        connection.execute(
            text(
                f"""update notification set message = ''
                    where message_id in (select n.message_id {_SETTLED_TEXTS})"""  # noqa: S608
            ),
            {"before": before},
        )
        connection.execute(
            text(f"delete from notification where message_id in (select n.message_id {_SETTLED_MAILS})"),  # noqa: S608
            {"before": before},
        )
    return counted


def moments_at_work(connection: Connection) -> list[datetime]:
    """When runs have begun, and models and mails were made: whenever the system was at work."""
    query = """select started_at from run union select created_at from model_version
               union select created_at from notification"""
    return list(connection.scalars(text(query)))


def forget_pages(connection: Connection, paths: list[str]) -> None:
    """Remove pages from the register of reports."""
    connection.execute(text("delete from report where path = any(:paths)"), {"paths": paths})


def register_index(connection: Connection, path: str, sha256: str) -> None:
    """The index was written anew."""
    connection.execute(
        text("update report set sha256 = :sha256 where path = :path"), {"path": path, "sha256": sha256}
    )


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
