"""Where Airflow's files lie below ``XGOALS_HOME``, and who writes them.

::

    airflow/keys.json           the keys with which Airflow signs and encrypts; `credentials`, `rotate_secrets`
    airflow/ui_passwords.json   the password of the UI's user, as Airflow reads it; `credentials`, `provision`
    airflow/metrics_token       the token for /xgoals/metrics, where none is set; `monitoring`
    airflow/services.json       the processes that `up` has started; gone after `down`
    airflow/watch.json          the process that watches them
    airflow/ui_port             the port of the UI at the last `up`
    airflow/services.lock       held by `up` and `down`
    airflow/migrated.json       for which Airflow the metadata database was migrated; `metadata`
    airflow/migration.lock      held by who migrates it
    logs/                       a log for each component and for each command of Airflow
    logs/tasks/                 the logs of the tasks, which the UI shows; Airflow
"""

from pathlib import Path

from xgoals.settings import Settings


def airflow_home(settings: Settings) -> Path:
    """Airflow's own folder."""
    return settings.home / "airflow"


def keys_path(settings: Settings) -> Path:
    """The file with the keys with which Airflow signs and encrypts."""
    return airflow_home(settings) / "keys.json"


def password_path(settings: Settings) -> Path:
    """The file with the password of the UI's user, in the form that Airflow reads."""
    return airflow_home(settings) / "ui_passwords.json"


def processes_path(settings: Settings) -> Path:
    """The file in which `up` remembers what it has started."""
    return airflow_home(settings) / "services.json"


def watch_path(settings: Settings) -> Path:
    """The file in which it stands which process watches over the others."""
    return airflow_home(settings) / "watch.json"


def ui_port_path(settings: Settings) -> Path:
    """The file with the port of the UI at the last `up`."""
    return airflow_home(settings) / "ui_port"


def log_folder(settings: Settings) -> Path:
    """Logs of the services; those of the tasks lie in its subfolder ``tasks``."""
    return settings.home / "logs"


def task_log_folder(settings: Settings) -> Path:
    """Logs of the tasks, as Airflow names them and its UI shows them."""
    return log_folder(settings) / "tasks"


def is_somebody_else_s(settings: Settings) -> bool:
    """Whether the DAGs run in an Airflow that xgoals neither made nor starts.

    Then the results lie elsewhere, nobody has said where Airflow's metadata are, and no keys were made for one here.
    """
    from xgoals.store.database import (
        is_embedded,  # with all that it needs, which help in a terminal does without
    )

    of_ours = settings.airflow_database_url is not None or keys_path(settings).is_file()
    return not is_embedded(settings, "main") and not of_ours
