"""What `[metrics]` and `[logs]` of the settings mean for Airflow's processes."""

import secrets
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from xgoals.domain.errors import SettingsError
from xgoals.metrics.token import metrics_token, token_path
from xgoals.services.secret_files import write_secret
from xgoals.settings import Settings


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What is told to monitoring systems, as far as it is switched on.

    Attributes
    ----------
    endpoint
        The address of ours; None while it is off.
    token_file
        Where its token lies; None where the settings name one, or it is off.
    airflow_sends
        How Airflow's own go where, such as ``statsd to localhost:8125``; None while they are off.
    """

    endpoint: str | None
    token_file: Path | None
    airflow_sends: str | None

    @property
    def is_on(self) -> bool:
        """Whether anything is."""
        return self.endpoint is not None or self.airflow_sends is not None

    def __str__(self) -> str:
        shown = f"{self.endpoint}, token in {self.token_file or 'the settings'}"
        parts = (self.endpoint and shown, self.airflow_sends and f"Airflow's own by {self.airflow_sends}")
        return "; ".join(filter(None, parts)) or "off"


def monitoring_of(settings: Settings, address: str) -> Monitoring:
    """What is switched on, of an API server at this address."""
    asked = settings.metrics
    return Monitoring(
        endpoint=f"{address}/xgoals/metrics" if asked.endpoint else None,
        token_file=token_path(settings) if asked.endpoint and asked.token is None else None,
        airflow_sends=None
        if asked.airflow == "off"
        else f"{asked.airflow} to {asked.host}:{asked.sent_to_port}",
    )


def require_monitoring(settings: Settings) -> None:
    """Say what is missing for that which is switched on.

    Raises
    ------
    SettingsError
        If StatsD is wanted, whose package is one of the extra ``metrics``, and is not installed.
    """
    if settings.metrics.airflow == "statsd" and find_spec("statsd") is None:
        raise SettingsError(
            "the package statsd is not installed, so Airflow cannot send its figures",
            where="setting metrics.airflow",
            advice="Install the extra: pip install 'xgoals[metrics]', or requirements/workers.txt beside run.txt",
        )


def monitoring_config(settings: Settings) -> dict[tuple[str, str], object]:
    """Airflow's configuration, by section and key; a token for those who fetch metrics is made where one is wanted.

    Raises
    ------
    SettingsError
        If StatsD is wanted, whose package is one of the extra ``metrics``, and is not installed.
    """
    require_monitoring(settings)
    asked = settings.metrics
    if asked.endpoint and metrics_token(settings) is None:
        new_token(settings)
    config: dict[tuple[str, str], object] = {
        ("metrics", "statsd_on"): asked.airflow == "statsd",
        ("metrics", "otel_on"): asked.airflow == "otel",
        ("logging", "json_logs"): settings.logs.format == "json",
    }
    if asked.airflow == "statsd":
        config |= {("metrics", "statsd_host"): asked.host, ("metrics", "statsd_port"): asked.sent_to_port}
    return config


def monitoring_variables(settings: Settings) -> dict[str, str]:
    """Variables beside Airflow's configuration: OpenTelemetry has its own, which Airflow reads."""
    if settings.metrics.airflow != "otel":
        return {}
    address = f"http://{settings.metrics.host}:{settings.metrics.sent_to_port}/v1/metrics"
    return {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": address}


def new_token(settings: Settings) -> None:
    """Put another token in place of the one in the file."""
    path = token_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_secret(path, secrets.token_urlsafe(32))
