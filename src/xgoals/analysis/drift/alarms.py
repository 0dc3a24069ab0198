"""An alarm with its cause: what has moved, since when, and whose shots make it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from xgoals.analysis.drift.causes import Part, parts_of
from xgoals.analysis.drift.points import Point, SeenMatch
from xgoals.analysis.drift.series import Kind, Reference, Runs, Value, distances
from xgoals.analysis.drift.since import MEAN, Since, cell_of, is_in_cell, since
from xgoals.analysis.drift.sums import ALL, N_BINS, Bins, Shots, Sums

FloatArray = npt.NDArray[np.float64]
FACETS = ("club", "opponent", "provider", "venue")
"""Whose part in a drift is told."""


@dataclass(frozen=True, slots=True)
class Matchday:
    """A matchday as people call it; without a number its day."""

    season: str
    matchday: int | None
    day: str

    @classmethod
    def of(cls, match: SeenMatch) -> "Matchday":
        """The one that a match belongs to."""
        return cls(match.season, match.matchday, match.match_date.isoformat())

    @property
    def date(self) -> date:
        """Its first match's day."""
        return date.fromisoformat(self.day)


@dataclass(frozen=True, slots=True)
class Cause:
    """What stands behind an alarm.

    Attributes
    ----------
    since, earliest, latest
        The likeliest first matchday, and those between which it lies with 95 %.
    n_points, n_shots, n_matches
        Of the run from there to the newest matchday.
    value, window_value
        Of the run and the window: a feature's distance, goals minus xG a shot, the slope, nDCG.
    mean, window_mean
        Of a feature with an order.
    code
        Of a category: the code whose share has changed most; None: one that the window does not know, or no category.
    share, window_share
        Of the shots with this code, or without a value.
    is_missing
        Whether what has changed is how often the feature has no value.
    risen, fallen
        Of an alarm of attributions: the features whose share of all attributions has risen and fallen most.
    parts
        Facet -> the part of each group in the difference, the largest first.
    """

    since: Matchday
    earliest: Matchday
    latest: Matchday
    n_points: int
    n_shots: int
    n_matches: int
    value: float
    window_value: float
    mean: float | None
    window_mean: float | None
    code: float | None
    share: float | None
    window_share: float | None
    is_missing: bool
    risen: str | None
    fallen: str | None
    parts: Mapping[str, tuple[Part, ...]]

    @property
    def is_risen(self) -> bool:
        """Whether what has moved is more than in the window: the mean, where there is one."""
        if self.mean is not None and self.window_mean is not None:
            return self.mean > self.window_mean
        return self.value > self.window_value

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Cause":
        """The other way round."""
        moments = {name: Matchday(**stored[name]) for name in ("since", "earliest", "latest")}
        parts = {facet: tuple(Part(**part) for part in of) for facet, of in stored["parts"].items()}
        return cls(**{**stored, **moments, "parts": parts})


@dataclass(frozen=True, slots=True)
class Alarm:
    """A series that is where it should not be at the newest matchday of a competition."""

    competition: str
    kind: Kind
    name: str
    at: Matchday
    cause: Cause


@dataclass(frozen=True)
class Run:
    """The points of an alarm, from the likeliest first to the newest."""

    points: Sequence[Point]
    since: Since
    sums: Sums


def run_of(value: Value, points: Sequence[Point], runs: Runs, reference: Reference) -> Run:
    """Since when a series of the newest point is off; ``points`` are those that ``runs`` adds up."""
    last = len(points) - 1
    found = since(runs, last, value.alarm_over, reference, value.kind, value.name)
    return Run(points, found, runs.between(found.first, last))


def cause_of(value: Value, run: Run, reference: Reference, bins: Bins, shots: Shots) -> Cause:
    """What stands behind an alarm.

    Parameters
    ----------
    shots
        Of the run's matches, with the groups of `FACETS`, ``body_part`` among the facets.
    """
    points, places = run.points, run.since
    n = reference.features.index(value.name) if value.kind == "feature" else None
    told = _feature(n, run.sums, reference, bins) if n is not None else _other(value, run.sums, reference)
    shift, rows = _shift(value, reference, bins, shots, told.cell)
    labels = {facet: np.asarray(shots.facets[facet], dtype=str)[rows] for facet in FACETS}
    return Cause(
        since=Matchday.of(points[places.first].first),
        earliest=Matchday.of(points[places.earliest].first),
        latest=Matchday.of(points[places.latest].first),
        n_points=len(points) - places.first,
        n_shots=run.sums.n_shots,
        n_matches=run.sums.n_matches,
        value=told.value,
        window_value=value.window,
        mean=told.mean,
        window_mean=told.window_mean,
        code=told.code,
        share=told.share,
        window_share=told.window_share,
        is_missing=told.cell == N_BINS,
        risen=told.risen,
        fallen=told.fallen,
        parts={facet: parts_of(shift, labels[facet]) for facet in FACETS},
    )


@dataclass(frozen=True, slots=True)
class _Told:
    value: float
    cell: int = MEAN
    mean: float | None = None
    window_mean: float | None = None
    code: float | None = None
    share: float | None = None
    window_share: float | None = None
    risen: str | None = None
    fallen: str | None = None


def _feature(n: int, run: Sums, reference: Reference, bins: Bins) -> _Told:
    found, window = distances(run, reference)[0], reference.window
    cell = cell_of(run, reference, reference.features[n])
    if cell == N_BINS:
        shares = [float(of.tallies[n, cell] / of.n_shots) for of in (run, window)]
        return _Told(float(found[n]), cell, share=shares[0], window_share=shares[1])
    if reference.is_category[n]:
        shares = [float(of.tallies[n, cell] / max(of.known[n], 1)) for of in (run, window)]
        edges = bins.edges[n]
        code = float(edges[cell] - 0.25) if cell < len(edges) and cell % 2 else None
        return _Told(float(found[n]), cell, code=code, share=shares[0], window_share=shares[1])
    means = [float(of.values[n] / max(of.known[n], 1)) for of in (run, window)]
    return _Told(float(found[n]), cell, mean=means[0], window_mean=means[1])


def _other(value: Value, run: Sums, reference: Reference) -> _Told:
    if value.kind == "attribution":
        shares = [of.absolute / max(float(of.absolute.sum()), 1e-12) for of in (run, reference.window)]
        change = shares[0] - shares[1]
        risen, fallen = (reference.features[int(at)] for at in (change.argmax(), change.argmin()))
        return _Told(value.value, risen=risen, fallen=fallen)
    if (value.kind, value.name) == ("calibration", "slope"):
        return _Told(value.value)
    own = run.groups[ALL if value.kind == "calibration" else (value.kind, value.name)]
    return _Told(float((own[1] - own[2]) / max(own[0], 1.0)))


def _shift(
    value: Value, reference: Reference, bins: Bins, shots: Shots, cell: int
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """What each shot counts beside the window's mean, and whose shots these are."""
    rows = np.ones(len(shots.xg), dtype=bool)
    if value.kind == "attribution" or value.name == "slope":
        return np.zeros(0), ~rows
    if value.kind == "feature":
        n = reference.features.index(value.name)
        codes, window = bins.codes(shots.values)[:, n], reference.window
        if cell != N_BINS:
            rows = codes != N_BINS
        if cell == MEAN:
            return (shots.values[:, n] - window.values[n] / max(window.known[n], 1.0))[rows], rows
        level = window.tallies[n, cell] / (window.n_shots if cell == N_BINS else max(window.known[n], 1.0))
        counted = is_in_cell(codes, cell, is_category=bool(reference.is_category[n]))
        return (counted - level)[rows], rows
    if value.kind != "calibration":
        rows = np.asarray(shots.facets[value.kind], dtype=str) == value.name
    return (shots.is_goal - shots.xg - value.window)[rows], rows
