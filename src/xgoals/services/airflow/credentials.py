"""Secrets of an ``XGOALS_HOME`` that Airflow needs: its keys, and the password of the UI's user."""

import json
import secrets
from base64 import urlsafe_b64encode

from xgoals.services.airflow.files import keys_path, password_path
from xgoals.services.secret_files import write_secret
from xgoals.settings import Settings


def airflow_keys(settings: Settings) -> dict[str, str]:
    """The keys of this home: made up once, the same for all of Airflow's processes."""
    path = keys_path(settings)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret(path, json.dumps(make_keys()))
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def make_keys() -> dict[str, str]:
    """New keys with which Airflow signs and encrypts."""
    return {
        "fernet_key": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "jwt_secret": secrets.token_urlsafe(48),
        "api_secret_key": secrets.token_urlsafe(32),
    }


def ui_password(settings: Settings) -> str:
    """The password of the UI's administrator; passwords of all users are made up at the first call that needs them."""
    known = known_ui_passwords(settings)
    if new := settings.ui.roles.keys() - known.keys():
        known |= {name: secrets.token_urlsafe(12) for name in sorted(new)}
        write_ui_passwords(settings, known)
    return known[settings.ui.user]


def known_ui_passwords(settings: Settings) -> dict[str, str]:
    """The passwords that are set, by name."""
    path = password_path(settings)
    known: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    return known


def write_ui_passwords(settings: Settings, passwords: dict[str, str]) -> None:
    """Set the passwords of the UI's users, by name; Airflow reads them when its API server starts."""
    path = password_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_secret(path, json.dumps(passwords))
