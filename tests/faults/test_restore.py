"""Backed up, destroyed, restored: what comes back, and what is refused before anything is touched."""

import hashlib
import random
import re
import resource
import shutil
import signal
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from moments import Kind, Moment, die_at
from sqlalchemy import Engine, create_engine, text
from states import differences, files
from states import stored as rows_of
from warm import run_warm

import leagues
from databases import database_name, drop_database
from xgoals.domain.errors import SourceError, StoreError, XgoalsError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.mail.enqueue import end_run
from xgoals.settings import Settings, load_settings
from xgoals.steps import build_features, compute_baseline, explain, ingest, models, register, report, train
from xgoals.steps.pages.selection import PageSelection
from xgoals.steps.run_context import RunContext
from xgoals.steps.upkeep import backup
from xgoals.store import migrate
from xgoals.store.upkeep import backup as store
from xgoals.store.upkeep import postgres_programs

BEYOND_TABLES = {
    "views": "select * from xgoals_views.champion_shot order by 1, 2, 3",
    "reasons": "select * from xgoals_views.published_reason order by 1, 2, 3",
    "comments": "select c.relname::text, a.attname::text, d.description from pg_description d"
                " join pg_class c on c.oid = d.objoid"
                " left join pg_attribute a on (attrelid, attnum) = (objoid, objsubid)"
                " where c.relnamespace in ('xgoals'::regnamespace, 'xgoals_views'::regnamespace) order by 1, 2",
    "rights": "select c.relname::text, c.relacl::text from pg_class c where c.relkind in ('r', 'v')"
              " and c.relnamespace in ('xgoals'::regnamespace, 'xgoals_views'::regnamespace) order by 1",
    "indexes": "select indexname::text, indexdef from pg_indexes where schemaname = 'xgoals' order by 1",
    "constraints": "select conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) from pg_constraint"
                   " where connamespace = 'xgoals'::regnamespace order by 1, 2",
    "functions": "select oid::regprocedure::text, pg_get_functiondef(oid), obj_description(oid, 'pg_proc') from pg_proc"
                 " where pronamespace = 'xgoals'::regnamespace order by 1",
    "sequences": "select sequencename::text from pg_sequences where schemaname = 'xgoals' order by 1",
    "triggers": "select tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid) from pg_trigger"
                " where not tgisinternal order by 1, 2",
    "mails": "select message_id, state, attempts, md5(message) from xgoals.notification order by 1",
    "files seen": "select * from xgoals.seen_file order by 1, 2, 3",
}  # fmt: skip


def beyond_tables(engine: Engine) -> dict[str, str]:
    """All else that a database of results has, as texts."""
    with engine.connect() as connection:
        connection.exec_driver_sql("set search_path to ''")
        return {
            name: "\n".join(map(str, connection.execute(text(query)).all()))
            for name, query in BEYOND_TABLES.items()
        }


def stored(engine: Engine) -> dict[str, str]:
    """All rows that are to come back: those that are computed again are not in a backup."""
    return {name: of for name, of in rows_of(engine).items() if name not in store.WITHOUT_ROWS}


@pytest.fixture
def told(reach: Callable[[str], tuple[RunContext, str]]) -> RunContext:
    """A first run to its end: read, learned, explained, told."""
    return reach("told")[0]


@contextmanager
def engine_of(settings: Settings) -> Iterator[Engine]:
    """An engine for the results of a home, whatever schema they have."""
    assert settings.database_url
    engine = create_engine(settings.database_url.get_secret_value())
    yield engine
    engine.dispose()


@pytest.fixture
def engine(told: RunContext) -> Iterator[Engine]:
    """For the database of the told run."""
    with engine_of(told.settings) as engine:
        yield engine


@pytest.fixture
def elsewhere(postgres, tmp_path: Path) -> Iterator[Settings]:
    """Another home, and a database of another name that xgoals has never seen, of a role that is nobody special."""
    name, role = f"other_{uuid.uuid4().hex[:8]}", f"owner_{uuid.uuid4().hex[:8]}"
    admin = create_engine(postgres.url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"create role {role} login password 'secret'")
        connection.exec_driver_sql(f"create database {name} owner {role}")
    url = admin.url.set(username=role, password="secret", database=name)
    yield load_settings(home=tmp_path / "elsewhere", database_url=url.render_as_string(hide_password=False))
    drop_database(postgres, name)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"drop role {role}")
    admin.dispose()


def night(settings: Settings, name: str, source: Path, patch: pytest.MonkeyPatch) -> RunContext:
    """The whole chain on a source; which pages it writes is not the question."""
    leagues.small_models(patch)
    leagues.plain_pages(patch)
    run = leagues.begin(settings, name, source)
    ingest.ingest(run)
    build_features.build_features(run)
    champion = register.register(run, train.train(run))
    compute_baseline.compute_baseline(run, champion)
    explain.explain(run, champion, reasons="none")
    report.report(run, champion)
    end_run(run)
    return run


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(f"select count(*) from xgoals.{table}")))


def test_what_was_destroyed_comes_back_and_nothing_is_read_or_told_again(
    told, engine, postgres, tmp_path, league, monkeypatch, tries
):
    settings, file = told.settings, tmp_path / "results.dump"
    was, beyond = stored(engine), beyond_tables(engine)
    n_digests = count(engine, "notification where kind = 'digest'")
    assert n_digests > 0
    assert backup.backup(settings, "main", file) == backup.examine(file).rows > 1000

    engine.dispose()
    drop_database(postgres, database_name(settings))
    shutil.rmtree(settings.home)
    postgres.create_database(database_name(settings))
    backup.restore(settings, "main", file, replace=False)
    assert differences(was, stored(engine)) == {}
    for name, of in beyond_tables(engine).items():
        assert of.splitlines() == beyond[name].splitlines(), name
    with engine.connect() as connection:
        assert connection.scalar(text("select reltuples from pg_class where oid = 'xgoals.shot'::regclass")) > 0, (
            "the server knows how long the tables are: without it plans of long ones take minutes"
        )  # fmt: skip

    # A night after it: pages are owed, and nothing else.
    again = night(settings, "after the restore", league, monkeypatch)
    # That the night went well is told, pages are written by other code, and a look into a file that was new is kept.
    changed = {"notification", "report", "seen_file"}
    assert differences(was, stored(engine)).keys() <= changed
    assert count(engine, "notification where kind = 'digest'") == n_digests
    assert (settings.home / "reports" / "main" / "index.html").is_file()
    assert again.run_id != told.run_id
    # Keys go on where they were.
    bigger = tmp_path / "bigger.parquet"
    write_archive(bigger, islice(simulate_league(), leagues.N_MATCHES + 1))
    n_shots = count(engine, "shot")
    night(settings, "one more match", bigger, monkeypatch)
    assert count(engine, "match") == leagues.N_MATCHES + 1
    assert count(engine, "shot") > n_shots
    tries.done(10, "destroyed with its home and restored: rows, views, rights, mails, keys", 1, 1)


@pytest.mark.slow
def test_a_backup_goes_to_another_home_and_name_by_an_owner_with_no_special_rights(
    told, engine, elsewhere, tmp_path
):
    file = tmp_path / "results.dump"
    backup.backup(told.settings, "main", file)
    for _ in range(2):  # twice is as once
        backup.restore(elsewhere, "main", file, replace=True)
        with engine_of(elsewhere) as other:
            assert differences(stored(engine), stored(other)) == {}


def damage(content: bytes, rng: random.Random) -> tuple[str, bytes]:
    """A backup as a bad disk or a broken copy leaves it, and what was done."""
    at = rng.randrange(len(content) - 100)  # the checksum is no part of what it is of
    n = min(rng.choice((1, 16, 512, 4096)), len(content) - 100 - at)
    kind = rng.choice(
        ("a bit turned", "bytes of zero", "bytes in disorder", "cut out", "doubled", "cut short")
    )
    part = content[at : at + n]
    changed = {
        "a bit turned": bytes([part[0] ^ 1 << rng.randrange(8)]) + part[1:],
        "bytes of zero": bytes(n),
        "bytes in disorder": bytes(rng.sample(part, n)),
        "cut out": b"",
        "doubled": part + part,
        "cut short": b"",
    }[kind]
    rest = b"" if kind == "cut short" else content[at + n :]
    return f"{kind}, {n} bytes at {at} of {len(content)}", content[:at] + changed + rest


@pytest.mark.slow
def test_a_damaged_backup_is_refused_before_anything_is_touched(told, engine, tmp_path, tries):
    rng, n, file = random.Random(tries.seed), tries(300, small=6), tmp_path / "results.dump"
    backup.backup(told.settings, "main", file)
    whole, was, tried = file.read_bytes(), stored(engine), 0
    while tried < n:
        what, content = damage(whole, rng)
        if content == whole:
            continue
        file.write_bytes(content)
        told_as = f"seed {tries.seed}, number {tried}: {what}"
        for refuses in (backup.examine, lambda f: backup.restore(told.settings, "main", f, replace=True)):
            with pytest.raises(SourceError) as caught:
                refuses(file)
            assert str(file) in str(caught.value), told_as
        tried += 1
    assert differences(was, stored(engine)) == {}
    assert backup.restore(told.settings, "main", _written(file, whole), replace=True) > 1000
    tries.done(10, "a backup with bytes turned, lost or doubled: refused, nothing touched", n, 300)


def _written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def no_backups(folder: Path, url: str) -> Iterator[tuple[str, Path]]:
    """Files that somebody may give by mistake."""
    yield "missing", folder / "missing.dump"
    yield "a folder", folder
    yield "empty", _written(folder / "empty.dump", b"")
    yield "encrypted", _written(folder / "secret.dump", b"\x85\x02\x0c" + random.Random(1).randbytes(5000))
    yield "plain SQL", _written(folder / "plain.sql", b"-- PostgreSQL database dump\ncreate table x ();\n")
    yield "only the first bytes", _written(folder / "first.dump", b"PGDMP")
    other = folder / "other.dump"
    program = postgres_programs.installed_binaries() / "pg_dump"
    subprocess.run([program, "-Fc", "--table=public.of_others", f"--file={other}", url], check=True)
    yield "another program's", other


def test_what_is_no_backup_of_ours_is_refused_in_a_sentence(told, engine, tmp_path, tries):
    with engine.begin() as connection:
        connection.exec_driver_sql("create table public.of_others (n integer)")
    was, tried = stored(engine), 0
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    for what, file in no_backups(tmp_path, url):
        for refuses in (backup.examine, lambda f: backup.restore(told.settings, "main", f, replace=True)):
            with pytest.raises(SourceError) as caught:
                refuses(file)
            assert str(file) in str(caught.value), what
        tried += 1
    assert differences(was, stored(engine)) == {}
    tries.done(10, "a file that is no backup of ours: refused in a sentence", tried, 7)


def restore_and_die(file: Path, moment: Moment | None) -> int:
    if moment is not None:
        die_at(moment)
    return backup.restore(load_settings(), "main", file, replace=True)


@pytest.mark.slow
def test_a_restore_that_is_killed_is_undone_or_done_and_the_next_one_is_whole(
    told, engine, tmp_path, tries, monkeypatch
):
    rng, n, file = random.Random(tries.seed), tries(25, small=2), tmp_path / "results.dump"
    backup.backup(told.settings, "main", file)
    before = stored(engine)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for number in range(n):
        with engine.begin() as connection:
            connection.exec_driver_sql("update xgoals.shot_xg set xg = 0.5")
        changed = stored(engine)
        moment = Moment(rng.choice((Kind.BEFORE_COMMIT, Kind.AFTER_COMMIT, Kind.WRITE)), rng.randrange(8))
        told_as = f"seed {tries.seed}, number {number}: killed {moment}"
        ended = run_warm(restore_and_die, file, moment)
        assert ended.code in (0, -signal.SIGKILL), told_as
        found = stored(engine)
        assert not differences(found, changed) or not differences(found, before), told_as
        assert run_warm(restore_and_die, file, None).code == 0, told_as
        assert differences(stored(engine), before) == {}, told_as
        with engine.connect() as connection:
            assert connection.scalar(text("select to_regclass('public.xgoals_set_aside')")) is None, told_as
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("xgoals-")] == []
    tries.done(10, "a restore killed at a moment: undone or done, the next one whole", n, 25)


@pytest.mark.slow
def test_who_reads_meanwhile_is_named_and_nothing_has_changed(told, engine, tmp_path, monkeypatch):
    file = tmp_path / "results.dump"
    backup.backup(told.settings, "main", file)
    was = stored(engine)
    monkeypatch.setattr(store, "LOCK_TIMEOUT_S", 0.2)
    reader = create_engine(engine.url, connect_args={"application_name": "somebody's notebook"})
    with reader.connect() as connection:
        connection.execute(text("select count(*) from xgoals.shot"))
        with pytest.raises(StoreError, match="held by somebody's notebook"):
            backup.restore(told.settings, "main", file, replace=True)
    reader.dispose()
    assert differences(was, stored(engine)) == {}


def back_up_with_room_for(n_bytes: int, file: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))
    backup.backup(load_settings(), "main", file)


@pytest.mark.slow
def test_a_backup_without_room_leaves_the_one_before(told, engine, tmp_path, tries):
    rng, n, file = random.Random(tries.seed), tries(20, small=1), tmp_path / "results.dump"
    backup.backup(told.settings, "main", file)
    before = file.read_bytes()
    for number in range(n):
        room = rng.randrange(len(before))
        ended = run_warm(back_up_with_room_for, room, file)
        told_as = f"seed {tries.seed}, number {number}: room for {room} of {len(before)} bytes"
        assert isinstance(ended.error, XgoalsError), told_as
        assert file.read_bytes() == before, told_as
        assert list(tmp_path.glob("results.dump*")) == [file], told_as
    tries.done(10, "a backup that found no room: the one before stays, nothing half is left", n, 20)


@pytest.mark.slow
def test_what_came_after_the_backup_is_read_again(told, engine, tmp_path, league, monkeypatch):
    file, bigger = tmp_path / "results.dump", tmp_path / "bigger.parquet"
    backup.backup(told.settings, "main", file)
    write_archive(bigger, islice(simulate_league(), leagues.N_MATCHES + 1))
    night(told.settings, "one more", bigger, monkeypatch)
    after = stored(engine)["match"]
    backup.restore(told.settings, "main", file, replace=True)
    assert count(engine, "match") == leagues.N_MATCHES
    night(told.settings, "one more, again", bigger, monkeypatch)
    assert stored(engine)["match"] == after


@pytest.mark.slow
def test_backups_of_earlier_schemas_come_into_this_one(told, engine, tmp_path, tries):
    versions = sorted(f"{n:04d}" for n in range(14, int(migrate.head())))
    n = tries(len(versions), small=1)
    chosen = random.Random(tries.seed).sample(versions, n)
    n_shots, tables = count(engine, "shot"), set(stored(engine))
    whole = tmp_path / "whole.dump"
    backup.backup(told.settings, "main", whole)
    for version in chosen:
        migrate.downgrade(engine, version)
        file = tmp_path / f"{version}.dump"
        backup.backup(told.settings, "main", file)
        assert backup.examine(file).schema_version == version
        backup.restore(told.settings, "main", file, replace=True)
        assert count(engine, "shot") == n_shots, version
        assert set(stored(engine)) == tables, version
        backup.restore(told.settings, "main", whole, replace=True)
    tries.done(10, "a backup of an earlier schema into the present one", n, len(versions))


def pages_of(settings: Settings) -> dict[str, str]:
    """All pages; how long tasks took, the writing of these pages among them, is not what is compared."""
    found = files(folder := settings.home / "reports")
    for path in folder.glob("*/model/*/data.html"):
        told = re.sub(r'(<dt class="mono">\w+</dt>\s*)<dd>.*?</dd>', r"\1", path.read_text(encoding="utf-8"))
        found[path.relative_to(folder).as_posix()] = hashlib.sha256(told.encode()).hexdigest()
    return found


@pytest.mark.slow
def test_the_same_pages_come_out(reach, postgres, tmp_path, tries):
    run, champion = reach("published")
    settings, file = run.settings, tmp_path / "results.dump"
    everything = PageSelection(every=True)
    report.report(run, champion, everything, even_if_nothing_new=True)
    was = pages_of(settings)
    backup.backup(settings, "main", file)
    with engine_of(settings):
        drop_database(postgres, database_name(settings))
        shutil.rmtree(settings.home)
        postgres.create_database(database_name(settings))
        backup.restore(settings, "main", file, replace=False)
        report.report(replace(run), models.present_champion(run), everything, even_if_nothing_new=True)
        assert differences(was, pages_of(settings)) == {}
    tries.done(
        10,
        "pages after it, of every match, club, player, season and model: byte for byte",
        len(was),
        len(was),
    )
