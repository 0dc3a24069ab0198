"""A run of the real DAG without any service up: how it goes, what is told, and what is left of a killed one."""

import email.policy
import io
import os
import signal
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from rich.console import Console

from xgoals.domain.pipeline import TASK_IDS
from xgoals.services.postgres.databases import start_database
from xgoals.services.resend import resend
from xgoals.services.run_lock import holder
from xgoals.services.runner.run_pipeline import RunOutcome, run_pipeline
from xgoals.settings import Settings
from xgoals.store.database import connect
from xgoals.store.locks import one_writer
from xgoals.store.notifications import list_notifications

RUN = """
import sys
from pathlib import Path
from xgoals.settings import load_settings
from xgoals.services.runner.run_pipeline import run_pipeline
outcome = run_pipeline(load_settings(), database="main", feed="statsbomb", source=Path(sys.argv[1]))
print(outcome.state)
"""


def smtp(port: int) -> str:
    return f"smtp://127.0.0.1:{port}?disable_ssl=true&disable_tls=true"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def notifications(settings: Settings, run_id: str) -> list[dict[str, Any]]:
    engine = connect(settings, "main")
    with engine.connect() as connection:
        rows = [row for row in list_notifications(connection, limit=1000) if row["run_id"] == run_id]
    engine.dispose()
    return rows


def log_run_id(said: str) -> str:
    return said.split("/run_id=")[1].split("/")[0]


class Mailbox:
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        parsed: Any = BytesParser(policy=email.policy.default).parsebytes(content)
        self.messages.append(parsed)
        return "250 OK"


def run(settings: Settings, source: Path) -> tuple[RunOutcome, str]:
    output = io.StringIO()
    console = Console(file=output, width=200)
    outcome = run_pipeline(settings, database="main", feed="statsbomb", source=source, console=console)
    return outcome, output.getvalue()


def test_a_failed_run_names_the_reason_in_the_terminal_in_the_log_and_in_a_mail(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = Mailbox()
    port = free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", smtp(port))
        outcome, said = run(settings, tmp_path / "no_such_folder")
    finally:
        server.stop()
    states = [task.state for task in outcome.tasks]
    assert [task.task_id for task in outcome.tasks] == list(TASK_IDS)
    assert states == ["failed"] + ["upstream_failed"] * 7
    assert outcome.state == "failed"
    failed = outcome.failed_task
    assert failed
    assert failed.try_number == 1, "a source that is not there is not tried again"
    assert "no_such_folder" in (failed.error or "")
    assert "no_such_folder" in said
    log = Path(said.split("log: ")[1].strip())
    assert "no_such_folder" in log.read_text().strip().splitlines()[-1]
    (message,) = mailbox.messages
    assert (message["To"], message["From"]) == ("analysts@localhost", "xgoals <xgoals@localhost>")
    assert message["Subject"] == "xgoals FAILED at ingest: no such folder"
    text = message.get_body(("plain",))
    assert text
    assert f"Where: {tmp_path / 'no_such_folder'}" in text.get_content()
    assert f"/dags/xgoals_pipeline/runs/{quote(outcome.run_id)}/tasks/find_matches" in text.get_content()
    assert not list((settings.home / "outbox").glob("*.eml")), "what was sent does not lie in the outbox"
    (row,) = notifications(settings, outcome.run_id)
    assert (row["state"], row["attempts"], row["message_id"]) == ("sent", 1, message["Message-ID"])


def test_a_second_run_waits_for_an_interrupted_one_then_works_and_its_mail_waits_for_a_dead_server(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", smtp(1))
    start_database(settings, "main")
    engine = connect(settings, "main")
    with one_writer(engine, "the test", str):  # whoever runs first cannot finish before it is interrupted
        waiting = _interrupt_the_first_of_two_runs(settings, tmp_path / "absent")
    engine.dispose()
    state, said = waiting.communicate(timeout=280)
    assert state.strip() == "failed", "it had its turn, and found no source"
    assert "absent" in said
    log = Path(said.split("log: ")[1].strip()).read_text()
    assert "The mail server did not take the mail to analysts@localhost" in log
    assert "AIRFLOW_CONN_SMTP_DEFAULT" in log
    (row,) = notifications(settings, log_run_id(said))
    assert (row["state"], row["attempts"], row["unanswered"]) == ("failed", 1, 0)
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", smtp(server.port))
        assert resend(settings, "main")["sent"] >= 1
        assert resend(settings, "main") == {}
    finally:
        server.stop()
    assert row["message_id"] in {message["Message-ID"] for message in mailbox.messages}


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _interrupt_the_first_of_two_runs(settings: Settings, source: Path) -> "subprocess.Popen[str]":
    """Start two runs, interrupt the one that works, and return the one that waits for it."""
    command = [sys.executable, "-c", RUN, str(source)]
    first, second = (
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell that starts the tests in the background has them, and so their children, ignore SIGINT.
            preexec_fn=_heed_interrupts,  # noqa: PLW1509
        )
        for _ in range(2)
    )
    deadline = time.monotonic() + 180
    while holder(settings.home) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    holding = holder(settings.home)
    assert holding
    (interrupted, waiting) = (
        (first, second) if psutil.Process(holding.pid).ppid() == first.pid else (second, first)
    )
    assert waiting.stderr
    heard = [waiting.stderr.readline(), waiting.stderr.readline()]
    assert f"(process {holding.pid}, since " in heard[1]
    os.kill(interrupted.pid, signal.SIGINT)
    interrupted.communicate(timeout=30)
    assert interrupted.returncode not in (0, None)
    assert not psutil.pid_exists(holding.pid) or psutil.Process(holding.pid).status() == psutil.STATUS_ZOMBIE
    return waiting
