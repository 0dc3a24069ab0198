"""Tables of bias on the page: a metric, its value, what it is."""

from dataclasses import dataclass
from typing import Literal

from xgoals.bias.metric import MetricValue
from xgoals.clarify.bias_layout import BiasSection
from xgoals.clarify.facts import JobFacts
from xgoals.clarify.page.metric_words import definition
from xgoals.clarify.page.numbers import value_in_words
from xgoals.language import Language

FEW = 4
"""So many groups have a table each; of more there is a line each."""
MOST = 200
"""Groups on the page; all are in ``analysis.json``."""
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric; ``error`` (in English) says why it has no value."""

    name: str
    description: str
    value: str
    error: str
    definition: str


@dataclass(frozen=True, slots=True)
class FacetTable:
    """The metrics of one group of ``n`` rows against all others."""

    facet: str
    value: str
    n: int
    rows: tuple[MetricRow, ...]

    @property
    def group(self) -> str:
        """Who is in it: ``plan = 1``, ``age in (40, 79]``."""
        is_range = self.value.startswith("(") and self.value.endswith("]")
        return f"{self.facet} {'in' if is_range else '='} {self.value}"


@dataclass(frozen=True, slots=True)
class BiasTables:
    """Of labels ("pre") or of predictions ("post"); ``n_left_out`` groups are too many for a page."""

    kind: Literal["pre", "post"]
    label: str
    label_value: str
    facets: tuple[FacetTable, ...]
    n_left_out: int

    @property
    def is_few(self) -> bool:
        """Whether each group has a table of its own."""
        return len(self.facets) <= FEW

    @property
    def has_gaps(self) -> bool:
        """Whether some metric of some group has no value."""
        return any(row.error for facet in self.facets for row in facet.rows)


def bias_tables(facts: JobFacts, words: Language) -> tuple[BiasTables, ...]:
    """The sections that are asked for."""
    found = []
    if facts.bias.pre is not None:
        found.append(_tables("pre", facts.bias.pre, words))
    if facts.bias.post is not None:
        found.append(_tables("post", facts.bias.post, words))
    return tuple(found)


def _tables(kind: Literal["pre", "post"], section: BiasSection, words: Language) -> BiasTables:
    facets = tuple(
        FacetTable(
            facet.facet,
            facet.value_or_threshold,
            facet.n,
            tuple(_row(metric, words) for metric in facet.metrics),
        )
        for facet in section.facets[:MOST]
    )
    left_out = len(section.facets) - len(facets)
    return BiasTables(kind, section.label, section.label_value_or_threshold, facets, left_out)


def _row(metric: MetricValue, words: Language) -> MetricRow:
    value = "–"
    if metric.value is not None:
        is_finite = abs(metric.value) < float("inf")
        value = words.number(metric.value, _DECIMALS) if is_finite else value_in_words(metric.value, words)
    return MetricRow(
        metric.name, metric.description, value, metric.error or "", definition(metric.name, words)
    )
