"""Airflow's configuration and its database."""

import json
import stat
from pathlib import Path

import pytest

from xgoals.domain.errors import SettingsError, StoreError
from xgoals.services.airflow import metadata
from xgoals.services.airflow.credentials import ui_password
from xgoals.services.airflow.environment import airflow_environment, metadata_url
from xgoals.services.airflow.files import airflow_home
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.settings import Settings, load_settings


def test_keys_and_password_are_made_once_and_are_their_owners_alone(settings: Settings) -> None:
    prepare_metadata(settings)
    first, second = (airflow_environment(settings, ui_port=8080) for _ in range(2))
    assert first == second
    for file in ("keys.json", "ui_passwords.json"):
        assert stat.S_IMODE((airflow_home(settings) / file).stat().st_mode) == 0o600
    assert json.loads((airflow_home(settings) / "ui_passwords.json").read_text()) == {
        "admin": ui_password(settings)
    }
    secrets = [
        first[f"AIRFLOW__{key}"] for key in ("CORE__FERNET_KEY", "API_AUTH__JWT_SECRET", "API__SECRET_KEY")
    ]
    assert len(set(secrets)) == 3


def test_processes_of_airflow_find_the_same_settings_and_stay_on_this_machine(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "example.org")
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://mail.example.org")
    prepare_metadata(settings)
    environment = airflow_environment(settings, ui_port=9123)
    assert environment["XGOALS_HOME"] == str(settings.home)
    assert Path(environment["XGOALS_CONFIG"]).is_absolute()
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:9123/execution/"
    assert environment["NO_PROXY"] == "example.org,127.0.0.1,localhost"
    assert environment["AIRFLOW_CONN_SMTP_DEFAULT"] == "smtp://mail.example.org"


def test_a_migrated_database_is_not_migrated_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_metadata(settings)
    monkeypatch.setattr(metadata, "_migrate", lambda _: pytest.fail("migrated a second time"))
    prepare_metadata(settings)


def test_ones_own_database_is_used_where_it_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_metadata(settings)
    assert "127.0.0.1" in metadata_url(settings)
    own = "postgresql+psycopg2://me:secret@db.example.org/airflow"
    monkeypatch.setenv("XGOALS_AIRFLOW_DATABASE_URL", own)
    assert metadata_url(load_settings()) == own


def test_a_database_that_does_not_answer_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XGOALS_AIRFLOW_DATABASE_URL", "postgresql+psycopg2://me:secret@127.0.0.1:1/airflow")
    with pytest.raises(
        StoreError, match="airflow_database_url: Airflow's database cannot be reached"
    ) as caught:
        prepare_metadata(load_settings())
    assert "secret" not in str(caught.value)


def test_an_address_that_is_none_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XGOALS_AIRFLOW_DATABASE_URL", "the one in the cellar")
    with pytest.raises(SettingsError, match="airflow_database_url: not a database address"):
        prepare_metadata(load_settings())
