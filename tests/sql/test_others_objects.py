"""What analysts have built on the results, and who may read them, survives a release, a restore and a kill."""

import uuid
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from xgoals.domain.errors import StoreError
from xgoals.services.postgres.databases import bring_up_to_date
from xgoals.settings import asset_folder
from xgoals.steps.upkeep import backup
from xgoals.store import matches, migrate
from xgoals.store.database import connect
from xgoals.store.schema import views
from xgoals.store.tuning import open_study
from xgoals.store.upkeep import backup as store
from xgoals.store.upkeep import set_aside

MADE_BY_OTHERS = """
create view xgoals.analyst_own as select shot_id, xg from xgoals.champion_shot;
create schema bi;
create view bi.dash with (security_barrier=true) as select team, count(*) as n from xgoals.champion_shot group by team;
comment on view bi.dash is 'it''s 100 % mine';
create view bi.on_dash as select sum(n) as n from bi.dash;
create view bi.{hostile} as select shot_id from xgoals.champion_shot;
grant select on bi.{hostile} to {analyst};
create view bi.on_table as select provider, count(*) as n from xgoals.shot group by provider;
create materialized view bi.kept as select shot_id from xgoals_views.champion_shot;
create table xgoals.notes (note text);
alter table xgoals.notes owner to {analyst};
insert into xgoals.notes values ('mine');
alter view bi.on_table owner to {analyst};
grant select on xgoals.champion_shot, bi.dash to {analyst};
grant select (shot_id, outcome) on xgoals.shot to {analyst};
grant usage on schema xgoals, xgoals_views, bi to {analyst};
grant select, update on xgoals_views.team_match_xg to {analyst} with grant option;
"""
HOSTILE = '"x"" as select 1; drop table xgoals.own_goal; -- 100 %s"'
"""A view may be called so; who upgrades has more rights than who has made it."""
STATE = """
    select n.nspname || '.' || c.relname as name, c.relkind::text, pg_get_userbyid(c.relowner) as owner,
           c.relacl::text[], c.reloptions, obj_description(c.oid, 'pg_class') as comment,
           (select array_agg(t.attname || t.attacl::text order by 1) from pg_attribute t
            where t.attrelid = c.oid and t.attacl is not null and not t.attisdropped) as on_columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('xgoals', 'xgoals_views', 'bi') and c.relkind in ('r', 'v', 'm') order by 1"""

LAYOUT_OF_BEFORE = {
    "champion_shot": "select s.shot_id, t.name as team from shot s join team t using (provider, team_id)"
}
NOTHING = "select null::text as nothing"


@pytest.fixture
def analyst(engine):
    """A role of somebody else, who has built on our views and tables."""
    name = f"analyst_{uuid.uuid4().hex[:8]}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"create role {name} nologin")
        connection.exec_driver_sql(MADE_BY_OTHERS.format(analyst=name, hostile=HOSTILE).replace("%", "%%"))
    yield name
    with engine.begin() as connection:
        connection.exec_driver_sql(f"drop owned by {name}; drop role {name}")


def state(engine):
    """Every table and view with owner, rights, options and comment."""
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(STATE))]
    return [(*row[:3], sorted(row[3] or ()), *row[4:]) for row in rows]


def rows_of(engine, what):
    with engine.connect() as connection:
        return connection.execute(text(f"select * from {what}")).all()


def fill(engine, record):
    with engine.begin() as connection:
        matches.save_match(connection, record(), feed="test", fingerprint="f")


@pytest.fixture
def other_release(tmp_path, monkeypatch):
    """``other_release(name, old, new)``: views of a release that differs in one place."""
    folder = tmp_path / "sql"

    def change(name, old, new):
        (folder / "views").mkdir(parents=True, exist_ok=True)
        for path in (asset_folder("sql") / "views").glob("*.sql"):
            content = path.read_text()
            if path.stem == name:
                assert old in content
                content = content.replace(old, new)
            (folder / "views" / path.name).write_text(content)
        monkeypatch.setattr(views, "asset_folder", lambda _: folder)

    return change


def test_a_release_that_adds_a_column_takes_nothing_away(
    engine, record, analyst, other_release, empty_database
):
    fill(engine, record)
    before = state(engine)
    last = "present.scored_by as champion_scored_by, s.frame_source"
    other_release("champion_shot", last, f"{last}, s.technique")
    assert migrate.upgrade_if_behind(engine) is True
    assert state(engine) == before
    assert rows_of(engine, "xgoals_views.champion_shot")[0].technique == "normal"
    assert rows_of(engine, "bi.on_dash")[0].n == 2


def test_a_release_that_takes_a_column_away_leaves_the_old_view_to_who_depends_on_it(
    engine, record, analyst, other_release
):
    fill(engine, record)
    before = {row[0]: row for row in state(engine)}
    other_release("champion_shot", "s.period, s.minute", "s.minute")
    (note, *_) = notes = migrate.upgrade(engine)
    assert all("others depend on it" in note for note in notes)
    assert "champion_shot_before_" in note
    after = {row[0]: row for row in state(engine)}
    assert {name: after[name] for name in before} == before
    assert not hasattr(rows_of(engine, "xgoals_views.champion_shot")[0], "period")
    assert rows_of(engine, "bi.on_dash")[0].n == 2
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "drop view xgoals.analyst_own; drop view bi.dash cascade; drop materialized view bi.kept; drop view bi."
            + HOSTILE.replace("%", "%%")
        )
    assert migrate.upgrade(engine) == []
    assert not [row[0] for row in state(engine) if "_before_" in row[0]], "nobody uses it any more"


def test_from_the_layout_of_before_the_old_names_keep_their_rights_and_who_builds_on_them(bare_database):
    """Up to schema 0009 the views themselves were in schema xgoals."""
    engine = connect(bare_database, "main", whatever_schema=True)
    migrate.upgrade(engine, "0009")
    name = f"analyst_{uuid.uuid4().hex[:8]}"
    with engine.begin() as connection:
        connection.exec_driver_sql("set local search_path to xgoals, public")
        for view in views.OLD_NAMES:
            connection.exec_driver_sql(f"create view xgoals.{view} as {LAYOUT_OF_BEFORE.get(view, NOTHING)}")
        connection.exec_driver_sql(
            f"create role {name}; grant select on xgoals.champion_shot to {name}; create schema bi; "
            "create view bi.dash as select team from xgoals.champion_shot"
        )
    before = {row[0]: row for row in state(engine)}
    migrate.upgrade(engine)
    after = {row[0]: row for row in state(engine)}
    for kept in ("xgoals.champion_shot", "bi.dash"):
        assert after[kept][:3] == before[kept][:3]
        assert [right for right in after[kept][3] if name in right] == [
            r for r in before[kept][3] if name in r
        ]
    assert "xgoals_views.champion_shot" in after
    assert rows_of(engine, "bi.dash") == []
    with engine.begin() as connection:
        connection.exec_driver_sql(f"drop owned by {name}; drop role {name}")
    engine.dispose()


def test_a_restore_puts_rows_back_and_leaves_what_others_have_built(
    engine, record, analyst, empty_database, tmp_path
):
    fill(engine, record)
    before, file = state(engine), tmp_path / "results.dump"
    backup.backup(empty_database, "main", file)
    with engine.begin() as connection:
        connection.exec_driver_sql("delete from xgoals.shot; refresh materialized view bi.kept")
    engine.dispose()
    backup.restore(empty_database, "main", file, replace=True)
    assert state(engine) == before
    assert (
        len(rows_of(engine, "xgoals.shot"))
        == len(rows_of(engine, "bi.kept"))
        == rows_of(engine, "bi.on_dash")[0].n
        == 2
    )
    assert rows_of(engine, "xgoals.notes") == [("mine",)], "a table of somebody else in our schema is his"
    with engine.begin() as connection:  # keys go on where they were
        matches.save_match(connection, record("m2"), feed="test", fingerprint="f")
        assert set_aside.is_anything(connection) is False


@pytest.mark.parametrize("then", ["upgrade", "restore", "restore that fails, then upgrade"])
def test_a_restore_that_is_killed_in_between_is_completed_by_the_next_or_an_upgrade(
    engine, record, analyst, empty_database, tmp_path, monkeypatch, then
):
    fill(engine, record)
    before, file = state(engine), tmp_path / "results.dump"
    backup.backup(empty_database, "main", file)
    engine.dispose()
    with monkeypatch.context() as patch:
        patch.setattr(store, "upgrade", lambda _: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            backup.restore(empty_database, "main", file, replace=True)
    assert "bi.dash" not in {row[0] for row in state(engine)}
    engine.dispose()
    if "fails" in then:
        with monkeypatch.context() as patch:
            patch.setattr(store, "_what_goes", lambda _: "select no_such_thing")
            with pytest.raises(StoreError):
                backup.restore(empty_database, "main", file, replace=True)
    if then == "restore":
        backup.restore(empty_database, "main", file, replace=True)
    else:
        bring_up_to_date(empty_database, "main")
    assert state(engine) == before


def test_what_does_not_fit_the_backup_is_named_with_its_sql(engine, record, empty_database, tmp_path, caplog):
    fill(engine, record)
    file = tmp_path / "results.dump"
    backup.backup(empty_database, "main", file)
    with engine.begin() as connection:
        connection.exec_driver_sql("alter table xgoals.shot add column mine integer")
        connection.exec_driver_sql("create schema bi; create view bi.mine as select mine from xgoals.shot")
    engine.dispose()
    backup.restore(empty_database, "main", file, replace=True)
    assert "could not be put back" in caplog.text
    assert 'create or replace view "bi"."mine"' in caplog.text
    assert len(rows_of(engine, "xgoals.shot")) == 2


def test_a_damaged_backup_leaves_everything_and_nothing_to_do(
    engine, record, analyst, empty_database, tmp_path
):
    fill(engine, record)
    before, file = state(engine), tmp_path / "results.dump"
    backup.backup(empty_database, "main", file)
    content = file.read_bytes()
    file.write_bytes(content[:-4000] + bytes(255 - byte for byte in content[-4000:]))
    engine.dispose()
    with pytest.raises(Exception, match=r"damaged|psql failed"):
        backup.restore(empty_database, "main", file, replace=True)
    assert state(engine) == before
    with engine.connect() as connection:
        assert set_aside.is_anything(connection) is False


def test_the_way_back_to_an_older_release(engine, record, analyst, empty_database, tmp_path, monkeypatch):
    """A backup of the older schema, a newer release's upgrade, and then the code of before with `restore`."""
    file = tmp_path / "before.dump"
    fill(engine, record)
    backup.backup(empty_database, "main", file)
    with engine.begin() as connection:  # a newer release has been here
        connection.exec_driver_sql("create table xgoals.of_the_future (n bigint)")
        connection.exec_driver_sql("update public.xgoals_schema_version set version_num = '9999'")
        connection.exec_driver_sql("delete from xgoals.shot")
    engine.dispose()
    with pytest.raises(StoreError, match="of a newer xgoals"):
        connect(empty_database, "main")
    also = tmp_path / "newer.dump"
    assert backup.backup(empty_database, "main", also) > 0, "what is there can be saved first"
    backup.restore(empty_database, "main", file, replace=True)
    connect(empty_database, "main").dispose()
    assert len(rows_of(engine, "xgoals.shot")) == 2
    assert "xgoals.of_the_future" not in {row[0] for row in state(engine)}
    assert rows_of(engine, "bi.on_dash")[0].n == 2


def test_a_backup_of_schema_0009_comes_back_into_a_database_of_today(bare_database, tmp_path):
    engine = connect(bare_database, "main", whatever_schema=True)
    migrate.upgrade(engine, "0009")
    file = tmp_path / "old.dump"
    backup.backup(bare_database, "main", file)
    migrate.upgrade(engine)
    engine.dispose()
    backup.restore(bare_database, "main", file, replace=True)
    with connect(bare_database, "main").connect() as connection:
        assert migrate.applied(connection) == migrate.head()
    engine.dispose()


def test_a_reader_sees_everything_and_changes_nothing(engine, record, postgres, empty_database):
    fill(engine, record)
    name = f"reader_{uuid.uuid4().hex[:8]}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"create role {name} login password 'x' in role xgoals_reader")
        connection.exec_driver_sql("create table xgoals.of_a_later_release (n integer)")
    reader = create_engine(engine.url.set(username=name, password="x"))
    with reader.connect() as connection:
        for table in (
            "xgoals.shot",
            "xgoals.champion_shot",
            "xgoals_views.champion_shot",
            "xgoals.of_a_later_release",
        ):
            connection.execute(text(f"select count(*) from {table}"))
    for statement in (
        "delete from xgoals.shot",
        "create table xgoals.x (n integer)",
        "create view xgoals_views.x as select 1",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), reader.begin() as connection:
            connection.execute(text(statement))
    reader.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"drop role {name}; drop table xgoals.of_a_later_release")


def test_where_the_role_may_not_be_made_the_sql_is_said(postgres, tmp_path):
    """The owner of a database who may neither create roles nor schemas gets a sentence for each."""
    name = f"owner_{uuid.uuid4().hex[:8]}"
    postgres.create_database(name)
    admin = create_engine(postgres.url(name))
    with admin.begin() as connection:
        connection.exec_driver_sql(
            f"create role {name} login password 'x'; grant create on database {name} to {name}"
        )
        connection.exec_driver_sql(f"grant create on schema public to {name}")
    owner = create_engine(
        admin.url.set(username=name, password="x"), connect_args={"options": "-c search_path=xgoals,public"}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xgoals.store.schema.group_roles.READER_ROLE", f"{name}_reader")
        patch.setattr("xgoals.store.schema.group_roles.WRITER_ROLE", f"{name}_writer")
        for role, note in zip(("reader", "writer"), migrate.upgrade(owner), strict=True):
            assert f"As an administrator: create role {name}_{role} nologin" in note
        with admin.begin() as connection:
            connection.exec_driver_sql(
                f"create role {name}_reader nologin; create role {name}_writer nologin"
            )
        assert migrate.upgrade(owner) == []
    with admin.begin() as connection:
        connection.exec_driver_sql(
            f"drop schema xgoals_views cascade; revoke create on database {name} from {name}"
        )
    with pytest.raises(StoreError, match=f'create schema xgoals_views authorization "{name}"'):
        migrate.upgrade(owner)
    owner.dispose()
    with admin.begin() as connection:
        for statement in (
            f"drop owned by {name}",
            f"drop owned by {name}_reader",
            f"drop owned by {name}_writer",
            f"drop role {name}, {name}_reader, {name}_writer",
        ):
            connection.exec_driver_sql(statement)
    admin.dispose()


def test_the_names_of_before_are_views_of_today():
    assert {path.stem for path in Path(asset_folder("sql") / "views").glob("*.sql")} >= set(views.OLD_NAMES)


def test_a_writer_writes_all_that_a_run_does_and_changes_no_schema(engine, record):
    name = f"writer_{uuid.uuid4().hex[:8]}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"create role {name} login password 'x' in role xgoals_writer")
    options = {"options": "-c search_path=xgoals,public"}
    writer = create_engine(engine.url.set(username=name, password="x"), connect_args=options)
    fill(writer, record)
    fill(writer, record)  # corrections use temporary tables
    with writer.connect() as connection:
        migrate.check_schema(connection)
    with open_study(writer, "a search") as study:
        study.ask()
    for statement in (
        "create table xgoals.x (n integer)",
        "drop table xgoals.shot",
        "create schema y",
        "truncate xgoals.shot",
    ):
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
            writer.begin() as connection,
        ):
            connection.execute(text(statement))
    assert migrate.upgrade_if_behind(writer) is False
    with engine.begin() as connection:
        connection.exec_driver_sql("comment on schema xgoals is 'of another release'")
    with pytest.raises(StoreError, match=r"may not change the schema.*as the owner"):
        migrate.upgrade_if_behind(writer)
    writer.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"drop owned by {name} cascade")
        connection.exec_driver_sql(f"drop role {name}")
