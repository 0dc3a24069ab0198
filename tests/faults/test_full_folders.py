"""Disks that are full below one folder of the home: outbox, clips, exports, logs. What has no room waits."""

import logging
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from chain import Run
from cuts import work_until_cut
from sqlalchemy import text
from states import differences, files, stored
from warm import run_warm

from small_feeds import dfl_files
from xgoals.domain.errors import UnwritableError
from xgoals.mail.delivery.deliver import deliver_unqueued, deliver_waiting
from xgoals.mail.delivery.smtp import Attempt, Outcome
from xgoals.outputs.tables import write_table
from xgoals.services.airflow.command import run_airflow
from xgoals.services.airflow.files import log_folder
from xgoals.services.processes import launch
from xgoals.settings import load_settings
from xgoals.store import notifications, runs

LARGE = notifications.Mail("<a@b>", "r", "failure", "x", "a@b.org", "large", b"m" * 30_000)
SMALL = replace(LARGE, message_id="<c@d>", recipient="c@d.org", subject="small", message=b"m")


class Nobody:
    """As where no mail server is configured."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def send(self, *_):
        return Attempt(Outcome.NO_SERVER)

    def advice(self):
        return ""


@pytest.fixture
def small_outbox(home, small_disk):
    return small_disk(home.folder / "outbox", "size=16k")


def test_a_mail_for_which_the_outbox_has_no_room_waits_and_is_laid_there_when_there_is(
    home, small_outbox, caplog
):
    now = datetime.now(UTC)
    with home.engine.begin() as connection:
        connection.exec_driver_sql("set local search_path = xgoals")
        runs.open_run(connection, "r", feeds=[], sources=[], started_at=now)
        notifications.enqueue(connection, [LARGE, SMALL], now)
    with caplog.at_level(logging.WARNING):
        ended = deliver_waiting(load_settings(), "main", Nobody(), retry_after=timedelta(0))
    assert ended == {"failed": 1, "outbox": 1}
    assert "mail to a@b.org could not be laid into the outbox (" in caplog.text
    assert "the disk is full" in caplog.text
    assert "mail server did not take" not in caplog.text, "there is none"
    assert [path.read_bytes() for path in small_outbox.folder.iterdir()] == [b"m"], "nothing half-written"
    small_outbox.set("size=1m")
    assert deliver_waiting(load_settings(), "main", Nobody(), retry_after=timedelta(0)) == {"outbox": 1}
    assert {path.stat().st_size for path in small_outbox.folder.iterdir()} == {1, 30_000}


def test_a_mail_that_is_in_no_queue_and_for_which_there_is_no_room_keeps_no_other_from_its_way(
    home, small_outbox, caplog
):
    deliver_unqueued([LARGE, SMALL], load_settings(), Nobody())
    assert [path.read_bytes() for path in small_outbox.folder.iterdir()] == [b"m"]
    assert "The mail to a@b.org could be sent, queued and laid into the outbox by nobody" in caplog.text
    assert caplog.text.rstrip().count("large") == 1, "what it was about stands in the log"


def test_clips_for_which_there_is_no_room_are_no_fault_of_their_match_which_is_read_later(
    home, another_home, small_disk, tmp_path
):
    source = tmp_path / "dfl"
    for name, data in dfl_files(tmp_path / "made").items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(data)
    run, plain = Run("first", feed="dfl", source=source), another_home()
    run_warm(work_until_cut, "ingest", run, None, None, None, env=plain.env).result()
    wanted = files(plain.folder / "clips")
    assert wanted, "there are clips to write"
    disk = small_disk(home.folder / "clips", "size=40k")
    filler = disk.fill()
    ended = run_warm(work_until_cut, "ingest", run, None, None, None, env=home.env)
    assert isinstance(ended.error, UnwritableError), repr(ended.error)
    assert str(home.folder / "clips") in str(ended.error)
    with home.engine.connect() as connection:
        for table in ("match", "shot", "quarantine"):
            assert connection.scalar(text(f"select count(*) from {table}")) == 0, table
    filler.unlink()
    assert files(disk.folder) == {}
    disk.set("size=10m")
    run_warm(work_until_cut, "ingest", run, None, None, None, env=home.env).result()
    assert files(disk.folder) == wanted
    assert differences(stored(plain.engine), stored(home.engine)) == {}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_export_without_room_leaves_the_one_before_whole(small_disk, tmp_path, ending):
    disk = small_disk(tmp_path / "exports", "size=256k")
    table = pd.DataFrame({"shot": range(40_000), "xg": [n / 7 for n in range(40_000)]})
    write_table(table.head(10), disk.folder / f"shots.{ending}")
    before = files(disk.folder)
    with pytest.raises(UnwritableError, match=r"disk is full.*df -h"):
        write_table(table, disk.folder / f"shots.{ending}")
    assert files(disk.folder) == before
    disk.set("size=10m")
    assert write_table(table, disk.folder / f"shots.{ending}") == 40_000


def test_a_service_or_command_for_whose_log_there_is_no_room_says_so_before_it_begins(home, small_disk):
    settings = load_settings()
    disk = small_disk(log_folder(settings), "nr_inodes=1,size=64k")
    began = disk.folder.parent / "began"
    with pytest.raises(UnwritableError, match=r"logs.*no more files.*df -i"):
        launch("some", ["touch", str(began)], environment={}, log=disk.folder / "some.log")
    with pytest.raises(UnwritableError, match=r"logs.*no more files.*df -i"):
        run_airflow(settings, "version", environment={}, log="airflow.log")
    assert not began.exists()


@pytest.mark.slow  # Airflow is imported
def test_a_run_goes_on_when_its_log_is_full(small_disk, tmp_path):
    disk = small_disk(tmp_path / "logs", "size=64k")
    run_warm(log_more_than_there_is_room_for, disk.folder).result()
    disk.set("nr_inodes=3")
    assert isinstance(run_warm(log_more_than_there_is_room_for, disk.folder / "new").error, UnwritableError)


def log_more_than_there_is_room_for(folder: Path) -> None:
    from xgoals.services.runner.in_process import _log_to

    _log_to(folder / "run.log")
    sys.stdout = open(1, "w", buffering=1_000_000, closefd=False)  # noqa: SIM115 - of a process that ends
    print("x" * 300_000)  # noqa: T201 - what is tried
    _log_to(folder / "task.log")
    os._exit(0)  # what stands in the buffer still finds no room when Python ends, either
