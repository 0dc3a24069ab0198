"""Pages and answers while the database is away, closed or overtaxed: 503 with a sentence, and then all is well."""

import asyncio
import re
import socket
import warnings
from contextlib import closing

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.pool import QueuePool

from xgoals.explore.app import create_app as create_explorer
from xgoals.metrics.snapshot import Monitored
from xgoals.settings import load_settings

with warnings.catch_warnings():  # what Airflow's API imports warns of a library that it does not need
    warnings.simplefilter("ignore")
    from xgoals.orchestration.ui.app import create_app
    from xgoals.orchestration.ui.login import may_read


class Client:
    """A browser or a program, in this process."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def get(self, path: str, **options) -> httpx.Response:
        return self._ask("GET", path, **options)

    def post(self, path: str, **options) -> httpx.Response:
        return self._ask("POST", path, **options)

    def _ask(self, method: str, path: str, **options) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())


PAGES = ("/runs/xgoals_pipeline/some",)
JSON = ("/api/v1/main/matches", "/api/v1/main/matches/p/m/shots")
SCENE = {"x_m": 40, "y_m": 2, "body_part": "right_foot"}

TROUBLES = {
    "renamed": (
        ["alter database {db} rename to {db}_x"], ["alter database {db}_x rename to {db}"], "does not exist|went away",
    ),
    "no connection left": (
        ["alter role {role} connection limit 0"], ["alter role {role} connection limit -1"],
        "too many connections",
    ),
    "no right to read": (
        ["revoke all on all tables in schema xgoals from {role}"],
        ["grant all on all tables in schema xgoals to {role}"], "lacks a right",
    ),
    "another password": (
        ["alter role {role} password 'another'"], ["alter role {role} password 'right'"], "password authentication",
    ),
}  # fmt: skip


@pytest.fixture
def client(role, monkeypatch):
    monkeypatch.setenv("XGOALS_DATABASE_URL", role["XGOALS_DATABASE_URL"])
    monkeypatch.setenv("XGOALS_UI__WARM_SCORING", "false")
    app = create_app(load_settings())
    app.dependency_overrides[may_read] = lambda: None
    yield Client(app)
    app.state.scorer.close()


@pytest.mark.parametrize("was_asked_before", [False, True])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_page_says_what_is_wrong_with_the_database_and_is_there_again_when_that_is_over(
    home, role, as_administrator, client, trouble, was_asked_before
):
    begin, end, says = TROUBLES[trouble]
    names = {"db": home.database, "role": role["ROLE"]}
    if was_asked_before:
        assert client.get(JSON[0]).json() == []
    for statement in begin:
        end_sessions(as_administrator, role["ROLE"])
        as_administrator(statement.format(**names))
    end_sessions(as_administrator, role["ROLE"])
    try:
        answers = [client.get(path, headers={"accept": "text/html"}) for path in PAGES]
        answers += [client.get(path) for path in JSON]
        answers.append(client.post("/api/v1/main/score", json=SCENE))
    finally:
        for statement in end:
            as_administrator(statement.format(**names))
    for answer in answers:
        assert answer.status_code == 503, f"{answer.url}: {answer.status_code} {answer.text[:300]}"
        assert "right@" not in answer.text, "no password"
    assert "<p>" in answers[0].text
    told = answers[1].json()["detail"]
    assert re.search(says, told), told
    assert client.get(JSON[0]).json() == []
    assert client.get(PAGES[0], headers={"accept": "text/html"}).status_code == 404


def end_sessions(as_administrator, role):
    as_administrator(
        f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = '{role}' /* database */"
    )


def test_a_pool_without_a_connection_left_is_told(client, monkeypatch):
    assert client.get(JSON[0]).status_code == 200
    engine = client.app.state.scorer.engine("main")
    assert isinstance(engine.pool, QueuePool)
    monkeypatch.setattr(engine.pool, "_timeout", 0.05)
    taken = [engine.connect() for _ in range(engine.pool.size() + engine.pool._max_overflow)]
    refused = client.get(JSON[0])
    for connection in taken:
        connection.close()
    assert refused.status_code == 503
    assert "all connections that this process may have are in use" in refused.json()["detail"]
    assert client.get(JSON[0]).status_code == 200


def test_metrics_say_that_the_database_does_not_answer(home, role, as_administrator, monkeypatch):
    monkeypatch.setenv("XGOALS_DATABASE_URL", role["XGOALS_DATABASE_URL"])
    monitored = Monitored(load_settings())
    (before,) = monitored.snapshot().databases
    assert before.figures is not None
    as_administrator(f"alter role {role['ROLE']} connection limit 0")
    end_sessions(as_administrator, role["ROLE"])
    (away,) = monitored.snapshot().databases
    as_administrator(f"alter role {role['ROLE']} connection limit -1")
    assert away.figures is None
    (back,) = monitored.snapshot().databases
    assert back.figures is not None
    monitored.close()


@pytest.mark.slow
def test_the_embedded_server_is_found_again_at_another_port_and_told_while_it_rests(tmp_path, monkeypatch):
    """Its pages were open before; in between its port was taken, and its password changed."""
    from xgoals.services.postgres.databases import start_database
    from xgoals.services.postgres.server import EmbeddedPostgres
    from xgoals.store.embedded_address import port_file

    monkeypatch.setenv("XGOALS_HOME", str(tmp_path))
    monkeypatch.delenv("XGOALS_DATABASE_URL", raising=False)
    settings = load_settings()
    start_database(settings, "main")
    server = EmbeddedPostgres(settings.home)
    client, path = Client(create_explorer(settings)), "/xgoals/reports/main/match/1.html"
    assert client.get(path).status_code == 404
    server.stop()
    away = client.get(path)
    assert away.status_code == 503
    assert "does not answer" in away.text
    with closing(socket.create_server(("127.0.0.1", int(port_file(settings.home).read_text())))):
        server.ensure_started()
    assert client.get(path).status_code == 404
    client.app.state.library.scorer.close()
    server.stop()
