"""The table of every model's figures: written once a model, read by one function."""

from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection, text

from xgoals.store.database import analyse, copy_rows, read_frame

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "split", "slice", "slice_value", "forecaster", "compared_with", "metric", "value", "low", "high",
    "n_shots", "n_goals", "n_matches", "note",
)  # fmt: skip


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
