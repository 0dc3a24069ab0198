"""A terminal that knows its results by a connection asks Airflow; no other terminal waits for that."""

import json
import subprocess
from pathlib import Path

import pytest

from databases import forget_settings
from xgoals.domain.errors import SettingsError
from xgoals.services.airflow import asking
from xgoals.services.airflow.asking import environment_to_ask, terminal_settings
from xgoals.services.airflow.credentials import airflow_keys
from xgoals.services.airflow.files import is_somebody_else_s
from xgoals.settings import load_settings
from xgoals.store.database import database_url


@pytest.fixture(autouse=True)
def nothing_of_the_caller(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path / "home"))


def test_without_a_connection_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    monkeypatch.setenv("XGOALS_DATABASE_URL", "postgresql://me@db/xg")
    assert database_url(terminal_settings(), "main") == "postgresql+psycopg2://me@db/xg"


def test_a_real_airflow_says_connection_variable_and_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    monkeypatch.setenv("AIRFLOW_CONN_FOOTBALL", "postgres://me:p%40ss@db:5433/xg?sslmode=require")
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://league.example/airflow")
    monkeypatch.setenv("AIRFLOW_VAR_XGOALS_SETTINGS", json.dumps({"report": {"language": "de"}}))
    monkeypatch.setenv("XGOALS_DATABASE_CONN_ID", "football")
    settings = terminal_settings()
    assert database_url(settings, "main") == "postgresql+psycopg2://me:p%40ss@db:5433/xg?sslmode=require"
    assert settings.report.language == "de"
    assert settings.ui.address == "https://league.example/airflow"


def test_a_connection_that_it_does_not_know_here_is_said_with_what_the_terminal_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    says = {
        "what": "Airflow does not find the connection 'x'",
        "where": "database_conn_id",
        "advice": "Add it",
    }
    monkeypatch.setattr(asking, "_asked", lambda _: says)
    monkeypatch.setenv("XGOALS_DATABASE_CONN_ID", "x")
    with pytest.raises(SettingsError, match=r"connection 'x'\. Give this terminal the AIRFLOW_HOME"):
        terminal_settings()


def test_whose_airflow_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = {"database_url": "postgresql://me@db/xg"}
    assert not is_somebody_else_s(load_settings()), "the results are embedded, so is its metadata"
    assert is_somebody_else_s(load_settings(**elsewhere))
    assert is_somebody_else_s(load_settings(database_conn_id="football"))
    assert not is_somebody_else_s(load_settings(**elsewhere, airflow_database_url="postgresql://me@db/a"))
    monkeypatch.setenv("AIRFLOW_HOME", "/theirs")
    theirs = load_settings(**elsewhere)
    assert environment_to_ask(theirs)["AIRFLOW_HOME"] == "/theirs"
    assert not (theirs.home / "airflow").exists(), "no keys are made for an Airflow that is not ours"
    airflow_keys(theirs)
    assert not is_somebody_else_s(theirs), "one that xgoals has started before"
