"""New secrets replace the old ones everywhere, and what was encrypted stays readable."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet

from xgoals.domain.errors import ServiceError
from xgoals.services import rotate_secrets as rotation
from xgoals.services.airflow.command import CommandOutcome
from xgoals.services.airflow.credentials import airflow_keys, ui_password
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


def test_if_airflow_cannot_encrypt_anew_or_is_killed_over_it_both_keys_open(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new key is kept, beside the old one, before anything is encrypted with it."""
    prepare_metadata(settings)
    old = airflow_keys(settings)["fernet_key"]
    seen: list[str] = []

    def failing(_: Settings, *__: str, environment: dict[str, str], log: str) -> CommandOutcome:
        seen.append(environment["AIRFLOW__CORE__FERNET_KEY"])
        assert airflow_keys(settings)["fernet_key"] == seen[-1], "what encrypts is on the disk already"
        return CommandOutcome(False, "", settings.home / log)

    monkeypatch.setattr(rotation, "run_airflow", failing)
    for _ in range(2):
        with pytest.raises(ServiceError, match="keys of before stay valid"):
            rotate_secrets(settings, print)
    assert seen[0].split(",")[1:] == [old]
    assert seen[1].split(",")[1:] == seen[0].split(","), "a second attempt forgets none of them"
    monkeypatch.undo()
    Fernet(airflow_keys(settings)["fernet_key"].split(",")[0])
