"""A mail server on loopback, and rows of mails to hand to it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from failing_server import Server
from sqlalchemy import Engine

from xgoals.language import language
from xgoals.mail.content import News, build_message
from xgoals.settings import Settings
from xgoals.store import notifications as store
from xgoals.store.database import connect


@pytest.fixture
def start_server() -> Iterator[Callable[..., Server]]:
    servers = []

    def start(**options: Any) -> Server:
        server = Server(**options)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def server(start_server: Callable[..., Server]) -> Server:
    return start_server()


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], None]:
    """Make this the connection that Airflow knows."""

    def configure(connection: dict[str, Any]) -> None:
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))

    return configure


@pytest.fixture
def engine(empty_database: Settings) -> Iterator[Engine]:
    engine = connect(empty_database, "main")
    yield engine
    engine.dispose()


@pytest.fixture
def write(engine: Engine) -> Callable[..., list[str]]:
    """Queue mails, one for each outcome and recipient; their Message-IDs."""

    def queue(n: int, *recipients: str, created_at: datetime | None = None) -> list[str]:
        mails = [_mail(i, recipient) for i in range(n) for recipient in recipients or ("a@example.org",)]
        with engine.begin() as connection:
            store.enqueue(connection, mails, created_at or datetime.now(UTC))
        return [mail.message_id for mail in mails]

    return queue


def _mail(n: int, recipient: str) -> store.Mail:
    news = News(
        run_id=f"run {n}", kind="health", matter="run", subject=f"Night {n}", title=f"Night {n}",
        lead=".a line that begins with a dot", moment=datetime(2024, 11, 23, tzinfo=UTC),
        content={"facts": [("key", f"Wert {n} ÄÖÜ")], "steps": []},
    )  # fmt: skip
    message = build_message(news, sender="xgoals@localhost", recipient=recipient, words=language("en"))
    return store.Mail(
        str(message["Message-ID"]),
        news.run_id,
        news.kind,
        news.matter,
        recipient,
        news.subject,
        bytes(message),
    )


@pytest.fixture
def rows(engine: Engine) -> Callable[[], dict[str, dict[str, Any]]]:
    def read() -> dict[str, dict[str, Any]]:
        with engine.connect() as connection:
            return {row["message_id"]: row for row in store.list_notifications(connection, limit=10_000)}

    return read


@pytest.fixture
def outbox(empty_database: Settings) -> Path:
    return empty_database.home / "outbox"
