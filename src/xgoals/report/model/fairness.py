"""The chapter that says whether a model's numbers are fair to every club, and to every other part of the shots."""

from dataclasses import dataclass
from math import isinf

from xgoals.analysis.fairness.summary import FacetFairness, Fairness, is_beyond_chance
from xgoals.domain.findings.fairness import BiasFigure, Facet, Verdict
from xgoals.language import Language
from xgoals.report.draw.intervals import Axis, Band, Dot
from xgoals.report.model.bias_words import MetricInWords, metrics_in_words
from xgoals.report.model.fairness_sentences import (
    SILENT,
    VALUES,
    answer,
    goals,
    of_all,
    of_the_threshold,
    part_name,
    sentences,
    silence,
    span,
    untested,
    untested_names,
)

N_SHOWN = 24
"""So many parts stand in a picture, the surest ones; the others one click deeper."""

TITLES = {
    Facet.CLUB: "Is my club's xG too low?",
    Facet.CLUB_SEASON: "Clubs, season by season",
    Facet.VENUE: "Home and away",
    Facet.BODY_PART: "Body part",
    Facet.SEASON: "Season",
    Facet.COMPETITION: "Competition",
    Facet.PROMOTED: "Promoted clubs",
    Facet.PROVIDER: "Provider",
}
VERDICTS = {
    Verdict.FAIR: "fair",
    Verdict.TOO_LOW: "xG too low",
    Verdict.TOO_HIGH: "xG too high",
    Verdict.CANNOT_SAY: "may be chance",
    Verdict.NOT_TESTED: "too few shots",
}
SURE_BUT_SMALL = "off, perhaps too little to matter"


def texts() -> list[str]:
    """Titles, verdicts and names, for the test that every text has its German."""
    return [*TITLES.values(), *VALUES.values(), *VERDICTS.values(), SURE_BUT_SMALL, *SILENT.values()]


@dataclass(frozen=True)
class PartRow:
    """A part in the picture: ``kind`` says how its verdict looks (fair, off, open), ``p`` counts all tests."""

    name: str
    counts: str
    dot: Dot
    number: str
    interval: str
    p: str
    p_alone: str
    verdict: str
    kind: str


@dataclass(frozen=True)
class MetricCell:
    """A metric of a part; ``interval`` is empty where there is none."""

    value: str
    interval: str


@dataclass(frozen=True)
class MetricRow:
    """All metrics of a part, in their order."""

    name: str
    cells: tuple[MetricCell, ...]


@dataclass(frozen=True)
class FacetInWords:
    """A facet on the page.

    Attributes
    ----------
    key, title
        Its anchor and heading.
    answer, sentences
        What comes first (empty where nothing was tested), and what is to be known beside it.
    band
        The axis of its picture; None where nothing was tested.
    rows, more
        The surest parts by their surplus, and the others.
    untested, untested_names
        How many parts have too few shots, and which: who looks for a club finds it. Empty where there are none.
    metrics
        Clarify's metrics part by part.
    """

    key: str
    title: str
    answer: str
    sentences: tuple[str, ...]
    band: Band | None
    rows: tuple[PartRow, ...]
    more: tuple[PartRow, ...]
    untested: str
    untested_names: str
    metrics: tuple[MetricRow, ...]


@dataclass(frozen=True)
class FairnessInWords:
    """The chapter: clubs first; ``whole`` is of all shots, ``threshold`` explains what counts as predicted."""

    facets: tuple[FacetInWords, ...]
    whole: str
    margin: str
    threshold: str
    metrics: tuple[MetricInWords, ...]


def fairness_in_words(found: Fairness | None, words: Language) -> FairnessInWords | None:
    """Put the chapter into words; None where fairness was not measured."""
    if found is None:
        return None
    return FairnessInWords(
        facets=tuple(_facet(facet, found, words) for facet in Facet if _is_shown(facet, found)),
        whole=of_all(found, words),
        margin=goals(found.margin_per_100, words),
        threshold=of_the_threshold(found, words),
        metrics=metrics_in_words(words),
    )


def _is_shown(facet: Facet, found: Fairness) -> bool:
    return found.facet(facet) is not None or facet in SILENT


def _facet(facet: Facet, found: Fairness, words: Language) -> FacetInWords:
    of, title = found.facet(facet), words.text(TITLES[facet])
    key = facet.value.replace("_", "-")
    if of is None or not of.tested:
        return FacetInWords(key, title, "", (silence(facet, of, words),), None, (), (), "", "", ())
    axis = Axis.of([(row.low or 0.0, row.high or 0.0) for row in of.tested], found.margin_per_100)
    surest = set(sorted((row.p or 0.0, row.facet_value) for row in of.tested)[:N_SHOWN])
    shown = [row for row in of.tested if (row.p or 0.0, row.facet_value) in surest]
    more = [row for row in of.tested if row not in shown]
    return FacetInWords(
        key=key,
        title=title,
        answer=answer(of, words),
        sentences=tuple(sentences(of, found, words)),
        band=axis.band(found.margin_per_100),
        rows=tuple(_row(row, axis, words) for row in shown),
        more=tuple(_row(row, axis, words) for row in more),
        untested=untested(of, words),
        untested_names=untested_names(of, words),
        metrics=tuple(_metric_row(row, of, words) for row in of.tested) if of.metrics else (),
    )


def _row(row: BiasFigure, axis: Axis, words: Language) -> PartRow:
    value, low, high = row.value or 0.0, row.low or 0.0, row.high or 0.0
    verdict = row.verdict or Verdict.NOT_TESTED
    is_small = verdict is Verdict.CANNOT_SAY and is_beyond_chance(row)
    return PartRow(
        name=part_name(row, words),
        counts=words.text(
            "%(shots)s shots, %(goals)s goals", shots=words.count(row.n_shots), goals=words.count(row.n_goals)
        ),
        dot=axis.dot(value, low, high),
        number=words.number(value, 1, signed=True),
        interval=span(low, high, 1, words),
        p=_chance(row.q, 2, words),
        p_alone=_chance(row.p, 3, words),
        verdict=words.text(SURE_BUT_SMALL if is_small else VERDICTS[verdict]),
        kind="off" if verdict.is_unfair else "fair" if verdict is Verdict.FAIR else "open",
    )


def _chance(p: float | None, decimals: int, words: Language) -> str:
    """A p; below what its decimals can show, that it is below."""
    least = 10**-decimals
    return f"< {words.number(least, decimals)}" if p is not None and p < least else words.number(p, decimals)


def _metric_row(row: BiasFigure, of: FacetFairness, words: Language) -> MetricRow:
    known = of.metrics.get(row.facet_value, {})
    cells = (_cell(known.get(metric.name), words) for metric in metrics_in_words(words))
    return MetricRow(part_name(row, words), tuple(cells))


def _cell(figure: BiasFigure | None, words: Language) -> MetricCell:
    if figure is None or figure.value is None:
        return MetricCell("–", "")
    if isinf(figure.value):
        return MetricCell("∞" if figure.value > 0 else "−∞", "")
    is_small = figure.metric in ("KL", "JS")
    told = ""
    if figure.low is not None and figure.high is not None:
        told = span(figure.low, figure.high, 4 if is_small else 3, words)
    return MetricCell(words.number(figure.value, 4 if is_small else 3), told)
