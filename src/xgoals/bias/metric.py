"""What every metric of bias gives back."""

from dataclasses import dataclass
from typing import Literal

PreTrainingMetric = Literal["CI", "DPL", "KL", "JS", "LP", "TVD", "KS", "CDDL"]
PostTrainingMetric = Literal[
    "DPPL", "DI", "DCA", "DCR", "RD", "SD", "DAR", "DRR", "AD", "CDDPL", "TE", "FT", "GE"
]


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One metric of one facet.

    Attributes
    ----------
    name
        As Clarify abbreviates it: ``"DPL"``.
    description
        As Clarify spells it out.
    value
        None where it is not defined; infinite where a ratio has no denominator.
    error
        Why there is no value.
    """

    name: PreTrainingMetric | PostTrainingMetric
    description: str
    value: float | None
    error: str | None = None
