"""Every run ends in one mail: also one that is late, one whose task was killed, and one that died with its machine."""

import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from rich.console import Console
from sqlalchemy import text

from xgoals.domain.errors import ModelError, StoreError, XgoalsError
from xgoals.domain.pipeline import TASK_IDS
from xgoals.mail.content.failure import TaskFailure
from xgoals.mail.enqueue import end_failed_run, end_run
from xgoals.orchestration import callbacks, dead_runs
from xgoals.orchestration.callbacks import on_run_end, on_run_failure, on_task_failure
from xgoals.orchestration.dead_runs import close_dead_runs
from xgoals.orchestration.failures import failure_of
from xgoals.orchestration.lateness import LatenessTrigger
from xgoals.orchestration.portions import PortionUnreadError
from xgoals.services.runner import child
from xgoals.services.runner.display import RunDisplay
from xgoals.services.runner.following import Follower
from xgoals.steps.run_context import FeedSource, RunContext, note_error, open_run
from xgoals.store import runs
from xgoals.store.locks import one_writer

DUE = datetime(2024, 11, 23, 4, tzinfo=UTC)
RUN_ID = "scheduled__2024-11-23T04:00:00+00:00"


@pytest.fixture(autouse=True)
def sends_nothing(monkeypatch):
    monkeypatch.setattr(callbacks, "deliver", lambda *_: None)


@pytest.fixture
def begin(empty_database):
    def begin(run_id=RUN_ID, feed="dfl", watched_since=DUE):
        return open_run(
            empty_database,
            database="main",
            sources=[FeedSource(feed, empty_database.inbox(feed, "main"))],
            dag_run_id=run_id,
            started_at=DUE,
            watched_since=watched_since,
        )

    return begin


@pytest.fixture
def look(empty_database):
    return lambda after: LatenessTrigger(7200).look(empty_database, "main", DUE + after)


@pytest.fixture
def told(engine):
    def read():
        query = text("select dag_id, kind, matter, subject from notification order by created_at, matter")
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    return read


@pytest.fixture
def row(engine):
    def read(run_id=RUN_ID):
        with engine.connect() as connection:
            return runs.read_run(connection, run_id)

    return read


def context(task, *, dag_id="xgoals_pipeline", map_index=-1, try_number=1, error=None):
    """What Airflow gives to a callback."""
    return {
        "params": {"source": None, "database": "main", "feed": "dfl"},
        "dag_run": SimpleNamespace(run_id=RUN_ID, dag_id=dag_id, start_date=DUE),
        "ti": SimpleNamespace(task_id=task, map_index=map_index, try_number=try_number),
        "exception": error,
    }


def test_a_late_run_is_told_once_with_its_own_feed_and_not_before(begin, look, told, engine):
    begin()
    begin("cli__train__1", watched_since=None)
    look(timedelta(minutes=119))
    assert told() == []
    for _ in range(2):
        look(timedelta(minutes=121))
    ((_, kind, matter, subject),) = told()
    assert (kind, matter) == ("warning", "late")
    assert "has not ended by 23 November 2024, 06:00 UTC" in subject
    with engine.connect() as connection:
        mail = bytes(connection.scalar(text("select message from notification"))).decode()
    assert "dfl " in mail
    assert "statsbomb" not in mail
    assert f"/dags/xgoals_pipeline/runs/{RUN_ID.replace(':', '%3A').replace('+', '%2B')}" in mail.replace(
        "=\r\n", ""
    )


@pytest.mark.parametrize("how", ["failed", "success"])
def test_a_run_that_is_over_is_never_late(begin, look, told, how):
    run = begin()
    if how == "failed":
        end_failed_run(run, TaskFailure("train", ModelError("too little data")))
    else:
        end_run(run)
    before = told()
    look(timedelta(days=1))
    assert told() == before
    assert "late" not in {matter for _, _, matter, _ in before}


def test_a_run_that_was_cleared_has_its_whole_time_again(begin, look, told):
    end_failed_run(begin(), TaskFailure("train", ModelError("too little data")))
    begin(watched_since=DUE + timedelta(hours=9))
    look(timedelta(hours=10))
    assert [kind for _, kind, *_ in told()] == ["failure"]
    look(timedelta(hours=12))
    assert [kind for _, kind, *_ in told()] == ["failure", "warning"]


def test_trouble_while_looking_does_not_end_the_watching(begin, empty_database, told, monkeypatch, capsys):
    begin()
    trigger = LatenessTrigger(7200)
    with monkeypatch.context() as patch:
        patch.setattr(
            "xgoals.mail.enqueue.runs.late_runs", lambda *_: _raise(StoreError("it does not answer"))
        )
        for _ in range(2):
            trigger.look(empty_database, "main", DUE + timedelta(hours=3))
    assert capsys.readouterr().out.count("it does not answer") == 1, "told once"
    trigger.look(empty_database, "main", DUE + timedelta(hours=3))
    assert [matter for _, _, matter, _ in told()] == ["late"]


def _raise(error):
    raise error


def test_a_killed_task_ends_in_one_mail_and_a_closed_run(begin, told, row):
    begin()
    for _ in range(2):
        on_run_failure(context("explain", try_number=4))
    ((_, kind, matter, subject),) = told()
    assert (kind, matter) == ("failure", "explain try 4")
    assert "FAILED at explain: its process was ended from outside" in subject
    assert "memory" in row()["error"]["what"]
    assert (row()["state"], row()["failed_task"]) == ("failed", "explain")


def test_what_a_task_has_told_itself_is_not_told_again_by_the_end_of_the_run(begin, told, row):
    begin()
    on_task_failure(context("train", error=ModelError("too little data")))
    on_run_failure(context("train"))
    assert [subject for *_, subject in told()] == ["xgoals FAILED at train: too little data"]
    assert "too little data" in row()["error"]["what"]


def test_the_reason_that_was_noted_counts_whoever_tells_it_first(begin, told):
    run = begin()
    failing = context("train", error=ModelError("too little data", advice="Ingest more"))
    note_error(run, failure_of(failing).noted_error())
    on_run_failure(context("train"))  # the run's end is seen before the task's own process has told anything
    on_task_failure(failing)
    assert [subject for *_, subject in told()] == ["xgoals FAILED at train: too little data"]


def test_a_note_of_an_earlier_try_is_not_the_reason(begin, told):
    note_error(begin(), failure_of(context("train", error=StoreError("gone for a moment"))).noted_error())
    on_run_failure(context("train", try_number=2))
    assert "ended from outside" in told()[0][3]


def test_a_failed_maintenance_does_not_touch_the_run_of_the_same_name(begin, told, row, engine):
    begin()
    failing = context(
        "make_room", dag_id="xgoals_maintenance", error=XgoalsError("a file may not be removed")
    )
    on_task_failure(failing)
    failing["ti"].get_task_states = lambda **_: {RUN_ID: {"make_room": "failed"}}
    on_run_failure(failing)
    assert row()["state"] == "running"
    ((dag_id, kind, matter, _),) = told()
    assert (dag_id, kind, matter) == ("xgoals_maintenance", "failure", "make_room try 1")
    with engine.connect() as connection:
        mail = bytes(connection.scalar(text("select message from notification"))).decode()
    assert "/dags/xgoals_maintenance/runs/" in mail.replace("=\r\n", "")
    assert "/dags/xgoals_pipeline/" not in mail.replace("=\r\n", "")


def test_a_killed_task_is_told_also_where_another_one_has_failed_after_it(empty_database, told):
    failing = context("check_backup", dag_id="xgoals_maintenance", error=XgoalsError("no room"))
    on_task_failure(failing)
    at_the_end = context("check_backup", dag_id="xgoals_maintenance")
    states = {"search_hyperparameters": "failed", "make_room": "success", "check_backup": "failed"}
    at_the_end["ti"].get_task_states = lambda **_: {RUN_ID: states}
    for _ in range(2):
        on_run_failure(at_the_end)
    assert {matter: subject for _, _, matter, subject in told()} == {
        "check_backup try 1": "xgoals FAILED at check_backup: no room",
        "search_hyperparameters try 1": "xgoals FAILED at search_hyperparameters: its process was ended from outside,"
        " without a word: most likely the system killed it because memory …",
    }


def test_a_broken_match_does_not_end_the_run_and_a_lost_database_does(begin, told, row):
    begin()
    on_task_failure(context("ingest", map_index=0, error=XgoalsError("match m1 cannot be read")))
    assert row()["state"] == "running"
    on_task_failure(context("ingest", map_index=1, error=StoreError("the database went away")))
    assert row()["state"] == "failed"
    assert len(told()) == 2


@pytest.mark.parametrize("has_told", [True, False])
def test_a_portion_that_was_not_read_is_told_once(begin, told, row, has_told):
    begin()
    if has_told:
        on_task_failure(context("ingest", map_index=3, try_number=4, error=StoreError("went away")))
    begin()  # build_features opens it again, and finds that
    error = PortionUnreadError("1 of the tasks ingest ended before it had read its matches")
    error.map_index = 3
    on_task_failure(context("build_features", error=error))
    on_run_failure(context("build_features"))
    ((_, _, matter, subject),) = told()
    assert matter == ("ingest3 try 4" if has_told else "ingest3 try 1")
    assert ("went away" if has_told else "had read its matches") in subject
    assert (row()["state"], row()["failed_task"]) == ("failed", "ingest")


def test_a_run_of_which_one_task_alone_was_cleared_is_closed(begin, row, told):
    begin()
    on_run_end(context("ingest"))
    assert row()["state"] == "success"
    assert told() == []


def test_a_run_that_died_is_closed_and_told_by_the_next(begin, told, row, engine, monkeypatch):
    dead, asleep, at_work = begin("manual__dead"), begin("manual__between_tasks"), begin("cli__train__1")
    begin("cli__dead", watched_since=None)
    with engine.begin() as connection:
        runs.note_figures(connection, dead.run_id, {}, task="find_matches", seconds=1)
    monkeypatch.setattr(dead_runs, "_is_alive", lambda run_id: run_id == asleep.run_id)
    with one_writer(engine, f"run {at_work.run_id}, train", str):
        for _ in range(2):
            close_dead_runs(RunContext(dead.settings, "main", RUN_ID))
    states = {
        run_id: row(run_id)["state"] for run_id in (dead.run_id, asleep.run_id, at_work.run_id, "cli__dead")
    }
    assert states == {
        dead.run_id: "failed", asleep.run_id: "running", at_work.run_id: "running", "cli__dead": "failed"
    }  # fmt: skip
    ((_, kind, matter, subject),) = told()
    assert (kind, matter) == ("failure", "ingest try 1")
    assert "the run's processes ended without a word" in subject


@pytest.mark.parametrize("was_killed", [True, False])
def test_a_run_in_a_process_of_its_own_is_told_if_that_was_killed_and_not_if_somebody_ended_it(
    empty_database, begin, row, told, monkeypatch, was_killed
):
    sent = []
    monkeypatch.setattr(child, "resend", lambda _, database: sent.append(database))
    begin(watched_since=None)
    follower = Follower(RunDisplay(TASK_IDS, Console(file=io.StringIO())), None, run_id=RUN_ID)
    follower.note("find_matches", "success")
    follower.note("ingest", "running", map_index=0)
    parameters = {"feed": "dfl", "source": None, "database": "main"}
    child._note_abrupt_end(empty_database, parameters, follower, tell=was_killed)
    assert (row()["state"], row()["failed_task"]) == ("failed", "ingest")
    assert [matter for _, _, matter, _ in told()] == ["ingest try 1"] * was_killed
    assert sent == ["main"] * was_killed


def test_a_failure_is_told_also_where_the_connection_to_the_results_is_not_found(
    empty_database, told, monkeypatch, caplog
):
    monkeypatch.delenv("XGOALS_DATABASE_URL")
    monkeypatch.setenv("XGOALS_DATABASE_CONN_ID", "nowhere")
    on_task_failure(context("train", error=StoreError("Airflow does not find the connection 'nowhere'")))
    (mail,) = (empty_database.home / "outbox").glob("*.eml")
    assert "does not find the connection 'nowhere'" in mail.read_text()
    assert told() == [], "where it could not be written down"
    assert "train failed: Airflow does not find" in caplog.text
