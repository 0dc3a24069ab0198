"""The button on the report task, and the figures that Airflow shows beside a run: light enough for the DAG file."""

from typing import Any
from urllib.parse import quote, urlsplit

from airflow.configuration import conf
from airflow.sdk import Asset, BaseOperatorLink

URL_PREFIX = "/xgoals"
REPORTS = Asset("xgoals_reports")
"""What the report task leaves behind; each of its events carries the figures of the run that wrote it."""


class ReportLink(BaseOperatorLink):  # type: ignore[misc]
    """A button that opens the report of the task's run."""

    name = "Report"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """The address of the run's report."""
        return run_path(ti_key.dag_id, ti_key.run_id)


def public_prefix() -> str:
    """The path of our pages as browsers ask for it: behind a proxy, Airflow may lie below a path of the host.

    Airflow is told by ``[api] base_url``, such as ``https://host/airflow``; then it is ``/airflow/xgoals``.
    """
    return urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/") + URL_PREFIX


def run_path(dag_id: str, run_id: str) -> str:
    """The address of a run's report, below the UI's own."""
    return f"{public_prefix()}/runs/{quote(dag_id, safe='')}/{quote(run_id, safe='')}"


def add_report_button(result: Any) -> Any:
    """Put the button on a task.

    Parameters
    ----------
    result
        What calling a decorated task in the DAG returns; it is returned again.
    """
    result.operator.operator_extra_links = (ReportLink(),)
    return result
