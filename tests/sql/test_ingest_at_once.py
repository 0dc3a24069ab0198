"""Two runs that read one match, and files that others write or want gone while somebody else works on them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from xgoals.domain.errors import FeedError
from xgoals.feeds import load_feed
from xgoals.feeds.archive import write_archive
from xgoals.feeds.reading import read_all
from xgoals.outputs import exports
from xgoals.steps import ingest
from xgoals.steps.find_matches import find_matches
from xgoals.steps.run_context import FeedSource, open_run
from xgoals.steps.upkeep import clean, matches
from xgoals.steps.upkeep.ages import Ages
from xgoals.storage import storage_of
from xgoals.store import locks, records
from xgoals.store import matches as store
from xgoals.store.database import connect


@pytest.fixture
def source(tmp_path):
    return tmp_path / "a.parquet"


@pytest.fixture
def run(empty_database, source):
    """``run("A")`` is one that has listed the source."""

    def begin(name):
        sources = [FeedSource("archive", source)]
        return open_run(empty_database, database="main", sources=sources, dag_run_id=name, started_at=None)

    return begin


def meanwhile_read_by_another(monkeypatch, another, *, instead=None):
    """Once a match has been read, and before it is stored, another run reads it; ``instead`` of what was read."""
    real = ingest.read_all

    def read_all(feed, deliveries):
        for delivery, reading in real(feed, deliveries):
            monkeypatch.setattr(ingest, "read_all", real)
            another()
            yield delivery, instead or reading

    monkeypatch.setattr(ingest, "read_all", read_all)


def places(engine):
    with engine.connect() as connection:
        return connection.scalars(
            text("select x_m from shot where withdrawn_at is null order by shot_id")
        ).all()


@pytest.mark.parametrize("reread", [False, True])
def test_what_was_read_of_a_file_before_it_was_replaced_does_not_replace_what_was_read_of_it_since(
    engine, record, shot_of, source, run, monkeypatch, reread
):
    write_archive(source, [record()])
    first, second = run("A"), run("B")
    if reread:
        ingest.ingest(run("before"))
        with engine.begin() as connection:
            connection.execute(text("update match set fingerprint = 'of before'"))
    (portion,), (same,) = find_matches(first), find_matches(second)

    def replaced_and_read():
        write_archive(source, [record(shots=(shot_of(0, x_m=30.0), shot_of(1, x_m=31.0)))])
        ingest.ingest_matches(second, same)

    meanwhile_read_by_another(monkeypatch, replaced_and_read)
    ingest.ingest_matches(first, portion, reread=reread)
    assert places(engine) == [30.0, 31.0]


def test_a_file_that_was_torn_and_has_been_read_whole_since_is_not_left_out(
    engine, record, source, run, monkeypatch
):
    write_archive(source, [record()])
    first, second = run("A"), run("B")
    (portion,), (same,) = find_matches(first), find_matches(second)

    def replaced_and_read():
        write_archive(source, [record(), record("m2")])
        ingest.ingest_matches(second, same)

    meanwhile_read_by_another(monkeypatch, replaced_and_read, instead=FeedError("torn"))
    assert ingest.ingest_matches(first, portion) == []
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from quarantine")) == 0
    assert places(engine) == [40.0, 40.0]


def test_a_file_that_is_torn_is_left_out_though_the_match_was_stored_before(
    engine, record, source, run, monkeypatch
):
    write_archive(source, [record()])
    first = run("A")
    (portion,) = find_matches(first)
    meanwhile_read_by_another(monkeypatch, lambda: None, instead=FeedError("torn"))
    (refused,) = ingest.ingest_matches(first, portion)
    assert refused.reason == "torn"


def test_files_of_a_deleted_match_go_before_anybody_else_may_write_them_again(
    engine, record, empty_database, monkeypatch
):
    made = record()
    storage, path = storage_of(empty_database), "clips/main/p/m1.parquet"
    with engine.begin() as connection:
        store.save_match(connection, made, feed="test", fingerprint="f")
        connection.execute(text("update shot set clip_path = :path"), {"path": path})
    storage.write(path, b"of before")
    real = locks._release

    def released(session, lock):
        """The lock is free, and a run that waited for it reads the match again at once."""
        real(session, lock)
        storage.write(path, b"read again")

    monkeypatch.setattr(locks, "_release", released)
    matches.delete(empty_database, "main", "m1", tell=pytest.fail)
    assert storage.read(path) == b"read again"


def test_old_files_go_once_nothing_names_them_and_while_nobody_else_writes(
    empty_database, engine, record, monkeypatch
):
    made, path = record(), "clips/main/p/m1.parquet"
    storage = storage_of(empty_database)
    with engine.begin() as connection:
        store.save_match(connection, made, feed="test", fingerprint="f")
        connection.execute(text("update shot set clip_path = :path"), {"path": path})
    storage.write(path, b"old")
    later = datetime.now(UTC) + timedelta(days=4000)
    removed, real = [], clean._removed

    def look(what, storage, old, days, dry_run):
        if old and what.endswith("clips"):
            with engine.connect() as connection:  # another session sees what is committed
                removed.append(connection.scalar(text("select count(clip_path) from shot")))
                removed.append(str(locks.holder_of(connection, locks._WRITERS_LOCK)).partition(" (")[0])
        return real(what, storage, old, days, dry_run)

    monkeypatch.setattr(clean, "_removed", look)
    clean.clean(empty_database, dry_run=False, tell=pytest.fail, ages=Ages(later))
    assert removed == [0, "xgoals clean"]
    assert not storage.exists(path)


def test_a_file_that_gets_its_name_while_others_are_cleaned_is_no_trouble(empty_database, monkeypatch):
    logs = empty_database.home / "logs"
    logs.mkdir(parents=True)
    (logs / "page.html.part").write_text("half")
    real = clean.fnmatch.filter

    def listed(names, pattern):
        found = real(names, pattern)
        for part in logs.glob("*.part"):
            part.replace(part.with_suffix(""))  # its writer is done
        return found

    monkeypatch.setattr(clean.fnmatch, "filter", listed)
    clean.clean(empty_database, dry_run=False, tell=pytest.fail)
    assert (logs / "page.html").exists()
    assert {use.what for use in clean.disk_use(empty_database)} >= {"logs"}


def test_an_export_of_scenes_is_of_one_moment(engine, record, shot_of, empty_database, tmp_path, monkeypatch):
    with engine.begin() as connection:
        store.save_match(connection, record(), feed="test", fingerprint="f")
    real, other = records._by_match, connect(empty_database, "main")
    turns = iter(range(99))

    def by_match(connection, query, parameters):
        if next(turns) == 1:  # shots are read, the people around them not yet
            moved = record(shots=(shot_of(0, x_m=30.0),))
            scene = replace(moved.scenes[0], people=moved.scenes[0].people[:1])
            with other.begin() as another:
                store.save_match(another, replace(moved, scenes=(scene,)), feed="test", fingerprint="g")
        return real(connection, query, parameters)

    monkeypatch.setattr(records, "_by_match", by_match)
    to = tmp_path / "scenes.parquet"
    exports.export_scenes(empty_database, "main", to)
    other.dispose()
    monkeypatch.setattr(records, "_by_match", real)
    ((_, back),) = read_all("archive", load_feed("archive").discover(to)[0])
    assert [len(scene.people) for scene in back.record.scenes] == [2, 2]
    assert [shot.x_m for shot in back.record.shots] == [40.0, 40.0]
