"""Where the links of a mail lead: Airflow's pages of a run, and the reports that the UI serves."""

from pathlib import Path
from urllib.parse import quote

from xgoals.domain.pipeline import DAG_ID
from xgoals.settings import Settings


def run_page(settings: Settings, run_id: str, *, dag_id: str = DAG_ID) -> str:
    """A run in Airflow's UI."""
    return f"{settings.ui.address}/dags/{dag_id}/runs/{quote(run_id)}"


def task_page(
    settings: Settings, run_id: str, task_id: str, *, map_index: int = -1, dag_id: str = DAG_ID
) -> str:
    """A task of a run in Airflow's UI: it shows the log, and has the button that clears the task."""
    mapped = f"/mapped/{map_index}" if map_index >= 0 else ""
    return f"{run_page(settings, run_id, dag_id=dag_id)}/tasks/{quote(task_id)}{mapped}"


def report_page(settings: Settings, database: str, path: Path | str = "index.html") -> str:
    """A report as the UI serves it.

    Parameters
    ----------
    path
        The file, or its place below the database's reports folder; without it the index.
    """
    folder = settings.reports / database
    path = Path(path)
    inside = path.relative_to(folder) if path.is_absolute() else path
    return f"{settings.ui.address}/xgoals/reports/{database}/{quote(inside.as_posix())}"
