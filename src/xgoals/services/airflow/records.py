"""Retention as a whole: files, results, and Airflow's own records."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from xgoals.domain.errors import ServiceError
from xgoals.services.airflow.environment import airflow_environment, log_folder
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.up import ui_port
from xgoals.settings import Settings
from xgoals.steps.upkeep.clean import Freed, clean

# Nothing of these is worth an archive table beside the table; "dag" would forget DAGs that were not parsed lately.
_TABLES = (
    "asset_event,callback,dag_run,deadline,import_error,job,log,revoked_token,task_instance,task_instance_history,"
    "task_reschedule,trigger,xcom"
)
_TIMEOUT_S = 1800


def clean_all(settings: Settings, *, dry_run: bool, tell: Callable[[str], None]) -> list[Freed]:
    """Remove (or with ``dry_run`` count) what is older than ``[retention]`` says; see `xgoals.steps.upkeep.clean`."""
    freed = clean(settings, dry_run=dry_run, tell=tell)
    return [*freed, _clean_metadata(settings, dry_run=dry_run)]


def _clean_metadata(settings: Settings, *, dry_run: bool) -> Freed:
    """Airflow's own command on its records of runs, tasks and events; their rows are not sized.

    Raises
    ------
    ServiceError
        If Airflow's command fails; its output lies in a log.
    """
    prepare_metadata(settings)
    days = settings.retention.airflow_days
    before = datetime.now(UTC) - timedelta(days=days)
    arguments = [
        "--clean-before-timestamp",
        before.isoformat(),
        "--tables",
        _TABLES,
        "--error-on-cleanup-failure",
    ]
    arguments += ["--dry-run"] if dry_run else ["--skip-archive", "--yes"]
    path = log_folder(settings) / "airflow-clean.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603 - Airflow's own command
        [sys.executable, "-m", "airflow", "db", "clean", *arguments],
        env=airflow_environment(settings, ui_port=ui_port(settings)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    path.write_text(done.stdout)
    if done.returncode:
        raise ServiceError("Airflow's records could not be cleaned", where=str(path))
    return Freed("records of Airflow", days, _rows_found(done.stdout), 0)


def _rows_found(said: str) -> int:
    """The sum over all tables; Airflow says of each: ``Found 12 rows meeting deletion criteria``."""
    words = [line.split() for line in said.splitlines() if "rows meeting deletion criteria" in line]
    return sum(int(line[line.index("rows") - 1]) for line in words)
