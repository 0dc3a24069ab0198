"""A service that died, a run that is stuck: one mail each, also when it has to wait for the database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from xgoals.domain.errors import StoreError
from xgoals.mail.enqueue import enqueue_late_runs
from xgoals.services import deaths
from xgoals.services.airflow.stuck import StuckRun
from xgoals.services.deaths import AGAIN_AFTER_S, Death, Told
from xgoals.steps.run_context import open_run

LONG_AGO = datetime(2026, 11, 26, 4, tzinfo=UTC)


@pytest.fixture
def sent(monkeypatch):
    """The databases whose mails were sent."""
    databases = []
    monkeypatch.setattr(deaths, "resend", lambda _, database: databases.append(database))
    return databases


def queued(engine):
    with engine.connect() as connection:
        return connection.execute(
            text(
                "select dag_id, run_id, kind, matter, subject, message from notification order by created_at"
            )
        ).all()


def test_each_death_is_told_once_and_names_the_service_and_its_last_words(empty_database, engine, sent):
    told = Told(empty_database)
    told.add(Death("scheduler", "first line\nout of coal", 4711, found_at=LONG_AGO))
    told.add(Death("triggerer", "", 4712, n_times=4, found_at=LONG_AGO))
    for now_s in (0.0, 1.0):
        told.tell(now_s)
    first, second = queued(engine)
    assert (first.dag_id, first.kind, first.matter) == ("xgoals_services", "warning", "service")
    assert first.subject == "xgoals warning: scheduler had died and was started again."
    mail = bytes(first.message).decode().replace("=\r\n", "")
    assert "- out of coal" in mail
    assert "4711" in mail
    assert "triggerer" in second.subject
    assert sent == ["main"]


def test_what_cannot_be_told_now_is_told_later(empty_database, engine, sent, monkeypatch):
    told = Told(empty_database)
    told.add(Death("Postgres", "", found_at=LONG_AGO))
    with monkeypatch.context() as patch:
        patch.setattr(deaths, "enqueue_service_death", _refuse)
        told.tell(0.0)
    told.tell(AGAIN_AFTER_S / 2)
    assert queued(engine) == []
    told.tell(AGAIN_AFTER_S)
    assert [row.subject for row in queued(engine)] == [
        "xgoals warning: Postgres had died and was started again."
    ]


def _refuse(*_):
    raise StoreError("it does not answer")


def test_a_run_that_is_stuck_is_told_once_and_then_not_as_late_too(empty_database, engine, sent):
    open_run(
        empty_database,
        database="main",
        sources=[],
        dag_run_id="night",
        started_at=LONG_AGO,
        watched_since=LONG_AGO,
    )
    told = Told(empty_database)
    for _ in range(2):
        told.add_stuck(StuckRun("night", LONG_AGO, "report scheduled", {}))
        told.tell(0.0)
    enqueue_late_runs(empty_database, "main", timedelta(hours=2), LONG_AGO + timedelta(hours=3))
    ((dag_id, run_id, kind, matter, subject, _),) = queued(engine)
    assert (dag_id, run_id, kind, matter) == ("xgoals_pipeline", "night", "warning", "late")
    assert "does not go on" in subject
