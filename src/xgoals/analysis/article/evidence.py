"""The shots of a model, asked by feature name: what claims and the article's figures rest on."""

from functools import cached_property

import numpy as np
import pandas as pd

from xgoals.analysis.model_summary import ModelSummary
from xgoals.analysis.shots import BoolArray, FloatArray, floats, without_penalties

MIN_SHOTS = 50
"""Fewer shots than this on one side of a comparison decide nothing."""


class Evidence:
    """The shots of a model without penalties, asked by feature name; NaN where a feature is unknown.

    Parameters
    ----------
    shots
        The frame of shots, penalties among them.
    summary
        Of the same shots.
    """

    def __init__(self, shots: pd.DataFrame, summary: ModelSummary) -> None:
        self.shots = without_penalties(shots)
        self.summary = summary
        self.goal: BoolArray = floats(self.shots["is_goal"]) == 1
        self.xg = floats(self.shots["xg"])

    @cached_property
    def hardly(self) -> float:
        """An attribution below this hardly matters: 0.005 xG, or 0.05 log-odds."""
        return 0.05 if self.summary.base.space == "log_odds" else 0.005

    def value(self, name: str) -> FloatArray:
        """A feature's value for every shot."""
        return floats(self.shots[name]) if name in self.shots else np.full(len(self.shots), np.nan)

    def push(self, name: str, where: BoolArray) -> float | None:
        """Mean attribution of a feature over some shots; None for too few of them or an unused feature."""
        if f"shap_{name}" not in self.shots or where.sum() < MIN_SHOTS or not self.used(name):
            return None
        return float(floats(self.shots[f"shap_{name}"])[where].mean())

    def used(self, *names: str) -> bool:
        """Whether the model uses all of these features."""
        return set(names) <= set(self.summary.importance.ranked)
