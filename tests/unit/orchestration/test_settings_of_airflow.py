"""Settings by Airflow's variable, results by its connection: what counts, and each mistake in a sentence."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from databases import forget_settings
from xgoals.domain.errors import SettingsError, StoreError
from xgoals.orchestration.settings import airflow_settings, task_settings, watcher_settings
from xgoals.settings import load_settings
from xgoals.store.database import connect, database_url, is_embedded

POSTGRES = {
    "conn_type": "postgres",
    "host": "db",
    "port": 5433,
    "login": "me",
    "password": "p@:/ss",
    "schema": "xg",
}


@pytest.fixture(autouse=True)
def nothing_of_the_caller(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path / "home"))


@pytest.fixture
def variable(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Airflow's variable, where its secrets backend of the environment finds it."""
    return lambda **settings: monkeypatch.setenv("AIRFLOW_VAR_XGOALS_SETTINGS", json.dumps(settings))


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The connection ``football``, and the setting that names it."""

    def add(**fields: object) -> None:
        monkeypatch.setenv("AIRFLOW_CONN_FOOTBALL", json.dumps(fields))
        monkeypatch.setenv("XGOALS_DATABASE_CONN_ID", "football")

    return add


def test_environment_wins_over_the_variable_which_wins_over_the_file(
    variable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "xgoals.toml").write_text(
        '[schedule]\ntimezone = "Asia/Tokyo"\nnightly_cron = "1 1 * * *"\nweekly_cron = "2 2 * * 2"\n'
    )
    monkeypatch.setenv("XGOALS_CONFIG", str(tmp_path / "xgoals.toml"))
    monkeypatch.setenv("XGOALS_SCHEDULE__TIMEZONE", "Europe/Paris")
    variable(schedule={"timezone": "Europe/Rome", "nightly_cron": "3 3 * * *"}, dag={"tags": ["a", "b"]})
    settings = airflow_settings()
    assert settings.schedule.timezone == "Europe/Paris"
    assert settings.schedule.nightly_cron == "3 3 * * *"
    assert settings.schedule.weekly_cron == "2 2 * * 2"
    assert settings.dag.tags == ("a", "b")


def test_without_the_variable_or_with_an_empty_one_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert airflow_settings() == load_settings()
    monkeypatch.setenv("AIRFLOW_VAR_XGOALS_SETTINGS", " ")
    assert airflow_settings() == load_settings()


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{schedule", "xgoals_settings: it is no JSON"),
        ('["a"]', "xgoals_settings: it is JSON, but no object"),
        ('{"schedul": {}}', "xgoals_settings: schedul: unknown setting; did you mean schedule?"),
        (
            '{"schedule": {"timezone": "Europe/Berlyn"}}',
            "xgoals_settings: schedule.timezone: 'Europe/Berlyn'",
        ),
        ('{"dag": {"ingest_at_once": 0}}', "xgoals_settings: dag.ingest_at_once: 0 is too small"),
        ('{"dag": {"tags": ["a", ""]}}', "xgoals_settings: dag.tags.1: "),
        ('{"dag": 3}', "xgoals_settings: dag: 3 is no section"),
        ('{"database_url": "postgresql://me:secret@h/d"}', "xgoals_settings: database_url holds a password"),
        ('{"airflow_database_url": "x"}', "set XGOALS_AIRFLOW_DATABASE_URL in the environment"),
    ],
)
def test_a_broken_variable_is_refused_with_its_name(
    monkeypatch: pytest.MonkeyPatch, written: str, message: str
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_XGOALS_SETTINGS", written)
    with pytest.raises(SettingsError) as caught:
        airflow_settings()
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_mistake_elsewhere_is_not_the_variable_s(variable, monkeypatch: pytest.MonkeyPatch) -> None:
    variable(report={"language": "de"})
    monkeypatch.setenv("XGOALS_SCHEDULE__TIMEZONE", "Nowhere")
    with pytest.raises(SettingsError, match=r"^settings \(.*\): schedule\.timezone"):
        airflow_settings()


def test_the_results_are_where_the_connection_says(connection) -> None:
    connection(**POSTGRES, extra={"sslmode": "require", "cursor": "dictcursor"})
    assert airflow_settings().database_url is None, "DAG files do not ask for it"
    settings = task_settings()
    assert (
        database_url(settings, "main") == "postgresql+psycopg2://me:p%40%3A%2Fss@db:5433/xg?sslmode=require"
    )
    assert not is_embedded(settings, "main")
    assert is_embedded(settings, "demo"), "nothing simulated goes there"


def test_the_variable_may_name_the_connection(variable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_FOOTBALL", "postgres://me@db/xg")
    variable(database_conn_id="football")
    assert database_url(task_settings(), "main") == "postgresql+psycopg2://me@db/xg"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {**POSTGRES, "conn_type": "mysql"},
            "connection 'football': it is of type mysql, and results are kept",
        ),
        ({**POSTGRES, "schema": ""}, "connection 'football': it names no database"),
        ({**POSTGRES, "extra": {"iam": True}}, "connection 'football': its extra field has iam, which"),
    ],
)
def test_another_kind_of_connection_is_refused(connection, fields: dict[str, object], message: str) -> None:
    connection(**fields)
    with pytest.raises(SettingsError) as caught:
        task_settings()
    assert message in str(caught.value)
    assert "p@:/ss" not in str(caught.value)


def test_a_missing_connection_is_tried_again_and_says_where_to_add_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XGOALS_DATABASE_CONN_ID", "football")
    with pytest.raises(StoreError, match=r"does not find the connection 'football'.*AIRFLOW_CONN_FOOTBALL"):
        task_settings()


def test_a_watcher_waits_until_the_connection_is_found(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, run_async: Callable[..., Any]
) -> None:
    monkeypatch.setenv("XGOALS_DATABASE_CONN_ID", "football")

    async def add(_: float) -> None:
        monkeypatch.setenv("AIRFLOW_CONN_FOOTBALL", json.dumps(POSTGRES))

    monkeypatch.setattr(asyncio, "sleep", add)
    assert run_async(watcher_settings()).database_url is not None
    assert "does not find the connection 'football'" in caplog.text
    assert "The next look is in 60 s" in caplog.text


def test_who_has_not_asked_for_the_connection_never_takes_the_embedded_server_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XGOALS_DATABASE_CONN_ID", "football")
    settings = load_settings()
    assert not is_embedded(settings, "main")
    with pytest.raises(StoreError, match="connection 'football' to the results was not to be had"):
        connect(settings, "main")


def test_url_and_connection_at_once_are_refused_wherever_they_stand(
    variable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XGOALS_DATABASE_URL", "postgresql://me:secret@h/d")
    assert airflow_settings().database_url is not None
    variable(database_conn_id="football")
    with pytest.raises(SettingsError, match="database_url and database_conn_id are both given") as caught:
        airflow_settings()
    assert "secret" not in str(caught.value)


def test_links_lead_to_the_airflow_around_us(monkeypatch: pytest.MonkeyPatch) -> None:
    assert airflow_settings().ui.address == "http://127.0.0.1:8080"
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://league.example/airflow/")
    assert airflow_settings().ui.address == "https://league.example/airflow"
    monkeypatch.setenv("XGOALS_UI__BASE_URL", "https://elsewhere.example")
    assert airflow_settings().ui.address == "https://elsewhere.example"
