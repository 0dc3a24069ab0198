"""Airflow's configuration for one ``XGOALS_HOME``, as environment variables for its processes.

Nothing is written to an ``airflow.cfg``: what counts can be read here. Variables that are not named here
(connections, a mail server, fine tuning) reach Airflow from the caller's environment as they are, and so do those of
`YOURS`: an executor, addresses and keys that several machines share.
"""

import os
from collections.abc import Mapping

from xgoals.services.airflow.credentials import airflow_keys, ui_password
from xgoals.services.airflow.files import airflow_home, log_folder, password_path, task_log_folder
from xgoals.services.airflow.monitoring import monitoring_config, monitoring_variables
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings, asset_folder, config_path

METADATA_DATABASE = "airflow"
LOCAL_EXECUTOR = "LocalExecutor"
YOURS = (
    ("core", "executor"),
    ("core", "parallelism"),
    ("core", "execution_api_server_url"),
    ("core", "fernet_key"),
    ("api", "base_url"),
    ("api", "secret_key"),
    ("api_auth", "jwt_secret"),
    ("scheduler", "task_instance_heartbeat_timeout"),
)
"""What the caller's environment may have set already, by ``AIRFLOW__SECTION__KEY``; it stays as it is."""


def variable(section: str, key: str) -> str:
    """The variable that says what Airflow's option is.

    >>> variable("core", "fernet_key")
    'AIRFLOW__CORE__FERNET_KEY'
    """
    return f"AIRFLOW__{section}__{key}".upper()


def executor() -> str:
    """What starts tasks: the executor of the caller's environment, the first of several, else the local one."""
    named = os.environ.get(variable("core", "executor")) or LOCAL_EXECUTOR
    return named.split(",")[0].strip().rsplit(".", 1)[-1]


def config_for_children() -> str:
    """What processes that are started from here get as ``XGOALS_CONFIG``; an empty file where there is none."""
    path = config_path()
    return str(path.absolute()) if path.exists() else os.devnull


def metadata_url(settings: Settings) -> str:
    """The address of Airflow's metadata database: the configured one, else ours in the embedded Postgres."""
    if settings.airflow_database_url:
        return settings.airflow_database_url.get_secret_value()
    return EmbeddedPostgres(settings.home).url(METADATA_DATABASE)


def airflow_environment(settings: Settings, *, ui_port: int) -> dict[str, str]:
    """The whole environment of an Airflow process: the caller's, with Airflow's configuration laid over it.

    Parameters
    ----------
    settings
        Of this ``XGOALS_HOME``.
    ui_port
        Where the API server listens, or would: links in mails point there.
    """
    keys = airflow_keys(settings)
    ui_password(settings)
    base_url = f"http://127.0.0.1:{ui_port}"
    config = {
        ("core", "dags_folder"): asset_folder("dags"),
        ("core", "load_examples"): False,
        ("core", "dags_are_paused_at_creation"): False,
        ("core", "default_timezone"): settings.schedule.timezone,
        ("core", "executor"): LOCAL_EXECUTOR,
        ("core", "parallelism"): max(2, min(os.cpu_count() or 2, 8)),
        ("core", "execution_api_server_url"): f"{base_url}/execution/",
        ("core", "fernet_key"): keys["fernet_key"],
        ("core", "simple_auth_manager_users"): ",".join(
            f"{name}:{role}" for name, role in settings.ui.roles.items()
        ),
        ("core", "simple_auth_manager_passwords_file"): password_path(settings),
        ("database", "sql_alchemy_conn"): metadata_url(settings),
        ("api", "host"): "127.0.0.1",
        ("api", "port"): ui_port,
        # As browsers know it, with the path that a proxy in front may have; links and redirects begin with it.
        ("api", "base_url"): settings.ui.base_url or base_url,
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
        ("logging", "base_log_folder"): task_log_folder(settings),
        ("logging", "dag_processor_child_process_log_directory"): log_folder(settings) / "dag_files",
        ("logging", "colored_console_log"): False,
        **monitoring_config(settings),
    }
    known = {variable(*option): str(value) for option, value in config.items()}
    known |= _already_set()
    return {
        **os.environ,
        **known,
        **monitoring_variables(settings),
        "AIRFLOW_HOME": str(airflow_home(settings)),
        # Tasks read the settings themselves; these make them find the same ones from any folder.
        "XGOALS_HOME": str(settings.home),
        "XGOALS_CONFIG": config_for_children(),
        # Links in mails: the port is known only now.
        "XGOALS_UI__BASE_URL": settings.ui.base_url or known[variable("api", "base_url")],
        # Calls to loopback never go through a company's proxy.
        "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1,localhost"])),
        "PYTHONUNBUFFERED": "1",
        # One heap for each of its threads is what a long-lived server would otherwise keep.
        "MALLOC_ARENA_MAX": "2",
    }


def _already_set() -> Mapping[str, str]:
    names = [variable(*option) for option in YOURS]
    return {name: os.environ[name] for name in names if os.environ.get(name)}
