"""What several machines share (an executor, addresses, keys) is taken from the environment where it stands there."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from databases import default_settings
from xgoals.domain.errors import ServiceError, SettingsError
from xgoals.services.airflow.environment import airflow_environment, executor
from xgoals.services.airflow.files import keys_path
from xgoals.services.rotate_secrets import rotate_secrets
from xgoals.services.up import up
from xgoals.settings import Settings

GIVEN = {
    "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
    "AIRFLOW__CORE__PARALLELISM": "32",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": "http://api.example.org/execution/",
    "AIRFLOW__CORE__FERNET_KEY": "one key for all",
    "AIRFLOW__API__SECRET_KEY": "one for logs",
    "AIRFLOW__API_AUTH__JWT_SECRET": "one for logins",
    "AIRFLOW__API__BASE_URL": "https://xg.example.org",
    "AIRFLOW__CELERY__BROKER_URL": "redis://broker:6379/0",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = "postgresql+psycopg2://me@db.example.org/airflow"
    return default_settings(home=tmp_path / "home", airflow_database_url=url)


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def set_all(give: pytest.MonkeyPatch, variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        give.setenv(name, value)


def test_what_is_set_stays_and_reaches_every_process(settings: Settings, give: pytest.MonkeyPatch) -> None:
    set_all(give, GIVEN)
    environment = airflow_environment(settings, ui_port=9123)
    assert {name: environment[name] for name in GIVEN} == GIVEN
    assert environment["XGOALS_UI__BASE_URL"] == "https://xg.example.org", (
        "links in mails lead to the same place"
    )
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1", "what machines do not share is as ever"


def test_our_own_setting_says_where_mails_lead(settings: Settings, give: pytest.MonkeyPatch) -> None:
    set_all(give, GIVEN)
    ui = settings.ui.model_copy(update={"base_url": "https://pages.example.org"})
    environment = airflow_environment(settings.model_copy(update={"ui": ui}), ui_port=9123)
    assert environment["XGOALS_UI__BASE_URL"] == "https://pages.example.org"


def test_where_nothing_or_an_empty_text_is_set_it_is_one_machine(
    settings: Settings, give: pytest.MonkeyPatch
) -> None:
    give.setenv("AIRFLOW__CORE__FERNET_KEY", "")
    environment = airflow_environment(settings, ui_port=9123)
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:9123/execution/"
    assert (
        environment["AIRFLOW__API__BASE_URL"] == environment["XGOALS_UI__BASE_URL"] == "http://127.0.0.1:9123"
    )
    assert environment["AIRFLOW__CORE__FERNET_KEY"] in keys_path(settings).read_text()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("LocalExecutor", "LocalExecutor"),
        ("LocalExecutor,CeleryExecutor", "LocalExecutor"),
        ("airflow.providers.celery.executors.celery_executor.CeleryExecutor", "CeleryExecutor"),
    ],
)
def test_the_first_of_several_executors_counts(given: str, name: str, give: pytest.MonkeyPatch) -> None:
    give.setenv("AIRFLOW__CORE__EXECUTOR", given)
    assert executor() == name


def test_up_starts_no_workers_and_so_nothing_that_would_wait_for_them(
    settings: Settings, give: pytest.MonkeyPatch
) -> None:
    give.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
    with pytest.raises(SettingsError, match=r"CeleryExecutor needs workers.*docs/several-workers\.md"):
        up(settings, print)
    assert not settings.home.exists()


def test_keys_that_are_given_are_not_changed_behind_the_back_of_others(
    settings: Settings, give: pytest.MonkeyPatch
) -> None:
    give.setenv("AIRFLOW__API__SECRET_KEY", "shared")
    with pytest.raises(ServiceError, match="AIRFLOW__API__SECRET_KEY is set"):
        rotate_secrets(settings, print)
    assert not keys_path(settings).exists()
