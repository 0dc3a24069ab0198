"""The stored figures of fairness as pages and mails read them: facet by facet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from xgoals.analysis.evaluated.multiplicity import FALSE_DISCOVERY_RATE
from xgoals.domain.findings.fairness import (
    MARGIN,
    SPREAD,
    SURPLUS,
    THRESHOLD,
    WHOLE,
    BiasFigure,
    Facet,
    Verdict,
)


@dataclass(frozen=True)
class FacetFairness:
    """One facet.

    Attributes
    ----------
    tested
        The surplus of every part that was tested, the highest first.
    untested
        Of those that were not; ``note`` says why.
    spread
        How different the parts are with chance taken out; None where it was not estimated.
    metrics
        Part -> Clarify's metrics by name; empty where they were not measured.
    """

    facet: Facet
    tested: tuple[BiasFigure, ...]
    untested: tuple[BiasFigure, ...]
    spread: BiasFigure | None
    metrics: Mapping[str, Mapping[str, BiasFigure]]

    def of(self, *verdicts: Verdict) -> tuple[BiasFigure, ...]:
        """The tested parts with one of these verdicts, the surest first."""
        found = (row for row in self.tested if row.verdict in verdicts)
        return tuple(sorted(found, key=lambda row: (row.p or 0.0, row.facet_value)))

    @property
    def outside(self) -> tuple[BiasFigure, ...]:
        """Tested parts whose own 95 % interval leaves out 0, the surest first."""
        found = (row for row in self.tested if not (row.low or 0.0) <= 0 <= (row.high or 0.0))
        return tuple(sorted(found, key=lambda row: (row.p or 0.0, row.facet_value)))

    @property
    def typical_shots(self) -> int:
        """The median number of shots of a tested part."""
        return round(median(row.n_shots for row in self.tested))

    @property
    def outside_by_chance(self) -> float:
        """Up to how many would be by chance alone."""
        return 0.05 * len(self.tested)


@dataclass(frozen=True)
class Fairness:
    """All facets of a model.

    Attributes
    ----------
    whole
        The surplus of all shots.
    margin_per_100
        The least difference that matters, in goals per 100 shots.
    threshold
        The xG from which on a shot counts as a predicted goal.
    facets
        Those that there are, in the order of :class:`~xgoals.domain.findings.fairness.Facet`.
    """

    whole: BiasFigure
    margin_per_100: float
    threshold: float
    facets: tuple[FacetFairness, ...]

    def facet(self, facet: Facet) -> FacetFairness | None:
        """One of them; None where it says nothing of its own."""
        return next((one for one in self.facets if one.facet is facet), None)

    @property
    def shots_needed(self) -> int:
        """How many shots it takes to tell that goals and xG that agree do not differ by what matters."""
        width = ((self.whole.high or 0.0) - (self.whole.low or 0.0)) / 2
        return round(self.whole.n_shots * (width / self.margin_per_100) ** 2)


@dataclass(frozen=True)
class FacetVerdicts:
    """What was found of a facet, in short: how many parts are what, and by name those that are off."""

    facet: Facet
    n_fair: int
    n_cannot_say: int
    n_not_tested: int
    too_low: tuple[str, ...]
    too_high: tuple[str, ...]


def verdicts_by_facet(figures: Sequence[BiasFigure]) -> tuple[FacetVerdicts, ...]:
    """What was found of every facet, in short; nothing where nothing was measured."""
    found = fairness(figures)
    return () if found is None else tuple(map(_verdicts, found.facets))


def _verdicts(of: FacetFairness) -> FacetVerdicts:
    low, high = (
        tuple(row.facet_value for row in of.of(side)) for side in (Verdict.TOO_LOW, Verdict.TOO_HIGH)
    )
    n_fair, n_cannot_say = len(of.of(Verdict.FAIR)), len(of.of(Verdict.CANNOT_SAY))
    return FacetVerdicts(of.facet, n_fair, n_cannot_say, len(of.untested), low, high)


def is_beyond_chance(figure: BiasFigure) -> bool:
    """Whether a surplus stands among all tests of its facet."""
    return figure.q is not None and figure.q <= FALSE_DISCOVERY_RATE


def fairness(figures: Sequence[BiasFigure]) -> Fairness | None:
    """Put stored figures in order; None where none are stored."""
    of_all = {one.metric: one for one in figures if one.facet is None}
    if not of_all:
        return None
    facets = (_facet(facet, [one for one in figures if one.facet is facet]) for facet in Facet)
    return Fairness(
        whole=of_all[SURPLUS],
        margin_per_100=of_all[MARGIN].value or 0.0,
        threshold=of_all[THRESHOLD].value or 0.0,
        facets=tuple(one for one in facets if one is not None),
    )


def _facet(facet: Facet, figures: Iterable[BiasFigure]) -> FacetFairness | None:
    surpluses, metrics, spread = list[BiasFigure](), dict[str, dict[str, BiasFigure]](), None
    for one in figures:
        if one.metric == SURPLUS:
            surpluses.append(one)
        elif one.metric == SPREAD and one.facet_value == WHOLE:
            spread = one
        else:
            metrics.setdefault(one.facet_value, {})[one.metric] = one
    if not surpluses:
        return None
    tested = [one for one in surpluses if one.verdict is not Verdict.NOT_TESTED]
    tested.sort(key=lambda row: (-(row.value or 0.0), row.facet_value))
    untested = tuple(one for one in surpluses if one.verdict is Verdict.NOT_TESTED)
    return FacetFairness(facet, tuple(tested), untested, spread, metrics)
