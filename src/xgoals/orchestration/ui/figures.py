"""The figures of a run that matter to whoever watches it, by short names, for people and for Airflow's metadata."""

import logging
from collections.abc import Mapping
from typing import Any

from xgoals.domain.errors import StoreError

log = logging.getLogger(__name__)


def run_figures(summary: Mapping[str, Any]) -> dict[str, int | float | str]:
    """Matches, shots, quarantined, AUC, log loss, champion and seconds of a run, as far as they are known.

    Parameters
    ----------
    summary
        As `xgoals.steps.close_run` or `xgoals.steps.summarise_run` returns it.
    """
    figures, seconds = summary.get("figures") or {}, summary.get("seconds_by_task") or {}
    known = {
        "matches": figures.get("matches"),
        "shots": figures.get("shots"),
        "new_matches": figures.get("matches_read"),
        "quarantined": len(summary.get("quarantine") or ()),
        "auc": _rounded(summary.get("auc"), 4),
        "log_loss": _rounded(summary.get("log_loss"), 4),
        "champion": summary.get("champion"),
        "seconds": _rounded(sum(seconds.values()), 1) if seconds else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def attach_figures(run: Any) -> None:
    """Hang the figures of a run on its asset event, and tell them in the task's log; inside the report task.

    Parameters
    ----------
    run
        The run's `xgoals.steps.RunContext`. The task must have `xgoals.orchestration.ui.links.REPORTS` among its
        outlets.
    """
    from airflow.sdk import get_current_context

    from xgoals.orchestration.ui.links import REPORTS, run_path
    from xgoals.steps.run_context import summarise_run

    try:
        summary = summarise_run(run)
    except StoreError as problem:  # the report is written: figures beside it are worth no red task
        log.warning("The figures of the run could not be read: %s", problem)
        return
    context, figures = get_current_context(), run_figures(summary)
    address = run_path(context["dag_run"].dag_id, context["dag_run"].run_id)
    context["outlet_events"][REPORTS].extra = {**figures, "database": run.database, "report": address}
    log.info("figures: %s", ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items()))


def _rounded(value: Any, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)
