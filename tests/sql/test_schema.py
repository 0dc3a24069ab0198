"""The schema goes up, down and up again, and refuses what must not be."""

import psycopg2.errors
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from xgoals.settings import asset_folder
from xgoals.store import migrate
from xgoals.store.database import connect
from xgoals.store.sql_files import broken_promises

TABLES_OF_THE_CONTRACT = {
    "match", "team", "player", "shot", "shot_position", "shot_feature", "shot_xg", "model_version", "baseline",
    "shot_explanation", "global_explanation", "feed_file", "quarantine", "report", "notification",
}  # fmt: skip


def names(connection, kind):
    query = text(
        "select table_name from information_schema.tables where table_schema = 'xgoals' and table_type = :k"
    )
    return set(connection.scalars(query, {"k": kind}))


def test_all_tables_and_views_are_there(engine):
    with engine.connect() as connection:
        assert names(connection, "BASE TABLE") >= TABLES_OF_THE_CONTRACT
        views = {path.stem for path in (asset_folder("sql") / "views").glob("*.sql")}
        assert names(connection, "VIEW") == views
        for view in views:
            assert connection.execute(text(f'select * from "{view}"')).all() == []


def test_down_removes_everything_and_up_brings_it_back(engine):
    migrate.downgrade(engine)
    with engine.connect() as connection:
        assert names(connection, "BASE TABLE") == set()
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert names(connection, "BASE TABLE") >= TABLES_OF_THE_CONTRACT


def test_a_current_schema_is_left_alone_and_an_old_view_is_replaced(engine):
    assert migrate.upgrade_if_behind(engine) is False
    with engine.begin() as connection:
        connection.exec_driver_sql("comment on schema xgoals is 'views of another version'")
    assert migrate.upgrade_if_behind(engine) is True
    assert migrate.upgrade_if_behind(engine) is False


def test_every_migration_has_a_way_down():
    folder = asset_folder("sql") / "migrations"
    ups = {path.name.removesuffix(".up.sql") for path in folder.glob("*.up.sql")}
    downs = {path.name.removesuffix(".down.sql") for path in folder.glob("*.down.sql")}
    assert ups == downs


def test_an_empty_database_keeps_every_promise(engine):
    with engine.connect() as connection:
        assert broken_promises(connection) == {}


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (
            "insert into quarantine values ('f', 'p', '', 'r', 'a', 'minor', null, null, 'run')",
            "CheckViolation",
        ),
        (
            "insert into champion (only_row, model_version, decision_n) values (false, 'x', 1)",
            "CheckViolation",
        ),
        (
            "insert into champion (model_version, decision_n) values ('no such model', 1)",
            "ForeignKeyViolation",
        ),
    ],
)
def test_nonsense_is_refused(engine, statement, error):
    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert isinstance(caught.value.orig, getattr(psycopg2.errors, error))


def test_two_processes_may_migrate_at_once(bare_database):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        engines = list(pool.map(lambda _: connect(bare_database, "main"), range(2)))
    with engines[0].connect() as connection:
        assert names(connection, "BASE TABLE") >= TABLES_OF_THE_CONTRACT
    for engine in engines:
        engine.dispose()
