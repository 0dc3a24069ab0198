"""The token with which a monitoring system fetches metrics."""

import hmac
from pathlib import Path

from xgoals.settings import Settings


def token_path(settings: Settings) -> Path:
    """Where `xgoals up` leaves the token that it has made up; Prometheus reads it as ``credentials_file``."""
    return settings.home / "airflow" / "metrics_token"


def metrics_token(settings: Settings) -> str | None:
    """The token: the setting, else the file; None where there is neither."""
    if settings.metrics.token is not None:
        return settings.metrics.token.get_secret_value()
    try:
        return token_path(settings).read_text().strip() or None
    except OSError:
        return None


def is_token(settings: Settings, shown: str) -> bool:
    """Whether this is the token, found out in a time that says nothing about it; False where there is none."""
    wanted = metrics_token(settings)
    return wanted is not None and hmac.compare_digest(shown.encode(), wanted.encode())
