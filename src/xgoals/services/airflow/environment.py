"""Airflow's configuration for one ``XGOALS_HOME``, as environment variables for its processes.

Nothing is written to an ``airflow.cfg``: what counts can be read here. Variables that are not named here
(connections, a mail server, fine tuning) reach Airflow from the caller's environment as they are.
"""

import json
import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from xgoals.services.postgres.cluster_files import write_secret
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings, asset_folder, config_path

METADATA_DATABASE = "airflow"


def airflow_home(settings: Settings) -> Path:
    """Airflow's own folder."""
    return settings.home / "airflow"


def log_folder(settings: Settings) -> Path:
    """Logs of the services; those of the tasks lie in its subfolder ``tasks``."""
    return settings.home / "logs"


def password_path(settings: Settings) -> Path:
    """The file with the password of the UI's user, in the form that Airflow reads."""
    return airflow_home(settings) / "ui_passwords.json"


def metadata_url(settings: Settings) -> str:
    """The address of Airflow's metadata database: the configured one, else ours in the embedded Postgres."""
    if settings.airflow_database_url:
        return settings.airflow_database_url.get_secret_value()
    return EmbeddedPostgres(settings.home).url(METADATA_DATABASE)


def ui_password(settings: Settings) -> str:
    """The password of the UI's user; made up at the first call."""
    path = password_path(settings)
    known: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    if settings.ui.user not in known:
        known[settings.ui.user] = secrets.token_urlsafe(12)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret(path, json.dumps(known))
    return known[settings.ui.user]


def airflow_environment(settings: Settings, *, ui_port: int) -> dict[str, str]:
    """The whole environment of an Airflow process: the caller's, with Airflow's configuration laid over it.

    Parameters
    ----------
    settings
        Of this ``XGOALS_HOME``.
    ui_port
        Where the API server listens, or would: links in mails point there.
    """
    keys = _keys(settings)
    ui_password(settings)
    base_url = f"http://127.0.0.1:{ui_port}"
    config = {
        ("core", "dags_folder"): asset_folder("dags"),
        ("core", "load_examples"): False,
        ("core", "dags_are_paused_at_creation"): False,
        ("core", "default_timezone"): settings.schedule.timezone,
        ("core", "executor"): "LocalExecutor",
        ("core", "parallelism"): max(2, min(os.cpu_count() or 2, 8)),
        ("core", "execution_api_server_url"): f"{base_url}/execution/",
        ("core", "fernet_key"): keys["fernet_key"],
        ("core", "simple_auth_manager_users"): f"{settings.ui.user}:admin",
        ("core", "simple_auth_manager_passwords_file"): password_path(settings),
        ("database", "sql_alchemy_conn"): metadata_url(settings),
        ("api", "host"): "127.0.0.1",
        ("api", "port"): ui_port,
        ("api", "base_url"): base_url,
        ("api", "instance_name"): "xgoals",
        ("api", "secret_key"): keys["api_secret_key"],
        ("api", "workers"): 1,
        ("api_auth", "jwt_secret"): keys["jwt_secret"],
        # A task whose process was killed (with the machine, say) is tried again after this many seconds.
        ("scheduler", "task_instance_heartbeat_timeout"): 120,
        ("dag_processor", "parsing_processes"): 1,
        ("dag_processor", "refresh_interval"): 60,
        # A file that has changed is read at the next refresh all the same; this is for those that have not.
        ("dag_processor", "min_file_process_interval"): 300,
        ("triggerer", "capacity"): 100,
        ("logging", "base_log_folder"): log_folder(settings) / "tasks",
        ("logging", "dag_processor_child_process_log_directory"): log_folder(settings) / "dag_files",
        ("logging", "colored_console_log"): False,
    }
    return {
        **os.environ,
        **{
            f"AIRFLOW__{section.upper()}__{key.upper()}": str(value)
            for (section, key), value in config.items()
        },
        "AIRFLOW_HOME": str(airflow_home(settings)),
        # Tasks read the settings themselves; these make them find the same ones from any folder.
        "XGOALS_HOME": str(settings.home),
        "XGOALS_CONFIG": str(config_path().absolute()),
        # Links in mails: the port is known only now.
        "XGOALS_UI__BASE_URL": settings.ui.base_url or base_url,
        # Calls to loopback never go through a company's proxy.
        "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1,localhost"])),
        "PYTHONUNBUFFERED": "1",
        # One heap for each of its threads is what a long-lived server would otherwise keep.
        "MALLOC_ARENA_MAX": "2",
    }


def keys_path(settings: Settings) -> Path:
    """The file with the keys with which Airflow signs and encrypts."""
    return airflow_home(settings) / "keys.json"


def make_keys() -> dict[str, str]:
    """New keys with which Airflow signs and encrypts."""
    return {
        "fernet_key": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "jwt_secret": secrets.token_urlsafe(48),
        "api_secret_key": secrets.token_urlsafe(32),
    }


def _keys(settings: Settings) -> dict[str, str]:
    """The keys of this home: made up once, the same for all of Airflow's processes."""
    path = keys_path(settings)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret(path, json.dumps(make_keys()))
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded
