"""The pipeline's steps: one function a task, each of them load, compute, check, save.

Every step is a transaction that can be repeated: the same input gives the same rows. The DAG and the command
line call the same functions. A step returns an id, never data.
"""

from xgoals.steps.choosing import Selection
from xgoals.steps.context import RunContext, close_run, open_run
from xgoals.steps.explaining import explain
from xgoals.steps.ingesting import ingest
from xgoals.steps.learning import (
    build_features,
    champion,
    compute_baseline,
    latest_model,
    register,
    train,
)
from xgoals.steps.reporting import report

__all__ = [
    "RunContext",
    "Selection",
    "build_features",
    "champion",
    "close_run",
    "compute_baseline",
    "explain",
    "ingest",
    "latest_model",
    "open_run",
    "register",
    "report",
    "train",
]
