"""What Airflow calls when a task ends or a step warns: one mail, and never an error."""

import pytest
from failing_server import PLAIN

from xgoals.domain.trouble import Trouble
from xgoals.mail.delivery import deliver
from xgoals.orchestration.callbacks import on_task_success, warn
from xgoals.steps.run_context import FeedSource, RunContext


@pytest.fixture
def run(empty_database):
    return RunContext(
        empty_database,
        "main",
        "scheduled__1",
        (FeedSource("statsbomb", empty_database.inbox("statsbomb", "main")),),
    )


def test_a_warning_goes_to_those_of_its_step(server, use, rows, run):
    use(server.connection(**PLAIN))
    email = run.settings.email.model_copy(update={"recipients_by_step": {"explain": ("ds@x.org",)}})
    run = RunContext(run.settings.model_copy(update={"email": email}), run.database, run.run_id, run.sources)
    warn(run, Trouble("drift", "Feature X has moved", step="explain"), Trouble("late", "not there yet"))
    assert {(row["matter"], row["recipient"]) for row in rows().values()} == {
        ("drift", "ds@x.org"), ("late", "analysts@localhost")
    }  # fmt: skip


def test_the_end_of_a_task_sends_what_waits(empty_database, server, use, write, rows):
    use(server.connection(**PLAIN))
    write(1)
    on_task_success(
        {"params": {"source": None, "database": "main", "feed": "statsbomb"}, "dag_run": _Run("other")}
    )
    assert {row["state"] for row in rows().values()} == {"sent"}


def test_whatever_goes_wrong_with_mails_stays_in_the_log(monkeypatch, run, caplog):
    monkeypatch.setattr(deliver, "deliver_waiting", lambda *_: 1 / 0)
    warn(run, Trouble("drift", "x"))
    assert "Mails could not be sent" in caplog.text


class _Run:
    dag_id = "xgoals_pipeline"

    def __init__(self, run_id):
        self.run_id = run_id
