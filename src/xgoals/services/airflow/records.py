"""Airflow's own records of runs, tasks and events: removed when they are old."""

from datetime import datetime

from xgoals.domain.errors import ServiceError
from xgoals.services.airflow.command import run_airflow
from xgoals.services.airflow.components import ui_port
from xgoals.services.airflow.environment import airflow_environment
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.settings import Settings

# Nothing of these is worth an archive table beside the table; "dag" would forget DAGs that were not parsed lately.
_TABLES = (
    "asset_event,callback,dag_run,deadline,import_error,job,log,revoked_token,task_instance,task_instance_history,"
    "task_reschedule,trigger,xcom"
)
_TIMEOUT_S = 1800


def clean_records(settings: Settings, *, before: datetime, dry_run: bool) -> int:
    """Remove (or with ``dry_run`` count) records of before a moment; how many rows.

    Raises
    ------
    ServiceError
        If Airflow's command fails; its output lies in a log.
    """
    prepare_metadata(settings)
    done = run_airflow(
        settings,
        *("db", "clean", "--clean-before-timestamp", before.isoformat(), "--tables", _TABLES),
        "--error-on-cleanup-failure",
        *(["--dry-run"] if dry_run else ["--skip-archive", "--yes"]),
        environment=airflow_environment(settings, ui_port=ui_port(settings)),
        log="airflow-clean.log",
        timeout_s=_TIMEOUT_S,
    )
    if not done.succeeded:
        raise ServiceError("Airflow's records could not be cleaned", where=str(done.log))
    return _rows_found(done.said)


def _rows_found(said: str) -> int:
    """The sum over all tables; Airflow says of each: ``Found 12 rows meeting deletion criteria``."""
    words = [line.split() for line in said.splitlines() if "rows meeting deletion criteria" in line]
    return sum(int(line[line.index("rows") - 1]) for line in words)
