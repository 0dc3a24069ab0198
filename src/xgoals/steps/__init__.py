"""The pipeline's steps: one function a task, each of them load, compute, check, save.

Every step is a transaction that can be repeated: the same input gives the same rows. The DAG and the command
line call the same functions. A step returns an id, never data.
"""

from xgoals.steps.context import RunContext, close_run, describe_run, open_run
from xgoals.steps.explaining import explain
from xgoals.steps.finding import Wanted, find_matches
from xgoals.steps.ingesting import ingest, ingest_matches, sum_up
from xgoals.steps.learning import (
    build_features,
    champion,
    compute_baseline,
    install_champion,
    latest_model,
    register,
    train,
)
from xgoals.steps.reporting import Selection, report

__all__ = [
    "RunContext",
    "Selection",
    "Wanted",
    "build_features",
    "champion",
    "close_run",
    "compute_baseline",
    "describe_run",
    "explain",
    "find_matches",
    "ingest",
    "ingest_matches",
    "install_champion",
    "latest_model",
    "open_run",
    "register",
    "report",
    "sum_up",
    "train",
]
