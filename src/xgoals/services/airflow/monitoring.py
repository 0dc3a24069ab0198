"""What `[metrics]` and `[logs]` of the settings mean for Airflow's processes."""

import secrets
from importlib.util import find_spec

from xgoals.domain.errors import SettingsError
from xgoals.metrics.exposition import require_client
from xgoals.metrics.token import metrics_token, token_path
from xgoals.services.secret_files import write_secret
from xgoals.settings import Settings


def monitoring_config(settings: Settings) -> dict[tuple[str, str], object]:
    """Airflow's configuration, by section and key; a token for those who fetch metrics is made where one is wanted.

    Raises
    ------
    SettingsError
        If a package of the extra ``metrics`` is wanted and not installed.
    """
    asked = settings.metrics
    if asked.airflow == "statsd" and find_spec("statsd") is None:
        raise SettingsError(
            "the package statsd is not installed, so Airflow cannot send its figures",
            where="setting metrics.airflow",
            advice="Install the extra: pip install 'xgoals[metrics]', or requirements/workers.txt beside run.txt",
        )
    if asked.endpoint:
        require_client()
        _make_token(settings)
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


def _make_token(settings: Settings) -> None:
    if metrics_token(settings) is None:
        path = token_path(settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret(path, secrets.token_urlsafe(32))
