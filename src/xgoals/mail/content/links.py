"""Where the links of a mail lead: Airflow's pages of a run, and the reports that the UI serves."""

from urllib.parse import quote

from xgoals.mail.content.run_summary import RunSummary
from xgoals.settings import Settings
from xgoals.storage import reports_of


def run_page(settings: Settings, run: RunSummary) -> str:
    """A run in Airflow's UI."""
    return f"{settings.ui.address}/dags/{run.dag_id}/runs/{quote(run.run_id)}"


def task_page(settings: Settings, run: RunSummary, task_id: str, *, map_index: int = -1) -> str:
    """A task of a run in Airflow's UI: what it says of itself, and the button that clears it."""
    return f"{_task(settings, run, task_id, map_index)}/details"


def log_page(
    settings: Settings, run: RunSummary, task_id: str, *, map_index: int = -1, try_number: int | None = None
) -> str:
    """The log of a task of a run in Airflow's UI, of one of its tries where one is named."""
    query = f"?try_number={try_number}" if try_number else ""
    return f"{_task(settings, run, task_id, map_index)}{query}"


def _task(settings: Settings, run: RunSummary, task_id: str, map_index: int) -> str:
    mapped = f"/mapped/{map_index}" if map_index >= 0 else ""
    return f"{run_page(settings, run)}/tasks/{quote(task_id)}{mapped}"


def report_page(settings: Settings, path: str) -> str:
    """A report as the UI serves it, wherever the storage is.

    Parameters
    ----------
    path
        As it is registered, such as ``reports/main/match/statsbomb-7.html``.
    """
    return f"{settings.ui.address}/xgoals/{quote(path)}"


def index_page(settings: Settings, database: str) -> str:
    """The index of a database's reports as the UI serves it."""
    return report_page(settings, f"{reports_of(database)}/index.html")
