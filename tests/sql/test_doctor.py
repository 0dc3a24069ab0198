"""`xgoals doctor`: each part is looked at, says what is wrong and what to do, and nothing is started for it."""

import json
import os
import shutil
import signal
import sys
from collections import namedtuple

import pytest
from sqlalchemy import create_engine, text

from databases import forget_settings
from xgoals.cli import main
from xgoals.services import doctor
from xgoals.services.airflow.credentials import airflow_keys
from xgoals.services.doctor import Finding, examine, orphaned
from xgoals.services.processes import launch
from xgoals.settings import load_settings
from xgoals.store.migrate import VERSION_TABLE, head

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def no_mail_server_is_asked(monkeypatch):
    monkeypatch.setattr(doctor, "check_mail", lambda _: (True, "mx:25 answers 250 OK (starttls)"))


def found(settings, part):
    return [(one.state, one.says + " " + one.do) for one in examine(settings) if one.part == part]


def test_a_healthy_installation_has_no_failure(empty_database):
    states = {one.part: one.state for one in examine(empty_database)}
    assert "fail" not in states.values()
    assert states["database"] == states["clock"] == states["versions"] == states["processes"] == "ok"


def test_a_new_home_is_told_what_to_start_and_nothing_is_made(monkeypatch, tmp_path):
    forget_settings(monkeypatch)
    settings = load_settings(home=tmp_path / "home")
    ((state, says),) = found(settings, "database")
    assert (state, "xgoals up" in says) == ("warn", True)
    assert not (tmp_path / "home").exists()


def test_what_training_advises_is_told_for_the_catalogue_of_the_settings(empty_database):
    engine = create_engine(empty_database.database_url.get_secret_value())
    insert = text(
        "insert into xgoals.derived_state (name, state_key, facts) values (:name, 'k', cast(:facts as jsonb))"
    )
    states = {
        "training on best-17": {"notes": ["0 of 9 shots have positions"]},
        "training on events-9": {"notes": []},
    }
    with engine.begin() as connection:
        for name, facts in states.items():
            connection.execute(insert, {"name": name, "facts": json.dumps(facts)})
    engine.dispose()
    assert found(empty_database, "training") == [("warn", "main: 0 of 9 shots have positions ")]
    events = empty_database.training.model_copy(update={"catalogue": "events-9"})
    assert found(empty_database.model_copy(update={"training": events}), "training") == []


@pytest.mark.parametrize(("version", "state", "said"), [("9999", "fail", "newer"), ("0001", "warn", "older")])
def test_a_schema_of_another_release(empty_database, version, state, said):
    engine = create_engine(empty_database.database_url.get_secret_value())
    with engine.begin() as connection:
        connection.execute(text(f"update public.{VERSION_TABLE} set version_num = '{version}'"))
    engine.dispose()
    ((told, says),) = found(empty_database, "database")
    assert (told, said in says, head() in says) == (state, True, True)


def test_a_database_that_does_not_answer_is_told_without_its_password(monkeypatch, tmp_path):
    forget_settings(monkeypatch)
    settings = load_settings(home=tmp_path, database_url="postgresql://me:secret@127.0.0.1:9/x")
    ((state, says),) = found(settings, "database")
    assert (state, "does not answer" in says, "secret" in says) == ("fail", True, False)
    assert "XGOALS_DATABASE_URL" in says


@pytest.mark.parametrize(("offset_s", "state"), [(0.2, "ok"), (-20.0, "warn"), (3600.0, "fail")])
def test_the_clock_beside_the_database_s(offset_s, state):
    assert doctor._clock("main", offset_s).state == state


@pytest.mark.parametrize(("free", "state"), [(50e9, "ok"), (2e9, "warn"), (1e6, "fail")])
def test_room_on_the_disk(empty_database, monkeypatch, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100e9, 0, free))
    (told, says) = found(empty_database, "disk")[0]
    assert told == state
    assert ("xgoals clean" in says) == (state != "ok")


def test_an_inbox_that_may_not_be_read(empty_database, monkeypatch):
    folder = empty_database.inbox("dfl", "main")
    folder.mkdir(parents=True)
    (folder / "a.xml").write_text("")
    assert found(empty_database, "inbox") == [("ok", f"dfl: 1 files in {folder} ")]
    monkeypatch.setattr(os, "access", lambda path, _: not str(path).endswith("a.xml"))
    ((state, says),) = found(empty_database, "inbox")
    assert (state, str(folder / "a.xml") in says, "chmod" in says) == ("fail", True, True)


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        ((True, "x"), "ok", "x"),
        ((None, "set it"), "warn", "mails are files in"),
        ((False, "mx: 535"), "fail", "535"),
    ],
)
def test_the_mail_server(empty_database, monkeypatch, answer, state, said):
    settings = empty_database.model_copy(update={"airflow_database_url": empty_database.database_url})
    monkeypatch.setattr(doctor, "check_mail", lambda _: answer)
    ((told, says),) = found(settings, "mail")
    assert (told, said in says) == (state, True)


def test_a_process_that_was_left_behind_is_found(empty_database):
    airflow_keys(empty_database)  # xgoals has started an Airflow here
    sleeps = [sys.executable, "-c", "import time; time.sleep(60)", "airflow scheduler"]
    environment = {"XGOALS_HOME": str(empty_database.home)}
    left = launch("scheduler", sleeps, environment=environment, log=empty_database.home / "log")
    try:
        assert [process.pid for process in orphaned(empty_database)] == [left.pid]
        ((state, says),) = found(empty_database, "processes")
        assert (state, f"kill {left.pid}" in says) == ("warn", True)
    finally:
        os.kill(left.pid, signal.SIGKILL)


def test_a_part_that_cannot_be_looked_at_is_a_finding_and_the_others_are_looked_at(
    empty_database, monkeypatch
):
    def refuse(_):
        raise PermissionError(13, "Permission denied", "/data")

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    ((state, says),) = found(empty_database, "disk")
    assert (state, "/data" in says) == ("fail", True)
    assert found(empty_database, "database")[0][0] == "ok"


def test_the_exit_code_and_json_are_for_monitoring(empty_database, monkeypatch, capsys):
    def run(*findings):
        monkeypatch.setattr(doctor, "examine", lambda _: iter(findings))
        monkeypatch.setattr(sys, "argv", ["xgoals", "doctor", "--json"])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, json.loads(capsys.readouterr().out)

    good, bad = Finding("disk", "ok", "much"), Finding("disk", "fail", "none", "make room")
    assert run(good) == (0, [{"part": "disk", "state": "ok", "says": "much", "do": ""}])
    assert run(good, bad)[0] == 1
    monkeypatch.setenv("XGOALS_HOMES", "x")
    code, (told,) = run(good)
    assert (code, told["part"], "did you mean XGOALS_HOME?" in told["says"]) == (1, "settings", True)


def test_what_belongs_to_another_airflow_is_not_judged(empty_database):
    sleeps = [sys.executable, "-c", "import time; time.sleep(60)", "airflow scheduler"]
    environment = {"XGOALS_HOME": str(empty_database.home)}
    theirs = launch("scheduler", sleeps, environment=environment, log=empty_database.home / "log")
    try:
        ((state, says),) = found(empty_database, "processes")
        assert (state, str(theirs.pid) in says) == ("ok", False)
        ((state, says),) = found(empty_database, "services")
        assert (state, "not ours to judge" in says) == ("ok", True)
        assert not (empty_database.home / "airflow").exists()
    finally:
        os.kill(theirs.pid, signal.SIGKILL)
