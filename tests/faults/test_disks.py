"""Disks that are full, broken or closed: a sentence with the path, nothing half-written, and with room all is mended.

Small disks are mounted in memory, which only root may do. Where that is not possible a limit on the size of files
stands in for those of single folders, and the database's are left out, which the report of the tests says.
"""

import errno
import os
import random
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import psycopg2
import pytest
from chain import TASKS, Run, work
from cuts import work_until_cut
from small_disks import Disk
from sqlalchemy import create_engine, text
from states import differences, files, stored
from warm import run_warm

from databases import drop_database
from xgoals.domain.errors import StoreError, UnwritableError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import load_settings
from xgoals.steps.upkeep.backup import backup
from xgoals.store.migrate import upgrade_if_behind
from xgoals.whole_files import scratch_folder, whole_file

FULL = {"size=64k": "disk is full.*df -h", "nr_inodes=6": "no more files.*df -i"}


@pytest.mark.parametrize("options", FULL)
def test_a_disk_without_room_or_inodes_is_told_by_its_path_and_mended_by_room(small_disk, tmp_path, options):
    disk = small_disk(tmp_path / "disk", options)
    (disk.folder / "before").write_text("before")
    with pytest.raises(UnwritableError, match=FULL[options]) as caught:  # noqa: PT012
        for n in range(30):
            with whole_file(disk.folder / f"page{n}") as unfinished:
                unfinished.write_bytes(bytes(8000))
    whole = files(disk.folder)
    assert str(disk.folder / f"page{len(whole) - 1}") in str(caught.value)
    assert all(path == "before" or (disk.folder / path).stat().st_size == 8000 for path in whole)
    disk.set("size=1m,nr_inodes=100")
    with whole_file(disk.folder / "more") as unfinished:
        unfinished.write_bytes(bytes(8000))


def test_a_disk_that_was_closed_to_writers_is_told(small_disk, tmp_path):
    disk = small_disk(tmp_path / "disk", "size=64k")
    (disk.folder / "page").write_text("before")
    disk.set("ro")
    with (
        pytest.raises(UnwritableError, match=r"may not be written \(Read-only"),
        whole_file(disk.folder / "page") as new,
    ):
        new.write_text("after")
    assert files(disk.folder).keys() == {"page"}


@pytest.mark.parametrize("code", [errno.EIO, errno.ESTALE, errno.EFBIG])
def test_a_broken_disk_is_told_and_what_was_there_stays(tmp_path, code):
    (tmp_path / "page").write_text("before")
    with (  # noqa: PT012
        pytest.raises(UnwritableError, match=r"did not take|larger than") as caught,
        whole_file(tmp_path / "page") as new,
    ):
        new.write_text("half")
        raise OSError(code, os.strerror(code))
    assert "run again" in str(caught.value)
    assert {path: (tmp_path / path).read_text() for path in files(tmp_path)} == {"page": "before"}


def test_a_limit_on_the_size_of_files_is_told(tmp_path):
    assert isinstance(run_warm(write_under_a_limit, tmp_path / "page").error, UnwritableError)
    assert files(tmp_path) == {}


def write_under_a_limit(path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    with whole_file(path) as unfinished:
        unfinished.write_bytes(bytes(2000))


def test_without_room_for_temporary_files_it_is_told_and_a_file_of_a_bucket_too(
    small_disk, tmp_path, monkeypatch
):
    disk = small_disk(tmp_path / "tmp", "size=64k")
    monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
    with pytest.raises(UnwritableError, match="disk is full"), scratch_folder("x") as folder:
        (folder / "large").write_bytes(bytes(1_000_000))
    assert files(disk.folder) == {}
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "nowhere")])
    with pytest.raises(UnwritableError, match="TMPDIR"), scratch_folder("x"):
        pass


def test_a_backup_without_room_leaves_the_one_before_and_says_where_room_is_missing(
    home, small_disk, tmp_path
):
    disk = small_disk(tmp_path / "backups", "size=2m")
    file = disk.folder / "results.dump"
    backup(load_settings(), "main", file)
    before, filler = files(disk.folder), disk.fill()
    with pytest.raises(StoreError, match=r"No space left on device|disk is full.*Make room") as caught:
        backup(load_settings(), "main", file)
    assert "room" in str(caught.value)
    filler.unlink()
    assert files(disk.folder) == before, "nothing half-written"
    assert backup(load_settings(), "main", file) >= 0


@pytest.fixture
def tablespace(home, postgres, small_disk, open_folder) -> Iterator[Disk]:
    """A small disk of the server's on which the results lie."""
    disk = small_disk(open_folder / "space", "size=64m")
    shutil.chown(disk.folder, postgres.status().data_folder.owner())
    name = f"space_{home.database}"
    home.engine.dispose()
    as_superuser(postgres, f"create tablespace {name} location '{disk.folder}'")
    as_superuser(postgres, f"alter database {home.database} set tablespace {name}")
    yield disk
    home.engine.dispose()
    drop_database(postgres, home.database)
    as_superuser(postgres, f"drop tablespace {name}")


def as_superuser(server: EmbeddedPostgres, statement: str) -> None:
    session = psycopg2.connect(server.url("postgres").replace("+psycopg2", ""))
    session.autocommit = True
    session.cursor().execute(statement)
    session.close()


def test_a_database_whose_disk_is_full_says_so_and_with_room_the_rest_is_read(
    home, another_home, tablespace, tmp_path, tries
):
    write_archive(tmp_path / "four.parquet", islice(simulate_league(), 4))
    run = Run("first", source=tmp_path / "four.parquet")
    plain = another_home()
    assert run_warm(work, "ingest", run, env=plain.env).code == 0
    filler = tablespace.fill()
    n, chance = tries(20, small=2), random.Random(tries.seed)
    for attempt in range(n):
        left = chance.randint(0, 900_000)
        os.truncate(filler, filler.stat().st_size - left)
        ended = run_warm(work_until_cut, "ingest", run, None, None, None, env=home.env)
        told = f"seed {tries.seed}, attempt {attempt}, {left:,} more bytes of room: {ended.error!r}"
        if ended.error is None:
            break
        assert isinstance(ended.error, StoreError), told
        assert "disk of the database is full" in str(ended.error), told
        assert "Make room" in str(ended.error), told
        with home.engine.connect() as connection:
            half = "select count(*) from match m where not exists (select from shot s where s.match_id = m.match_id)"
            assert connection.scalar(text(half)) == 0, told
            assert connection.scalar(text("select count(*) from quarantine")) == 0, (
                "an outage is no match's fault"
            )
    filler.unlink()
    run_warm(work_until_cut, "ingest", run, None, None, None, env=home.env).result()
    assert differences(stored(plain.engine), stored(home.engine)) == {}, f"seed {tries.seed}"
    tries.done(4, "the disk of a database full", n, 20)


@pytest.mark.slow
def test_pages_for_which_there_is_no_room_are_written_when_there_is(
    home, copy_database, small_disk, thirty_matches, tries, tmp_path
):
    run, before = Run("first", source=thirty_matches), f"{home.database}_before"
    for task in TASKS:
        if task == "report":
            home.engine.dispose()
            copy_database(home.database, before)
        run_warm(work_until_cut, task, run, None, None, None, env=home.env).result()
    pages, plain = files(home.folder / "reports"), stored(home.engine)
    n_bytes = sum((home.folder / "reports" / path).stat().st_size for path in pages)
    n, chance = tries(20, small=2), random.Random(tries.seed)
    for attempt in range(n):
        home.engine.dispose()
        copy_database(before, home.database)
        shutil.rmtree(home.folder / "reports", ignore_errors=True)
        size, inodes = chance.randint(1, 1 + n_bytes // 4096), 10_000
        if attempt % 2:
            size, inodes = 10_000, chance.randint(2, len(pages))
        disk = small_disk(home.folder / "reports", f"size={size * 4096},nr_inodes={inodes}")
        told = f"seed {tries.seed}, attempt {attempt}: {size} blocks, {inodes} inodes"
        ended = run_warm(work_until_cut, "report", run, None, None, None, env=home.env)
        assert ended.error is None or isinstance(ended.error, UnwritableError), f"{told}: {ended.error!r}"
        written = files(disk.folder)
        assert all(not path.endswith(".part") for path in written), told
        disk.set("size=50m,nr_inodes=20000")
        run_warm(work_until_cut, "report", run, None, None, None, env=home.env).result()
        assert files(home.folder / "reports").keys() == pages.keys(), told
        assert differences(plain, stored(home.engine)) == {}, told
        disk.remove()
    drop = f"drop database {before} with (force)"
    with home.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(drop)
    tries.done(4, "no room for pages", n, 20)


@pytest.mark.slow
def test_a_server_without_room_for_its_log_comes_back_with_all_that_was_committed(
    small_disk, home, thirty_matches, tmp_path, open_folder
):
    server = EmbeddedPostgres(tmp_path / "server")
    server.ensure_started()
    server.create_database("results")
    engine = create_engine(server.url("results"))
    upgrade_if_behind(engine)
    engine.dispose()
    server.stop()
    log = server.status().data_folder / "pg_wal"
    disk = small_disk(open_folder / "wal", "size=60m")
    disk.folder.chmod(0o755)
    shutil.copytree(log, disk.folder / "pg_wal")
    shutil.rmtree(log)
    log.symlink_to(disk.folder / "pg_wal")
    owner = server.status().data_folder.owner()
    subprocess.run(["chown", "-R", owner, str(disk.folder)], check=True)
    server.ensure_started()
    try:
        filler, run = disk.fill(), Run("first", source=thirty_matches)
        env = {**home.env, "XGOALS_DATABASE_URL": server.url("results")}
        with create_engine(server.url("results")).connect() as connection:
            connection.exec_driver_sql("select pg_switch_wal()")
        ended = run_warm(work_until_cut, "ingest", run, None, None, None, env=env)
        assert isinstance(ended.error, StoreError), repr(ended.error)
        filler.unlink()
        disk.set("size=300m")
        server.ensure_started()
        end_s = time.monotonic() + 60
        while (again := run_warm(work_until_cut, "ingest", run, None, None, None, env=env)).error is not None:
            assert isinstance(again.error, StoreError), repr(again.error)
            assert time.monotonic() < end_s, f"it never recovers: {again.error}"
            time.sleep(0.5)
        plain = run_warm(work_until_cut, "ingest", run, None, None, None, env=home.env).result()
        assert plain is not None
        back = create_engine(server.url("results"))
        assert differences(stored(home.engine), stored(back)) == {}
        back.dispose()
    finally:
        server.stop()
