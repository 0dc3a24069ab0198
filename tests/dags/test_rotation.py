"""New secrets replace the old ones everywhere, and what was encrypted stays readable."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from xgoals.domain.errors import ServiceError
from xgoals.services import rotate_secrets as rotation
from xgoals.services.airflow.credentials import ui_password
from xgoals.services.airflow.environment import airflow_environment
from xgoals.services.airflow.files import keys_path
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.rotate_secrets import rotate_secrets
from xgoals.settings import Settings

SECRET = "mailpassword"


def airflow(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = airflow_environment(settings, ui_port=8080)
    command = [sys.executable, "-m", "airflow", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_every_secret_is_new_and_stored_connections_stay_readable(
    settings: Settings, opens: Callable[[str], bool]
) -> None:
    prepare_metadata(settings)
    server = EmbeddedPostgres(settings.home)
    added = airflow(settings, "connections", "add", "kept", "--conn-type", "smtp", "--conn-password", SECRET)
    assert added.returncode == 0, added.stderr
    before = (keys_path(settings).read_text(), ui_password(settings), server.url("postgres"))
    said: list[str] = []
    rotate_secrets(settings, said.append)
    after = (keys_path(settings).read_text(), ui_password(settings), server.url("postgres"))
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert opens(after[2])
    assert not opens(before[2])
    assert not any(secret in " ".join(said) for secret in before + after)
    assert SECRET in airflow(settings, "connections", "get", "kept", "--output", "json").stdout
    assert keys_path(settings).stat().st_mode & 0o077 == 0


def test_if_airflow_cannot_encrypt_anew_its_keys_stay(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_metadata(settings)
    airflow_environment(settings, ui_port=8080)
    before = keys_path(settings).read_text()
    monkeypatch.setattr(rotation, "make_keys", lambda: {"fernet_key": "not a key"})
    with pytest.raises(ServiceError, match="keys are those of before"):
        rotate_secrets(settings, print)
    assert keys_path(settings).read_text() == before
