"""The chapter that says whether a model's numbers are fair to every club, and to every other part of the shots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isinf

from xgoals.analysis.fairness.measure import NOT_KNOWN, ONE_PART
from xgoals.analysis.fairness.summary import FacetFairness, Fairness, is_beyond_chance
from xgoals.domain.findings.fairness import BiasFigure, Facet, Verdict
from xgoals.language import Language
from xgoals.report.draw.intervals import Axis, Band, Dot
from xgoals.report.model.bias_words import MetricInWords, metrics_in_words
from xgoals.report.model.glance import PART_NAMES
from xgoals.report.words.providers import SOURCES

N_SHOWN = 24
"""So many parts stand in a picture, the surest ones; the others one click deeper."""
_NAMED = 5

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
VALUES = {
    "home": "Home", "away": "Away", "promoted": "Promoted clubs", "stayed": "Clubs that stayed", **PART_NAMES,
}  # fmt: skip
VERDICTS = {
    Verdict.FAIR: "fair",
    Verdict.TOO_LOW: "xG too low",
    Verdict.TOO_HIGH: "xG too high",
    Verdict.CANNOT_SAY: "may be chance",
    Verdict.NOT_TESTED: "too few shots",
}
SURE_BUT_SMALL = "off, perhaps too little to matter"
SILENT = {
    Facet.SEASON: "Every competition has one season here: what holds of the competition holds of the season.",
    Facet.PROMOTED: "Which clubs were promoted is not known: it takes the season before in the same competition, and "
    "none is stored.",
    Facet.PROVIDER: "All shots are of one provider: there is nothing to compare.",
    Facet.COMPETITION: "All shots are of one competition: there is nothing to compare.",
}


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
    untested
        Parts with too few shots, in a sentence; empty where there are none.
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
        whole=_whole(found, words),
        margin=_goals(found.margin_per_100, words),
        threshold=_threshold(found, words),
        metrics=metrics_in_words(words),
    )


def _is_shown(facet: Facet, found: Fairness) -> bool:
    return found.facet(facet) is not None or facet in SILENT


def _facet(facet: Facet, found: Fairness, words: Language) -> FacetInWords:
    of, title = found.facet(facet), words.text(TITLES[facet])
    key = facet.value.replace("_", "-")
    if of is None or not of.tested:
        return FacetInWords(key, title, "", (_silence(facet, of, words),), None, (), (), "", ())
    axis = Axis.of([(row.low or 0.0, row.high or 0.0) for row in of.tested], found.margin_per_100)
    surest = set(sorted((row.p or 0.0, row.facet_value) for row in of.tested)[:N_SHOWN])
    shown = [row for row in of.tested if (row.p or 0.0, row.facet_value) in surest]
    more = [row for row in of.tested if row not in shown]
    return FacetInWords(
        key=key,
        title=title,
        answer=_answer(of, words),
        sentences=tuple(_sentences(of, found, words)),
        band=axis.band(found.margin_per_100),
        rows=tuple(_row(row, axis, words) for row in shown),
        more=tuple(_row(row, axis, words) for row in more),
        untested=_untested(of, words),
        metrics=tuple(_metric_row(row, of, words) for row in of.tested) if of.metrics else (),
    )


def _silence(facet: Facet, of: FacetFairness | None, words: Language) -> str:
    notes = {row.note for row in of.untested} if of is not None else set()
    if facet in SILENT and (of is None or notes & {ONE_PART, NOT_KNOWN}):
        return words.text(SILENT[facet])
    return words.text("Too few shots to test any part.")


def _answer(of: FacetFairness, words: Language) -> str:
    """The sentence that somebody who speaks for a part needs."""
    low, high = of.of(Verdict.TOO_LOW), of.of(Verdict.TOO_HIGH)
    is_clubs = of.facet is Facet.CLUB
    if not low and not high:
        if is_clubs:
            return words.text("No club's xG is too low or too high beyond chance.")
        return words.text("In none of the parts is xG off beyond chance.")
    told = []
    if low:
        told.append(words.text("xG is too low, beyond chance, for %(names)s.", names=_named(low, words)))
    if high:
        told.append(words.text("xG is too high, beyond chance, for %(names)s.", names=_named(high, words)))
    if is_clubs and len(of.tested) > len(low) + len(high):
        told.append(words.text("For no other club is it off beyond chance."))
    return " ".join(told)


def _fair(of: FacetFairness, found: Fairness, words: Language) -> str:
    """How many parts are fair, and of how many nothing can be said."""
    n, n_fair, n_open = len(of.tested), len(of.of(Verdict.FAIR)), len(of.of(Verdict.CANNOT_SAY))
    margin = _goals(found.margin_per_100, words)
    told = []
    if n_fair == n:
        told.append(
            words.text("All are surely fair: off by less than %(margin)s per 100 shots.", margin=margin)
        )
    elif n_fair:
        told.append(
            words.plural(
                "One of %(parts)s is surely fair: off by less than %(margin)s per 100 shots.",
                "%(n)s of %(parts)s are surely fair: off by less than %(margin)s per 100 shots.",
                n_fair,
                parts=words.count(n),
                margin=margin,
            )
        )
    if n_open == n:
        told.append(
            words.text(
                "For none can it be shown yet that xG is right to within %(margin)s per 100 shots: all have too few "
                "shots for that.",
                margin=margin,
            )
        )
    elif n_open:
        told.append(
            words.plural(
                "Of one nothing can be said: what is seen may be chance, and its shots are too few to exclude that it "
                "is off by %(margin)s per 100.",
                "Of %(n)s nothing can be said: what is seen may be chance, and their shots are too few to exclude that "
                "they are off by %(margin)s per 100.",
                n_open,
                margin=margin,
            )
        )
    return " ".join(told)


def _sentences(of: FacetFairness, found: Fairness, words: Language) -> Iterator[str]:
    """What is fair and what cannot be said; of clubs also what chance alone does, and how unlike they are."""
    yield _fair(of, found, words)
    if of.facet not in (Facet.CLUB, Facet.CLUB_SEASON):
        return
    yield _tests(of, words)
    if of.spread is not None:
        yield _spread(of.spread, words)
    if of.of(Verdict.CANNOT_SAY):
        yield words.text(
            "To be called fair, a club whose goals are exactly its xG needs about %(needed)s shots; half of the clubs "
            "here have more than %(typical)s.",
            needed=words.count(round(found.shots_needed, -2)),
            typical=words.count(of.typical_shots),
        )


def _tests(of: FacetFairness, words: Language) -> str:
    """How many were tested, and how many stand out by themselves."""
    n, outside = len(of.tested), of.outside
    tested = (
        words.plural("One club was tested.", "%(n)s clubs were tested at once.", n)
        if of.facet is Facet.CLUB
        else words.plural(
            "One club in one season was tested.", "%(n)s clubs in single seasons were tested at once.", n
        )
    )
    names = words.listing([_name(row, words) for row in outside[:_NAMED]])
    expected = words.number(of.outside_by_chance, 1)
    if not outside:
        seen = words.text(
            "By chance alone up to %(expected)s would be outside of their own 95 %% intervals; none is.",
            expected=expected,
        )
    else:
        seen = words.plural(
            "By chance alone up to %(expected)s would be outside of their own 95 %% intervals; one is: %(names)s.",
            "By chance alone up to %(expected)s would be outside of their own 95 %% intervals; %(n)s are, most surely "
            "%(names)s.",
            len(outside),
            expected=expected,
            names=names,
        )
    return f"{tested} {seen} {words.text('Off is called only what stands once all tests are counted.')}"


def _spread(spread: BiasFigure, words: Language) -> str:
    values = {
        "sd": words.number(spread.value, 1),
        "high": words.number(spread.high, 1),
        "low": words.number(spread.low, 1),
    }
    if (spread.low or 0.0) > 0:
        return words.text(
            "Taken together, clubs differ by more than chance: true differences have a standard deviation of "
            "%(sd)s goals per 100 shots (95 %% interval %(low)s to %(high)s).",
            **values,
        )
    return words.text(
        "Taken together, clubs differ by no more than chance makes them: the standard deviation of true differences "
        "is at most %(high)s goals per 100 shots (95 %% interval; best guess %(sd)s).",
        **values,
    )


def _untested(of: FacetFairness, words: Language) -> str:
    if not of.untested:
        return ""
    return words.plural(
        "One part has fewer than 100 shots, or 5 matches, and is not tested.",
        "%(n)s parts have fewer than 100 shots, or 5 matches, and are not tested.",
        len(of.untested),
    )


def _row(row: BiasFigure, axis: Axis, words: Language) -> PartRow:
    value, low, high = row.value or 0.0, row.low or 0.0, row.high or 0.0
    verdict = row.verdict or Verdict.NOT_TESTED
    is_small = verdict is Verdict.CANNOT_SAY and is_beyond_chance(row)
    return PartRow(
        name=_name(row, words),
        counts=words.text(
            "%(shots)s shots, %(goals)s goals", shots=words.count(row.n_shots), goals=words.count(row.n_goals)
        ),
        dot=axis.dot(value, low, high),
        number=words.number(value, 1, signed=True),
        interval=_span(low, high, 1, words),
        p=words.number(row.q, 2),
        p_alone=words.number(row.p, 3),
        verdict=words.text(SURE_BUT_SMALL if is_small else VERDICTS[verdict]),
        kind="off" if verdict.is_unfair else "fair" if verdict is Verdict.FAIR else "open",
    )


def _name(row: BiasFigure, words: Language) -> str:
    if row.facet is Facet.PROVIDER:
        return SOURCES.get(row.facet_value, row.facet_value)
    is_ours = row.facet in (Facet.VENUE, Facet.BODY_PART, Facet.PROMOTED)
    return words.text(VALUES[row.facet_value]) if is_ours and row.facet_value in VALUES else row.facet_value


def _named(rows: Sequence[BiasFigure], words: Language) -> str:
    """The first few with goals and xG, and how many more there are."""
    told = [
        words.text(
            "%(name)s (%(goals)s goals from %(xg)s xG)",
            name=_name(row, words),
            goals=words.count(row.n_goals),
            xg=words.number(row.n_goals - (row.value or 0.0) * row.n_shots / 100, 1),
        )
        for row in rows[:_NAMED]
    ]
    if len(rows) > _NAMED:
        told.append(words.plural("one other", "%(n)s others", len(rows) - _NAMED))
    return words.listing(told)


def _metric_row(row: BiasFigure, of: FacetFairness, words: Language) -> MetricRow:
    known = of.metrics.get(row.facet_value, {})
    cells = (_cell(known.get(metric.name), words) for metric in metrics_in_words(words))
    return MetricRow(_name(row, words), tuple(cells))


def _cell(figure: BiasFigure | None, words: Language) -> MetricCell:
    if figure is None or figure.value is None:
        return MetricCell("–", "")
    if isinf(figure.value):
        return MetricCell("∞" if figure.value > 0 else "−∞", "")
    is_small = figure.metric in ("KL", "JS")
    span = None
    if figure.low is not None and figure.high is not None:
        span = _span(figure.low, figure.high, 4 if is_small else 3, words)
    return MetricCell(words.number(figure.value, 4 if is_small else 3), span or "")


def _span(low: float, high: float, decimals: int, words: Language) -> str:
    return words.text(
        "%(low)s to %(high)s",
        low=words.number(low, decimals, signed=decimals == 1),
        high=words.number(high, decimals, signed=decimals == 1),
    )


def _whole(found: Fairness, words: Language) -> str:
    whole = found.whole
    return words.text(
        "All %(shots)s shots together: %(goals)s goals, %(surplus)s goals per 100 shots beside xG (%(span)s).",
        shots=words.count(whole.n_shots),
        goals=words.count(whole.n_goals),
        surplus=words.number(whole.value, 2, signed=True),
        span=_span(whole.low or 0.0, whole.high or 0.0, 1, words),
    )


def _threshold(found: Fairness, words: Language) -> str:
    return words.text(
        "These metrics want a yes or no, and xG is neither: almost no shot is more likely a goal than not. So a shot "
        "counts as predicted to be a goal (a big chance) from %(threshold)s xG on, where there are as many of them as "
        "goals fell.",
        threshold=words.number(found.threshold, 2),
    )


def _goals(value: float, words: Language) -> str:
    number = f"{value:g}"
    return words.text("one goal") if number == "1" else words.text("%(n)s goals", n=words.number(value, 1))
