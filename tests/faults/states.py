"""What is stored, as a number a table: databases with the same rows have the same, whatever keys and runs are.

Keys that a sequence gives are told as what they stand for; of runs and clocks nothing is told.
"""

import hashlib
from pathlib import Path

from sqlalchemy import Connection, Engine, text

NO_CONTENT = frozenset({
    "run", "trouble", "found_match", "inbox_event",  # a run's own
    "derived_state",  # revisions: how often something has changed
    "seen_file",  # a file is remembered when it has not changed for two seconds
})  # fmt: skip
_OF_A_RUN = ("run_id", "found_by_run", "created_by_run", "taken_by_run", "dag_id", "message_id", "message")
_OF_A_CLOCK = ("seconds",)
_SHOT = "(select concat_ws('/', s.provider, s.match_id, s.shot_id) from xgoals.shot s where s.shot_key = t.shot_key)"
_FEATURES = (
    "(select concat_ws('/', s.provider, s.match_id, s.shot_id, f.catalogue, f.catalogue_version, f.features_hash)"
    " from xgoals.shot_feature f join xgoals.shot s using (shot_key) where f.features_key = t.features_key)"
)
_DECISION = (
    "(select count(*) from xgoals.promotion p where p.decision_n <= t.decision_n)"  # numbers may have gaps
)
_STANDS_FOR = {"shot_key": _SHOT, "features_key": _FEATURES, "decision_n": _DECISION}


def stored(engine: Engine) -> dict[str, str]:
    """Of each table the number of its rows, and a hash of them in any order."""
    with engine.connect() as connection:
        return {
            table: str(
                connection.scalar(
                    text(
                        f"""select count(*) || ' ' || coalesce(md5(string_agg(md5(row(t.*)::text), '' order by
                            md5(row(t.*)::text))), '') from (select {", ".join(parts)} from xgoals."{table}" t) t"""
                    )
                )
            )
            for table, parts in _columns_of(connection).items()
        }


def _columns_of(connection: Connection) -> dict[str, list[str]]:
    """Of each table with content what is told of its rows."""
    columns = connection.execute(
        text(
            """select c.table_name, c.column_name from information_schema.columns c
               join information_schema.tables t using (table_schema, table_name)
               where table_schema = 'xgoals' and table_type = 'BASE TABLE'
                 and c.data_type <> 'timestamp with time zone' order by 1, c.ordinal_position"""
        )
    ).all()
    tables: dict[str, list[str]] = {}
    for table, column in columns:
        if table not in NO_CONTENT and column not in _OF_A_RUN + _OF_A_CLOCK:
            tables.setdefault(table, []).append(_STANDS_FOR.get(column, f't."{column}"'))
    return tables


def stored_rows(engine: Engine, table: str) -> frozenset[str]:
    """The rows of one table, told as in `stored`."""
    with engine.connect() as connection:
        parts = _columns_of(connection)[table]
        query = f'select row(of.*)::text from (select {", ".join(parts)} from xgoals."{table}" t) of'
        return frozenset(connection.scalars(text(query)))


def files(folder: Path) -> dict[str, str]:
    """Every file below a folder by its path, and a hash of what is in it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differences(one: dict[str, str], other: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """What is not the same in both."""
    return {
        name: (one.get(name), other.get(name))
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    }
