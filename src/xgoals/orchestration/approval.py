"""A human's word on a challenger: when it is asked for, and what follows."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from xgoals.orchestration.tasks import told_plainly
from xgoals.settings import load_settings

if TYPE_CHECKING:
    from xgoals.steps.run_context import RunContext

log = logging.getLogger(__name__)


def approval_conf(run: RunContext) -> dict[str, str]:
    """What the DAG `xgoals_approval` is started with.

    Raises
    ------
    AirflowSkipException
        If no challenger waits for approval.
    """
    from xgoals.steps.run_context import summarise_run

    decision = summarise_run(run)["decision"]
    if decision is None or decision["verdict"] != "awaiting_approval":
        raise AirflowSkipException("no challenger waits for approval")
    log.info("%s waits for approval: %s", decision["challenger"], decision["reason"])
    return {"challenger": decision["challenger"], "database": run.database, "reason": decision["reason"]}


def promote_challenger() -> str:
    """Make champion what was approved; in a run of `xgoals_approval`."""
    from xgoals.steps import promote

    params = get_current_context()["params"]
    with told_plainly():
        promote.promote(load_settings(), params["database"], params["challenger"], where="in the Airflow UI")
    log.info("%s is champion from the next run on", params["challenger"])
    return str(params["challenger"])
