"""All that a job has found, for its report."""

from collections.abc import Mapping
from dataclasses import dataclass

from xgoals.clarify.baseline import BaselineRows
from xgoals.clarify.bias_layout import BiasSections
from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.model import ClarifyModel
from xgoals.clarify.pdp import Curve
from xgoals.clarify.shap import Explained
from xgoals.clarify.table import Table
from xgoals.domain.model import ColumnKind


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What was asked, and what came of it.

    Attributes
    ----------
    data
        The file's name.
    is_registered
        Whether the model is a version of the registry.
    kinds
        Feature -> its kind.
    baseline, explained, curves
        None where not asked for.
    notes
        What of the configuration and the data is left out or done otherwise, in English.
    """

    config: AnalysisConfig
    data: str
    model: ClarifyModel
    is_registered: bool
    table: Table
    kinds: Mapping[str, ColumnKind]
    baseline: BaselineRows | None
    explained: Explained | None
    curves: tuple[Curve, ...] | None
    bias: BiasSections
    notes: tuple[str, ...]

    @property
    def n_features(self) -> int:
        """Of the model."""
        return self.table.features.shape[1]
