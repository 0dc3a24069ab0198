"""Who may see and start what: roles on pages and JSON, folders of the form, a path in front."""

import hashlib
import json
import re
import warnings
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from airflow.configuration import conf
from fastapi.routing import APIRoute

from databases import default_settings
from xgoals.domain.errors import SettingsError
from xgoals.services.airflow.credentials import ui_password
from xgoals.services.airflow.environment import airflow_environment
from xgoals.services.airflow.files import password_path
from xgoals.settings import load_settings
from xgoals.steps.allowed_sources import allow, refuse_elsewhere
from xgoals.steps.run_context import open_run
from xgoals.store.database import connect
from xgoals.store.runs import save_report

with warnings.catch_warnings():  # what Airflow's API imports warns of a library that it does not need
    warnings.simplefilter("ignore")
    from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    from xgoals.orchestration.ui import links, login
    from xgoals.orchestration.ui.app import create_app

PAGES = ("/", "/reports/main/index.html", "/runs/xgoals_pipeline/r1", "/openapi.json", "/icon/dark.svg")
EXPLORER = (
    "/explore",
    "/explore/main",
    "/explore/files/main.js",
    "/api/v1/main/explore/shots",
    "/api/v1/main/explore/shots/p/m/s",
    "/api/v1/main/explore/template.csv",
)
JSON = ("/api/v1/main/matches", "/api/v1/main/matches/p/m1/shots")


class Client:
    """Asks the application in this process, as the API server that mounts it would."""

    def __init__(self, app, run_async):
        self.app, self.run_async, self.root_path = app, run_async, ""

    def get(self, path, **options):
        return self.run_async(self._ask("GET", path, options))

    def post(self, path, **options):
        return self.run_async(self._ask("POST", path, options))

    async def _ask(self, method, path, options):
        transport = httpx.ASGITransport(self.app, root_path=self.root_path)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, **options)


@pytest.fixture
def as_role(empty_database, monkeypatch, run_async):
    """``as_role("viewer")``: a client logged in with that role, as Airflow's own auth manager judges it."""
    asked = []

    def team_of(dag_id):
        asked.append(dag_id)
        return "analysts"

    class Judge(SimpleAuthManager):
        def is_authorized_dag(self, *, details=None, **others):
            assert details.team_name == "analysts", "another team's role says nothing"
            return super().is_authorized_dag(details=details, **others)

    monkeypatch.setattr(login, "get_auth_manager", Judge)
    monkeypatch.setattr(login.DagModel, "get_team_name", team_of)
    report = empty_database.home / "reports" / "main" / "index.html"
    report.parent.mkdir(parents=True)
    report.write_text("<p>REPORT")
    open_run(empty_database, database="main", sources=[], dag_run_id="r1", started_at=datetime.now(UTC))

    def client(role):
        async def user(*_):
            return SimpleAuthManagerUser(username="ann", role=role, teams=["analysts"])

        monkeypatch.setattr(login, "get_user", user)
        settings = empty_database.model_copy(
            update={"ui": empty_database.ui.model_copy(update={"warm_scoring": False})}
        )
        made.append(Client(create_app(settings), run_async))
        return made[-1]

    made = []
    yield client
    for each in made:
        each.app.state.scorer.close()


@pytest.mark.parametrize("role", ["viewer", "user", "op", "admin"])
def test_every_role_of_airflow_reads_pages_and_json_and_may_score(as_role, role):
    client = as_role(role)
    assert [client.get(path).status_code for path in PAGES] == [303, 200, 200, 200, 200]
    assert [client.get(path).status_code for path in JSON] == [200, 404]
    assert client.get(JSON[0]).json() == []
    scene = {"x_m": 41.5, "y_m": 3.0, "body_part": "head"}
    for asks in ("score", "explore/move", "explore/rest"):
        answer = client.post(f"/api/v1/main/{asks}", json=scene)
        assert answer.status_code == 409, "there is no champion yet"
    assert client.get("/explore/main").status_code == 200
    assert client.get("/api/v1/main/explore/shots").json() == []


@pytest.mark.parametrize("role", [None, ""])
def test_who_has_no_role_gets_nothing(as_role, role):
    client = as_role(role)
    for path in (*PAGES, *JSON, *EXPLORER):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "REPORT" not in answer.text
    for asks in ("score", "explore/move", "explore/rest", "explore/compare", "explore/table"):
        assert client.post(f"/api/v1/main/{asks}", json={}).status_code == 403


def test_a_page_that_no_run_has_written_runs_nothing_and_is_of_no_origin(as_role, empty_database):
    """A hostile file in the folder of reports would reach Airflow's page around it, and act in the reader's name."""
    client = as_role("viewer")
    page = empty_database.home / "reports" / "main" / "index.html"

    def policy():
        return client.get("/reports/main/index.html").headers["content-security-policy"]

    assert policy().endswith("; sandbox")
    engine = connect(empty_database, "main")
    with engine.begin() as connection:
        sha256 = hashlib.sha256(page.read_bytes()).hexdigest()
        save_report(
            connection, kind="index", scope_id="all", title="Index", path=str(page), model_version=None, sha256=sha256,
            run_id="r",
        )  # fmt: skip
    engine.dispose()
    assert "sandbox" not in policy(), "a page of ours, byte by byte"
    page.write_text("<p>REPORT<script>parent.fetch('/api/v2/dags')</script>")
    assert policy().endswith("; sandbox"), "no longer"


@pytest.fixture
def behind_a_path(monkeypatch):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://host/airflow")
    monkeypatch.setattr(login, "API_ROOT_PATH", "/airflow/")
    assert conf.get("api", "base_url") == "https://host/airflow"


@pytest.mark.parametrize("is_stripped", [False, True])
def test_behind_a_path_every_link_and_redirect_keeps_it(as_role, behind_a_path, monkeypatch, is_stripped):
    assert links.run_path("xgoals_pipeline", "r 1") == "/airflow/xgoals/runs/xgoals_pipeline/r%201"
    client = as_role("viewer")
    assert 'href="/airflow/xgoals/"' in client.get("/runs/xgoals_pipeline/r1").text
    assert client.get("/").headers["location"] == "reports/main/index.html", "relative to where one is"
    assert "/airflow/xgoals/" in client.get("/reports/main/none.html").json()["detail"]

    async def nobody(*_):
        raise login.HTTPException(401, "no")

    monkeypatch.setattr(login, "get_user", nobody)
    asked = "/reports/main/index.html" if is_stripped else "/airflow/reports/main/index.html"
    client.root_path = "" if is_stripped else "/airflow"
    answer = client.get(asked, headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == (
        "/airflow/api/v2/auth/login?next=%2Fairflow%2Freports%2Fmain%2Findex.html"
    )


def test_without_a_path_links_are_as_before(monkeypatch):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://127.0.0.1:8080")
    assert links.run_path("d", "r") == "/xgoals/runs/d/r"


def test_airflow_is_told_the_address_that_people_use_and_the_users_with_their_roles(tmp_path, monkeypatch):
    config = tmp_path / "xgoals.toml"
    config.write_text('[ui]\nbase_url = "https://host/airflow/"\nusers = { ann = "viewer", bob = "op" }\n')
    settings = default_settings(home=tmp_path / "home", airflow_database_url="postgresql+psycopg2://a:b@h/d")
    monkeypatch.setenv("XGOALS_CONFIG", str(config))
    settings = load_settings(home=tmp_path / "home", airflow_database_url="postgresql+psycopg2://a:b@h/d")
    environment = airflow_environment(settings, ui_port=8080)
    assert environment["AIRFLOW__API__BASE_URL"] == "https://host/airflow"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8080/execution/"
    assert environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] == "ann:viewer,bob:op,admin:admin"
    passwords = json.loads(password_path(settings).read_text())
    assert passwords.keys() == {"ann", "bob", "admin"}
    assert len(set(passwords.values())) == 3
    assert ui_password(settings) == passwords["admin"]
    assert password_path(settings).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("users", ['{ ann = "boss" }', '{ "ann:admin,x" = "viewer" }'])
def test_an_unknown_role_or_a_name_that_is_more_than_one_is_refused(tmp_path, monkeypatch, users):
    config = tmp_path / "xgoals.toml"
    config.write_text(f"[ui]\nusers = {users}\n")
    monkeypatch.setenv("XGOALS_CONFIG", str(config))
    with pytest.raises(SettingsError, match=r"ui\.users"):
        load_settings(home=tmp_path)


def test_a_run_of_the_form_reads_the_inbox_and_the_roots_and_nothing_else(tmp_path):
    home, root, other = (tmp_path / name for name in ("home", "feeds", "other"))
    for folder in (home / "inbox", root / "season", other):
        folder.mkdir(parents=True)
    (root / "way_out").symlink_to(other)
    settings = default_settings(home=home, sources={"roots": [str(root)]})
    for allowed in (home / "inbox" / "dfl", root, root / "season", root / "season" / ".." / "season"):
        refuse_elsewhere(settings, allowed)
    for elsewhere in (
        other,
        Path("/etc"),
        root / ".." / "other",
        root / "way_out",
        Path(f"{root}2"),
        Path("/"),
    ):
        with pytest.raises(SettingsError, match=r"may not read this folder.*roots"):
            refuse_elsewhere(settings, elsewhere)
    allow(settings, other)  # a terminal has read it: the tasks that do it for him may, too
    refuse_elsewhere(settings, other / "m1.xml")
    with pytest.raises(SettingsError):
        refuse_elsewhere(settings, tmp_path)


def _asked_for(app):
    """Every method and address of an application, with something in the place of each parameter."""
    for route in app.routes:
        assert isinstance(route, APIRoute), f"{route} is asked by nobody here: what lets people in?"
        for method in route.methods:
            yield method, re.sub(r"\{[^}]+\}", "main", route.path), route


def test_every_route_asks_who_it_is_and_what_he_may(as_role, monkeypatch):
    """A new one, too: it is found by walking, and has to be listed here if it asks for something else."""
    client = as_role("")
    others = {"/metrics"}  # shows its own token
    app = create_app(
        client.app.state.settings.model_copy(
            update={"metrics": client.app.state.settings.metrics.model_copy(update={"endpoint": True})}
        )
    )
    asking, found = Client(app, client.run_async), 0
    for method, path, route in _asked_for(app):
        answer = asking.run_async(asking._ask(method, path, {"json": {}} if method == "POST" else {}))
        expected = 401 if route.path in others else 403
        assert answer.status_code == expected, f"{method} {path}, with no role: {answer.status_code}"
        found += 1
    assert found > 15

    async def nobody(*_):
        raise login.HTTPException(401, "no")

    monkeypatch.setattr(login, "get_user", nobody)
    for method, path, route in _asked_for(app):
        options = {"headers": {"accept": "text/html"}} | ({"json": {}} if method == "POST" else {})
        answer = asking.run_async(asking._ask(method, path, options))
        assert answer.status_code in ((401,) if route.path in others else (303, 401)), (
            f"{method} {path}, logged out"
        )
        assert "REPORT" not in answer.text
    app.state.scorer.close()
    app.state.monitored.close()
