"""What a person in a terminal sees of the mails."""

import json

from typer.testing import CliRunner

from xgoals.cli import app
from xgoals.mail.delivery.deliver import deliver_waiting
from xgoals.orchestration.mail_server import configured_server


def shown(*arguments):
    result = CliRunner().invoke(app, ["notifications", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_list_says_what_became_of_each_mail(empty_database, write, monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT", raising=False)
    assert json.loads(shown("list", "--json")) == []
    write(2, "a@x.org", "b@x.org")
    assert len(json.loads(shown("list", "--json", "--limit", "3"))) == 3
    deliver_waiting(empty_database, "main", configured_server(empty_database))
    write(3, "a@x.org")
    rows = json.loads(shown("list", "--json"))
    assert sorted(row["state"] for row in rows) == ["outbox"] * 4 + ["pending"]
    assert set(rows[0]) == {
        "message_id", "dag_id", "run_id", "kind", "matter", "state_key", "recipient", "subject", "state", "attempts",
        "unanswered", "last_error", "created_at", "changed_at",
    }  # fmt: skip
    table = shown("list", "--waiting")
    assert table.count("a@x.org") == 1
    assert "Night 2" in table
