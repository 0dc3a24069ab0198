"""The table of figures that a model was evaluated with, as it is stored, and how to read single figures from it.

One figure a row, as :func:`xgoals.model.evaluation.evaluate` made it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xgoals.analysis.shots import Model

_COLUMNS = ("split", "slice", "slice_value", "forecaster", "compared_with", "metric", "value", "low", "high",
            "n_shots", "n_goals", "n_matches", "note")  # fmt: skip

Row = Mapping[Any, Any]
"""A row of the table."""

Interval = tuple[float, float]
"""95 %, whole matches resampled."""


@dataclass(frozen=True)
class Estimate:
    """A figure and its interval; each None where too little is known to say."""

    value: float | None
    interval: Interval | None


def stored_figures(model: Model) -> pd.DataFrame:
    """The stored evaluation of a model; without rows if there is none."""
    found = model.get("evaluation")
    return pd.DataFrame(columns=_COLUMNS) if found is None else found


def own_figures(figures: pd.DataFrame, split: str) -> pd.DataFrame:
    """The figures of single forecasters over all shots of a split."""
    return _over_all(figures, split, "none")


def compared(figures: pd.DataFrame, split: str, rival: str) -> list[Row]:
    """The figures of the model minus a rival over all shots of a split, one a metric."""
    return list(_over_all(figures, split, rival).to_dict("records"))


def _over_all(figures: pd.DataFrame, split: str, compared_with: str) -> pd.DataFrame:
    of_split = (figures["split"] == split) & (figures["slice"] == "all")
    return figures[of_split & (figures["compared_with"] == compared_with)]


def intervals(figures: pd.DataFrame, split: str, who: str) -> dict[str, Interval]:
    """Metric -> interval of a forecaster's figures over all shots of a split, where there is one."""
    own = own_figures(figures, split)
    own = own[(own["forecaster"] == who) & own["low"].notna()]
    return {str(row["metric"]): (float(row["low"]), float(row["high"])) for _, row in own.iterrows()}


def estimate(row: Row) -> Estimate:
    """A figure and its interval."""
    return Estimate(None if note(row) else row["value"], bounds(row))


def bounds(row: Row | None) -> Interval | None:
    """The interval of a figure; None without one."""
    if row is None or pd.isna(row["low"]):
        return None
    return float(row["low"]), float(row["high"])


def note(row: Row) -> str | None:
    """Why a figure says nothing; None if it does."""
    return None if pd.isna(row["note"]) else str(row["note"])
