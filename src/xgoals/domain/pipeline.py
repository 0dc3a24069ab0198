"""The names by which Airflow, mails, links and the terminal know the pipeline and its tasks."""

from typing import Literal, get_args

DAG_ID = "xgoals_pipeline"

Step = Literal["ingest", "build_features", "train", "register", "compute_baseline", "explain", "report"]
"""The seven tasks that people think in; each has recipients of its own (``[email] recipients_by_step``)."""

TASK_IDS: tuple[str, ...] = ("find_matches", *get_args(Step))
"""All tasks of the chain, in the order in which they run."""
