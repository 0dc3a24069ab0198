"""Everything that is asked about fairness, worked out from the shots: what is stored, and told."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.evaluated.multiplicity import false_discovery_rates
from xgoals.analysis.fairness.facets import MIN_MATCHES, MIN_SHOTS, facet_labels, place_bands
from xgoals.analysis.fairness.metrics import Predicted, goal_threshold, metrics_of_parts
from xgoals.analysis.fairness.surplus import Shots, Surplus, dispersion, surpluses
from xgoals.analysis.fairness.verdicts import spread, verdict
from xgoals.analysis.shots import BoolArray, FloatArray, floats
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
from xgoals.model.folds import match_groups
from xgoals.model.shots.eligible import is_judged

IndexArray = np.ndarray[tuple[int], np.dtype[np.intp]]

FEW = "few"
ONE_PART = "one_part"
NOT_KNOWN = "not_known"
"""Why a part, or a facet, is not tested: too few shots or matches; all shots are of it; no shot's part is known."""
ONLY_CALIBRATION = (Facet.CLUB_SEASON,)
"""Facets of so many parts that only their surplus is measured."""


@dataclass(frozen=True)
class _Judged:
    """The shots that are asked about: no penalties, no free or corner kicks from a sharp angle."""

    goal: BoolArray
    xg: FloatArray
    match: IndexArray
    predicted: Predicted

    def counted(self, rows: IndexArray) -> tuple[int, int, int]:
        """Shots, goals and matches of some of them."""
        return len(rows), int(self.goal[rows].sum()), len(np.unique(self.match[rows]))

    def in_parts(self, parts: list[IndexArray]) -> Shots:
        """The shots of these parts, one part after the other."""
        rows = np.concatenate(parts) if parts else np.empty(0, dtype=np.intp)
        part = np.repeat(np.arange(len(parts)), [len(rows) for rows in parts])
        return Shots(part, self.match[rows], self.goal[rows].astype(np.float64), self.xg[rows])


def measure_fairness(shots: pd.DataFrame, margin_per_100: float) -> list[BiasFigure]:
    """All figures, those of all shots first, then facet by facet; none where there are no shots to judge.

    Parameters
    ----------
    shots
        ``provider, match_id, match_date, competition, season, team, home_team, away_team, body_part, shot_type, x_m,
        y_m, pitch_length_m, is_goal, is_penalty`` and ``xg``, by models that have not seen the match.
    margin_per_100
        The least difference that matters, in goals per 100 shots.
    """
    cut = shots[is_judged(shots)].reset_index(drop=True)
    if cut.empty:
        return []
    goal, xg = cut["is_goal"].to_numpy(dtype=bool), floats(cut["xg"])
    match = match_groups(cut)
    threshold = goal_threshold(xg, int(goal.sum()))
    judged = _Judged(goal, xg, match, Predicted(goal, xg >= threshold, place_bands(cut), match))
    found = [*_of_all(judged, threshold, margin_per_100)]
    for facet, labels in facet_labels(cut).items():
        found += _of_facet(judged, facet, labels, margin_per_100)
    return found


def _of_all(judged: _Judged, threshold: float, margin_per_100: float) -> Iterator[BiasFigure]:
    rows = np.arange(len(judged.goal))
    counts = judged.counted(rows)
    of_all = surpluses(judged.in_parts([rows]))[0]
    yield _surplus_figure(None, WHOLE, counts, of_all, of_all.p, margin_per_100)
    yield BiasFigure(None, WHOLE, MARGIN, margin_per_100, None, None, *counts)
    yield BiasFigure(None, WHOLE, THRESHOLD, threshold, None, None, *counts)


def _of_facet(
    judged: _Judged, facet: Facet, labels: "pd.Series[str]", margin_per_100: float
) -> Iterator[BiasFigure]:
    codes, names = pd.factorize(labels, sort=True)
    parts = [np.flatnonzero(codes == code) for code in range(len(names))]
    if len(parts) < 2:
        name, rows = (str(names[0]), parts[0]) if parts else (WHOLE, np.empty(0, dtype=np.intp))
        note = ONE_PART if parts else NOT_KNOWN
        yield _not_tested(facet, name, judged.counted(rows), note)
        return
    counts = [judged.counted(rows) for rows in parts]
    tested = [i for i, (n, _, n_matches) in enumerate(counts) if n >= MIN_SHOTS and n_matches >= MIN_MATCHES]
    yield from _calibration(judged, facet, {str(names[i]): parts[i] for i in tested}, margin_per_100)
    for i in sorted(set(range(len(parts))) - set(tested)):
        yield _not_tested(facet, str(names[i]), counts[i], FEW)
    if facet not in ONLY_CALIBRATION:
        yield from _metrics(
            judged, facet, {str(names[i]): parts[i] for i in tested}, np.flatnonzero(codes >= 0)
        )


def _calibration(
    judged: _Judged, facet: Facet, parts: dict[str, IndexArray], margin_per_100: float
) -> Iterator[BiasFigure]:
    shots = judged.in_parts(list(parts.values()))
    found = surpluses(shots)
    rates = false_discovery_rates([one.p for one in found])
    for (name, rows), one, q in zip(parts.items(), found, rates, strict=True):
        yield _surplus_figure(facet, name, judged.counted(rows), one, q, margin_per_100)
    if not parts:
        return
    variance = dispersion(shots) * shots.sums(shots.xg * (1 - shots.xg))
    errors = 100 * np.sqrt(variance) / shots.sums(np.ones_like(shots.xg))
    apart = spread([one.per_100 for one in found], errors.tolist())
    if apart is not None:
        whole = judged.counted(np.concatenate(list(parts.values())))
        yield BiasFigure(facet, WHOLE, SPREAD, apart.per_100, apart.low, apart.high, *whole, p=apart.p)


def _metrics(
    judged: _Judged, facet: Facet, parts: dict[str, IndexArray], known: IndexArray
) -> Iterator[BiasFigure]:
    """Of each part against all others of which it is known to what part they belong."""
    place = np.searchsorted(known, np.arange(len(judged.goal)))
    rows_of = [place[rows] for rows in parts.values()]
    measured = metrics_of_parts(judged.predicted.among(known), rows_of)
    for (name, rows), of_part in zip(parts.items(), measured, strict=True):
        counts = judged.counted(rows)
        for one in of_part:
            low, high = one.interval or (None, None)
            metric = one.metric
            yield BiasFigure(facet, name, metric.name, metric.value, low, high, *counts, note=metric.error)


def _surplus_figure(
    facet: Facet | None, name: str, counts: tuple[int, int, int], of: Surplus, q: float, margin_per_100: float
) -> BiasFigure:
    said = verdict(of, q, margin_per_100)
    return BiasFigure(facet, name, SURPLUS, of.per_100, of.low, of.high, *counts, of.p, q, said)


def _not_tested(facet: Facet, name: str, counts: tuple[int, int, int], note: str) -> BiasFigure:
    return BiasFigure(facet, name, SURPLUS, None, None, None, *counts, verdict=Verdict.NOT_TESTED, note=note)
