"""The two bias sections of Clarify's ``analysis.json``, as typed values and as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import NotRequired, TypedDict

from xgoals.bias.metric import MetricValue


class MetricJson(TypedDict):
    """A metric; one without a value has ``null`` and an ``error``."""

    name: str
    description: str
    value: float | str | None
    error: NotRequired[str]


class FacetJson(TypedDict):
    """The metrics of one value, or threshold, of a facet."""

    value_or_threshold: str
    metrics: list[MetricJson]


class SectionJson(TypedDict):
    """``pre_training_bias_metrics`` or ``post_training_bias_metrics``."""

    label: str
    label_value_or_threshold: str
    facets: dict[str, list[FacetJson]]


class SectionsJson(TypedDict):
    """What of ``analysis.json`` is about bias."""

    pre_training_bias_metrics: NotRequired[SectionJson]
    post_training_bias_metrics: NotRequired[SectionJson]


@dataclass(frozen=True, slots=True)
class FacetBias:
    """The metrics of one group.

    Attributes
    ----------
    facet
        The column.
    value_or_threshold
        Which of its rows are the group: ``"1"``, ``"Female,Other"`` or ``"(18, 90]"``.
    n
        Rows in the group.
    metrics
        In the order of Clarify's files.
    """

    facet: str
    value_or_threshold: str
    n: int
    metrics: tuple[MetricValue, ...]


@dataclass(frozen=True, slots=True)
class BiasSection:
    """The metrics of all groups, before training or after it."""

    label: str
    label_value_or_threshold: str
    facets: tuple[FacetBias, ...]

    def to_json(self) -> SectionJson:
        """As Clarify lays it out: facet -> its groups."""
        facets: dict[str, list[FacetJson]] = {}
        for facet in self.facets:
            facets.setdefault(facet.facet, []).append(
                {"value_or_threshold": facet.value_or_threshold, "metrics": _metrics(facet.metrics)}
            )
        return {
            "label": self.label,
            "facets": facets,
            "label_value_or_threshold": self.label_value_or_threshold,
        }


@dataclass(frozen=True, slots=True)
class BiasSections:
    """What a job says of bias.

    Attributes
    ----------
    pre, post
        None where not asked for.
    notes
        Sentences on what a reader has to know beside the numbers: a group of one row, rows without a value.
    """

    pre: BiasSection | None = None
    post: BiasSection | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> SectionsJson:
        """The sections of ``analysis.json``; one not asked for is not there."""
        sections: SectionsJson = {}
        if self.pre:
            sections["pre_training_bias_metrics"] = self.pre.to_json()
        if self.post:
            sections["post_training_bias_metrics"] = self.post.to_json()
        return sections


def _metrics(metrics: Iterable[MetricValue]) -> list[MetricJson]:
    return [_metric(metric) for metric in metrics]


def _metric(metric: MetricValue) -> MetricJson:
    written: MetricJson = {
        "name": metric.name,
        "description": metric.description,
        "value": _value(metric.value),
    }
    if metric.error is not None:
        written["error"] = metric.error
    return written


def _value(value: float | None) -> float | str | None:
    """JSON has no infinite numbers: `smclarify` writes them as words."""
    if value == inf:
        return "Infinity"
    return "-Infinity" if value == -inf else value
