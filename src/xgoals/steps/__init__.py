"""The pipeline's steps: one function a task, each of them load, compute, check, save.

Every step is a transaction that can be repeated: the same input gives the same rows. The DAG and the command
line call the same functions. A step returns an id, never data.
"""

from xgoals.steps.choosing import Selection
from xgoals.steps.context import RunContext, close_run, open_run, summarise_run
from xgoals.steps.explaining import explain
from xgoals.steps.finding import Wanted, find_matches
from xgoals.steps.ingesting import ingest, ingest_matches, sum_up
from xgoals.steps.learning import (
    build_features,
    champion,
    compute_baseline,
    latest_model,
    train,
)
from xgoals.steps.promoting import promote, register
from xgoals.steps.reporting import report
from xgoals.steps.safekeeping import backup, check_backup, restore
from xgoals.steps.telling import (
    Failure,
    end_failed_run,
    end_run,
    mails_without_database,
    tell_failure_of_part,
    warn,
)
from xgoals.steps.tuning import tune

__all__ = [
    "Failure",
    "RunContext",
    "Selection",
    "Wanted",
    "backup",
    "build_features",
    "champion",
    "check_backup",
    "close_run",
    "compute_baseline",
    "end_failed_run",
    "end_run",
    "explain",
    "find_matches",
    "ingest",
    "ingest_matches",
    "latest_model",
    "mails_without_database",
    "open_run",
    "promote",
    "register",
    "report",
    "restore",
    "sum_up",
    "summarise_run",
    "tell_failure_of_part",
    "train",
    "tune",
    "warn",
]
