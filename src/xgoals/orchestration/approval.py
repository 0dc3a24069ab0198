"""A human's word on a challenger: when it is asked for, and what follows."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from xgoals.orchestration.settings import task_settings
from xgoals.orchestration.tasks import told_plainly

if TYPE_CHECKING:
    from xgoals.steps.run_context import RunContext

log = logging.getLogger(__name__)


def approval_conf(run: RunContext) -> dict[str, Any]:
    """What the DAG `xgoals_approval` is started with; its run is named after the decision, so that each is asked once.

    Raises
    ------
    AirflowSkipException
        If no challenger waits for approval.
    """
    from xgoals.steps.promote import waiting_for_approval

    waiting = waiting_for_approval(run.settings, run.database)
    if waiting is None:
        raise AirflowSkipException("no challenger waits for approval")
    decision_n, decision = waiting
    log.info("%s waits for approval, decision %d: %s", decision.challenger, decision_n, decision.reason)
    return {
        "challenger": decision.challenger,
        "champion": decision.champion_before,
        "decision_n": decision_n,
        "database": run.database,
        "reason": decision.reason,
    }


def promote_challenger() -> str:
    """Make champion what was approved; in a run of `xgoals_approval`."""
    from xgoals.steps import promote

    params = get_current_context()["params"]
    with told_plainly():
        promote.promote(
            task_settings(),
            params["database"],
            params["challenger"],
            where="in the Airflow UI",
            decision_n=params["decision_n"],
        )
    log.info("%s is champion from the next run on", params["challenger"])
    return str(params["challenger"])
