"""The table of every model's figures: written once a model, read by one function."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection, text

from xgoals.store.database import analyse, copy_rows, read_frame

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.model.peers.glass_box import ShapeStep

COLUMNS = (
    "split", "slice", "slice_value", "forecaster", "compared_with", "metric", "value", "low", "high",
    "n_shots", "n_goals", "n_matches", "note",
)  # fmt: skip
STEP_COLUMNS = ("feature", "step", "value_from", "value_to", "log_odds", "sd", "n_shots")


def save_evaluation(connection: Connection, model_version: str, rows: "pd.DataFrame") -> None:
    """Replace a model's evaluation.

    Parameters
    ----------
    rows
        One figure a row, as :func:`xgoals.model.evaluation.evaluate` returns them.
    """
    connection.execute(
        text("delete from model_evaluation where model_version = :version"), {"version": model_version}
    )
    known = rows[list(COLUMNS)].astype(object)
    known = known.where(known.notna(), None)
    values = known.itertuples(index=False, name=None)
    copy_rows(
        connection, "model_evaluation", ("model_version", *COLUMNS), ((model_version, *v) for v in values)
    )
    analyse(connection, "model_evaluation")


def save_glass_box(connection: Connection, model_version: str, steps: "Sequence[ShapeStep]") -> None:
    """Replace the curves of a model's glass-box peer.

    Parameters
    ----------
    steps
        Feature by feature, a missing value first, the others ascending; none where it has no peer.
    """
    version = {"version": model_version}
    connection.execute(text("delete from glass_box_step where model_version = :version"), version)
    numbers: Counter[str] = Counter()
    rows = []
    for step in steps:
        is_missing = step.value_from is None and step.value_to is None
        numbers[step.feature] += 0 if is_missing else 1
        rows.append(
            (model_version, step.feature, 0 if is_missing else numbers[step.feature], *astuple(step)[1:])
        )
    copy_rows(connection, "glass_box_step", ("model_version", *STEP_COLUMNS), iter(rows))


def read_glass_box(connection: Connection, model_version: str) -> "pd.DataFrame":
    """The curves of a model's glass-box peer, by feature and value; without rows where it has none.

    Returns
    -------
    DataFrame
        ``feature, step`` (0: the missing value)``, value_from, value_to`` (NaN: open)``, log_odds, sd, n_shots``.
    """
    frame = read_frame(
        connection,
        f"""select {", ".join(STEP_COLUMNS)} from glass_box_step where model_version = :version
            order by feature, step""",  # noqa: S608
        {"version": model_version},
    )
    return frame.astype(dict.fromkeys(("value_from", "value_to"), np.float64))


def read_evaluation(connection: Connection, model_version: str) -> "pd.DataFrame":
    """A model's evaluation, one figure a row, ordered by what it is about; empty if it was never evaluated.

    Returns
    -------
    DataFrame
        ``split, slice, slice_value, forecaster, compared_with, metric, value, low, high, n_shots, n_goals,
        n_matches, note``. Where ``compared_with`` is ``none`` a row is the forecaster's own figure, else
        the difference from the one named. ``value`` is NaN where ``note`` says why there is none.
    """
    frame = read_frame(
        connection,
        f"""select {", ".join(COLUMNS)} from model_evaluation where model_version = :version
            order by split, slice, slice_value, forecaster, compared_with, metric""",  # noqa: S608
        {"version": model_version},
    )
    return frame.astype(dict.fromkeys(("value", "low", "high"), np.float64))
