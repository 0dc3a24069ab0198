"""The schema goes up, down and up again, and refuses what must not be."""

from concurrent.futures import ThreadPoolExecutor

import psycopg2.errors
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from xgoals.domain.errors import StoreError
from xgoals.services.postgres.databases import bring_up_to_date
from xgoals.settings import asset_folder
from xgoals.store import migrate
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises
from xgoals.store.schema.views import OLD_NAMES

TABLES_OF_THE_CONTRACT = {
    "match", "team", "player", "shot", "shot_position", "shot_feature", "shot_xg", "model_version", "baseline",
    "shot_explanation", "global_explanation", "feed_file", "quarantine", "report", "notification",
}  # fmt: skip


def names(connection, kind, schema="xgoals"):
    query = text(
        "select table_name from information_schema.tables where table_schema = :s and table_type = :k"
    )
    return set(connection.scalars(query, {"k": kind, "s": schema}))


def test_all_tables_and_views_are_there(engine):
    with engine.connect() as connection:
        assert names(connection, "BASE TABLE") >= TABLES_OF_THE_CONTRACT
        views = {path.stem for path in (asset_folder("sql") / "views").glob("*.sql")}
        assert names(connection, "VIEW", "xgoals_views") == views
        assert names(connection, "VIEW") == set(OLD_NAMES) <= views
        for view in views:
            assert connection.execute(text(f'select * from xgoals_views."{view}"')).all() == []


def test_down_removes_everything_and_up_brings_it_back(engine):
    migrate.downgrade(engine)
    with engine.connect() as connection:
        assert names(connection, "BASE TABLE") == names(connection, "VIEW", "xgoals_views") == set()
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
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: bring_up_to_date(bare_database, "main"), range(2)))
    engine = connect(bare_database, "main")
    with engine.connect() as connection:
        assert names(connection, "BASE TABLE") >= TABLES_OF_THE_CONTRACT
    engine.dispose()


def test_who_connects_changes_no_schema_and_says_what_to_do(bare_database):
    with pytest.raises(StoreError, match=r"no results in this database yet. Run: xgoals db upgrade"):
        connect(bare_database, "main")
    engine = connect(bare_database, "main", whatever_schema=True)
    migrate.upgrade(engine, "0009")
    with pytest.raises(
        StoreError, match=rf"has schema 0009, this xgoals needs {migrate.head()}.*xgoals db upgrade"
    ):
        connect(bare_database, "main")
    with engine.connect() as connection:
        assert migrate.applied(connection) == "0009"
    bring_up_to_date(bare_database, "main")
    connect(bare_database, "main").dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql("update public.xgoals_schema_version set version_num = '9999'")
    for ask in (connect, bring_up_to_date):
        with pytest.raises(
            StoreError, match=r"schema 9999, of a newer xgoals.*xgoals restore FILE --replace"
        ) as said:
            ask(bare_database, "main")
        assert "Can't locate" not in str(said.value)
    engine.dispose()


def test_a_change_of_the_schema_does_not_wait_for_ever_and_names_who_holds_it(bare_database, monkeypatch):
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_S", 1)
    engine = connect(bare_database, "main", whatever_schema=True)
    migrate.upgrade(engine, "0009")
    reader = connect(bare_database, "main", application="a long report", whatever_schema=True)
    with reader.connect() as connection:
        connection.execute(text("select count(*) from shot"))
        with pytest.raises(StoreError, match=r"cannot be changed: .* held by a long report \(process \d+\)"):
            migrate.upgrade(engine)
    with engine.connect() as connection:
        assert migrate.applied(connection) == "0009", "nothing has changed"
    migrate.upgrade(engine)
    for each in (reader, engine):
        each.dispose()


def test_what_stored_shots_say_in_the_providers_words_is_known_after_the_migration(bare_database):
    engine = connect(bare_database, "main", whatever_schema=True)
    migrate.upgrade(engine, "0017")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            """set search_path to xgoals;
               insert into team values ('statsbomb', '1', 'A'), ('statsbomb', '2', 'B');
               insert into match (provider, match_id, competition_id, competition, season_id, season, match_date,
                   home_team_id, away_team_id, pitch_length_m, pitch_width_m, is_simulated, feed, fingerprint)
               values ('statsbomb', 'm', 'c', 'c', 's', 's', '2024-01-01', '1', '2', 105, 68, false, 'statsbomb', 'f');
               insert into shot (provider, match_id, shot_id, event_n, period, minute, second, team_id, body_part,
                   shot_type, outcome, ball_control, set_up, technique, frame_source, raw)
               select 'statsbomb', 'm', 's' || n, n, 1, n, 0, '1', 'head', 'open_play', 'saved', 'direct', 'corner',
                      'normal', 'none', case when n = 1 then '{"one_on_one": "true"}' else '{}' end::jsonb
               from generate_series(1, 2) n"""
        )
    migrate.upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "select is_one_on_one, is_open_goal, is_deflected, assist_kind from xgoals.shot order by shot_id"
            )
        ).all()
    assert found == [(True, False, None, None), (False, False, None, None)]
    engine.dispose()
