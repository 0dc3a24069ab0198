"""What every metric of bias gives back, and what it is called."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar, get_args

from xgoals.domain.errors import ModelError, SettingsError

PreTrainingMetric = Literal["CDDL", "CI", "DPL", "JS", "KL", "KS", "LP", "TVD"]
PostTrainingMetric = Literal[
    "AD", "CDDPL", "DAR", "DCA", "DCR", "DI", "DPPL", "DRR", "FT", "GE", "RD", "SD", "TE"
]
"""In the order of Clarify's files, which is that of the alphabet."""

Name = TypeVar("Name", bound=str)

PRE_TRAINING_METRICS: Final[tuple[PreTrainingMetric, ...]] = get_args(PreTrainingMetric)
POST_TRAINING_METRICS: Final[tuple[PostTrainingMetric, ...]] = get_args(PostTrainingMetric)

DESCRIPTIONS: Final[dict[PreTrainingMetric | PostTrainingMetric, str]] = {
    "CI": "Class Imbalance (CI)",
    "DPL": "Difference in Positive Proportions in Labels (DPL)",
    "KL": "Kullback-Liebler Divergence (KL)",  # so in Clarify's files, and readers may look for it
    "JS": "Jensen-Shannon Divergence (JS)",
    "LP": "L-p Norm (LP)",
    "TVD": "Total Variation Distance (TVD)",
    "KS": "Kolmogorov-Smirnov Distance (KS)",
    "CDDL": "Conditional Demographic Disparity in Labels (CDDL)",
    "DPPL": "Difference in Positive Proportions in Predicted Labels (DPPL)",
    "DI": "Disparate Impact (DI)",
    "DCA": "Difference in Conditional Acceptance (DCA)",
    "DCR": "Difference in Conditional Rejection (DCR)",
    "RD": "Recall Difference (RD)",
    "SD": "Specificity Difference (SD)",
    "DAR": "Difference in Acceptance Rates (DAR)",
    "DRR": "Difference in Rejection Rates (DRR)",
    "AD": "Accuracy Difference (AD)",
    "CDDPL": "Conditional Demographic Disparity in Predicted Labels (CDDPL)",
    "TE": "Treatment Equality (TE)",
    "FT": "Flip Test (FT)",
    "GE": "Generalized Entropy (GE)",
}


class UndefinedMetricError(ModelError):
    """A metric has no value for these groups; the message says why."""


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


def measured(name: PreTrainingMetric | PostTrainingMetric, metric: Callable[[], float]) -> MetricValue:
    """What a metric gives, or why it has no value."""
    try:
        return MetricValue(name, DESCRIPTIONS[name], metric())
    except UndefinedMetricError as error:
        return MetricValue(name, DESCRIPTIONS[name], None, str(error))


def chosen(methods: Literal["all"] | Sequence[str], known: Iterable[Name]) -> tuple[Name, ...]:
    """The metrics asked for, in the order of Clarify's files.

    Raises
    ------
    SettingsError
        One of them is not known; the message lists those that are.
    """
    names = tuple(known)
    if methods == "all":
        return names
    asked = (methods,) if isinstance(methods, str) else tuple(methods)
    unknown = [name for name in asked if name not in names]
    if unknown:
        what = f"There is no metric of bias called {', '.join(map(repr, unknown))}."
        raise SettingsError(what, advice=f'Name some of {", ".join(names)}, or "all".')
    return tuple(name for name in names if name in asked)
