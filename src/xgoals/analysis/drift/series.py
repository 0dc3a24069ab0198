"""The values of every point beside the window, and which of them are alarms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from xgoals.analysis.agreement import ndcg
from xgoals.analysis.drift import limits
from xgoals.analysis.drift.sums import ALL, N_BINS, Group, Sums, packed, unpacked

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Kind = Literal["attribution", "feature", "calibration", "club", "venue", "body_part", "provider"]
"""What a series is of; those of groups bear the name of their facet."""

MIN_REFERENCE_SHOTS = 1_000
"""A competition with fewer shots in the window is held against the whole window."""
MIN_GROUP_SHOTS = 150
"""A group with fewer shots in the window is held against all shots of its competition there."""
MIN_KNOWN = 100
"""Of fewer known values of a feature nothing is said."""
MIN_XG = 3.0
"""A group with fewer expected goals has no bounds yet: none that hold would tell anything."""
MIN_XG_FOR_SLOPE = 20.0
"""With fewer expected goals no slope is told; it has bounds from three times as many on."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a series at a point.

    Attributes
    ----------
    name
        The feature, the group, ``ndcg``, ``level`` or ``slope``.
    value
        Of this point alone.
    low, high
        Where it stays by chance; None: no bound on this side, or too few shots for one.
    window
        The same of the window: 1 for nDCG, 0 for distances.
    mean, window_mean
        Of a feature with an order, known values.
    mean_low, mean_high
        Where the mean of what is measured or counted stays by chance; the feature is off if it does not, too.
    is_beyond
        Whether this point alone is where it should not be.
    alarm_over
        So many points, this one the last, together are where they should not be; 0 for none. Of matches that the
        champion has learned from there is no alarm.
    """

    kind: Kind
    name: str
    value: float
    low: float | None
    high: float | None
    window: float
    mean: float | None = None
    window_mean: float | None = None
    mean_low: float | None = None
    mean_high: float | None = None
    is_beyond: bool = False
    alarm_over: int = 0


@dataclass(frozen=True)
class Reference:
    """What a competition's points are held against.

    Attributes
    ----------
    window
        The sums of the competition's own matches in the window, or of all of the window where it has too few there.
    is_own
        Which of the two.
    features
        Their names, in the order of the sums.
    is_category, is_measured
        Whether each has no order; whether its mean is looked at, too.
    """

    window: Sums
    is_own: bool
    features: tuple[str, ...]
    is_category: npt.NDArray[np.bool_]
    is_measured: npt.NDArray[np.bool_]
    effects: FloatArray
    spread: float
    _chance: dict[int, float] = field(default_factory=dict)

    @classmethod
    def of(cls, own: Sums | None, whole: Sums, kinds: Mapping[str, str]) -> "Reference":
        """Choose, and measure how alike shots of a match are; ``kinds``: feature -> its kind in the catalogue."""
        is_own = own is not None and own.n_shots >= MIN_REFERENCE_SHOTS
        window = own if own is not None and is_own else whole
        effects, spread = limits.design_effects(window), limits.overdispersion(window)
        is_category = np.array([kind == "category" for kind in kinds.values()])
        is_measured = np.array([kind in ("continuous", "count") for kind in kinds.values()])
        return cls(window, is_own, tuple(kinds), is_category, is_measured, effects, spread)

    def ndcg_by_chance(self, n_matches: int) -> float:
        """See :func:`~xgoals.analysis.drift.limits.ndcg_by_chance`; drawn once for as many matches."""
        if n_matches not in self._chance:
            self._chance[n_matches] = limits.ndcg_by_chance(self.window, n_matches)
        return self._chance[n_matches]

    def group(self, group: Group) -> FloatArray:
        """`GROUP_SUMS` of a group in the window; of all shots where it has too few."""
        own = self.window.groups.get(group)
        return self.window.groups[ALL] if own is None or own[0] < MIN_GROUP_SHOTS else own


class Runs:
    """Points in a row, any of which are added up quickly."""

    def __init__(self, points: Sequence[Sums]) -> None:
        self.points = points
        zero = np.zeros_like(packed(points[0])) if points else np.zeros(1)
        self._sums = np.cumsum([zero, *(packed(of) for of in points)], axis=0)
        self._names = sorted({group for of in points for group in of.groups})
        nothing = np.zeros(9)
        rows = [[of.groups.get(name, nothing) for name in self._names] for of in points]
        self._groups = np.cumsum([np.zeros((len(self._names), 9)), *map(np.array, rows)], axis=0)

    def between(self, first: int, last: int) -> Sums:
        """The sums from one point to another, both included."""
        part = self.points[first : last + 1]
        sums = self._groups[last + 1] - self._groups[first]
        groups = {name: row for name, row in zip(self._names, sums, strict=True) if row[0] > 0.5}
        return unpacked(
            sum(of.n_matches for of in part),
            sum(of.n_shots for of in part),
            self._sums[last + 1] - self._sums[first],
            groups,
        )


def series_of(
    points: Sequence[Sums], reference: Reference, *, is_learned: bool, ndcg_below: float
) -> list[list[Value]]:
    """All values of points in a row; runs of them are looked at, too, where the champion has not learned from them."""
    runs, found = Runs(points), []
    for last in range(len(points)):
        values = list(values_of(points[last], reference, ndcg_below))
        if not is_learned:
            over = {(v.kind, v.name): v.is_beyond * 1 for v in values}
            for length in (of for of in limits.LENGTHS if 1 < of <= last + 1):
                run = runs.between(last + 1 - length, last)
                for value in values_of(run, reference, None):
                    if value.is_beyond and not over.get((value.kind, value.name), 1):
                        over[value.kind, value.name] = length
            values = [replace(value, alarm_over=over[value.kind, value.name]) for value in values]
        found.append(values)
    return found


def values_of(run: Sums, reference: Reference, ndcg_below: float | None) -> Iterator[Value]:
    """All values of a point or a run.

    Parameters
    ----------
    ndcg_below
        Where attributions count as drifted; None: they are left out.
    """
    if ndcg_below is not None:
        yield from _attribution(run, reference, ndcg_below)
    yield from _features(run, reference)
    yield from _calibration(run, reference)
    yield from _groups(run, reference)


def attribution_ndcg(run: Sums, window: Sums) -> float | None:
    """NDCG of the run's ranking of features, the window's mean absolute attributions as gains.

    As SageMaker's Model Monitor defines it: features in the order of the live data's mean absolute attributions, their
    weights from the training data. None where the window's are all 0.
    """
    return ndcg(run.absolute / run.n_shots, window.absolute / window.n_shots)


def _attribution(run: Sums, reference: Reference, below: float) -> Iterator[Value]:
    found = attribution_ndcg(run, reference.window)
    if found is None:
        return
    chance = reference.ndcg_by_chance(run.n_matches)
    yield Value("attribution", "ndcg", found, chance, None, 1.0, is_beyond=found < min(below, chance))


def distances(run: Sums, reference: Reference) -> tuple[FloatArray, IntArray]:
    """How far each feature's distribution lies from the window's, and the bin where that shows.

    The largest difference of the two distribution functions at a bin's edge, of a category half the sum of the
    differences of its shares; or the difference of the shares without a value, where that is larger (`N_BINS`).
    """
    window, n = reference.window, np.arange(len(reference.features))
    shares = run.tallies[:, :N_BINS] / np.maximum(run.known, 1)[:, None]
    apart = np.abs(shares - window.tallies[:, :N_BINS] / np.maximum(window.known, 1)[:, None])
    cell = apart.argmax(axis=1)
    found = np.where(reference.is_category, apart.sum(axis=1) / 2, apart[n, cell])
    found[np.minimum(run.known, window.known) < MIN_KNOWN] = 0.0
    missing = np.abs(run.tallies[:, N_BINS] / run.n_shots - window.tallies[:, N_BINS] / window.n_shots)
    return np.maximum(found, missing), np.where(missing > found, N_BINS, cell)


def _features(run: Sums, reference: Reference) -> Iterator[Value]:
    window = reference.window
    found, cell = distances(run, reference)
    known = limits.distance_limits(run, window, reference.effects, reference.is_category)
    # that a value is missing is known of every shot
    every = limits.distance_limits(
        _all_known(run), _all_known(window), reference.effects, reference.is_category
    )
    high = np.maximum(np.where(cell == N_BINS, every, known), limits.NOTABLE)
    room = limits.mean_room(run, window)
    means, levels = (of.values / np.maximum(of.known, 1) for of in (run, window))
    has_mean = (np.minimum(run.known, window.known) >= MIN_KNOWN) & ~reference.is_category
    is_far = means_are_far(run, reference)
    for n, name in enumerate(reference.features):
        value = Value(
            "feature", name, float(found[n]), None, float(high[n]), 0.0,
            is_beyond=bool(found[n] > high[n] or is_far[n]),
        )  # fmt: skip
        if has_mean[n]:
            value = replace(value, mean=float(means[n]), window_mean=float(levels[n]))
            if reference.is_measured[n]:
                low, high_mean = float(levels[n] - room[n]), float(levels[n] + room[n])
                value = replace(value, mean_low=low, mean_high=high_mean)
        yield value


def means_are_far(run: Sums, reference: Reference) -> npt.NDArray[np.bool_]:
    """Which of what is measured or counted has a mean that is farther from the window's than chance goes."""
    window = reference.window
    apart = np.abs(run.values / np.maximum(run.known, 1) - window.values / np.maximum(window.known, 1))
    is_known = (np.minimum(run.known, window.known) >= MIN_KNOWN) & reference.is_measured
    return np.asarray(is_known & (apart > limits.mean_room(run, window)))


def _all_known(of: Sums) -> Sums:
    return replace(of, known=np.full_like(of.known, of.n_shots))


def _calibration(run: Sums, reference: Reference) -> Iterator[Value]:
    z = limits.z_of(limits.error_rate(2))
    yield from _surplus("calibration", ["level"], {"level": ALL}, run, reference, z)
    own, window = run.groups[ALL], reference.window.groups[ALL]
    slopes = [slope(of, reference.spread) for of in (own, window)]
    if own[2] < MIN_XG_FOR_SLOPE or slopes[0] is None or slopes[1] is None:
        return
    (value, error), (level, window_error) = slopes[0], slopes[1]
    if own[2] < 3 * MIN_XG_FOR_SLOPE:  # few goals are skewed
        yield Value("calibration", "slope", value, None, None, level)
        return
    room = z * float(np.hypot(error, window_error))
    beyond = abs(value - level) > room
    yield Value("calibration", "slope", value, level - room, level + room, level, is_beyond=beyond)


def slope(sums: FloatArray, spread: float) -> tuple[float, float] | None:
    """Slope of goals on log odds and its standard error, by one step of Newton's from level 0 and slope 1.

    None where the log odds do not vary.
    """
    information = np.array([[sums[3], sums[6]], [sums[6], sums[7]]])
    if np.linalg.det(information) <= 1e-9 * information.trace() ** 2:
        return None
    inverse = np.linalg.inv(information)
    step = inverse @ np.array([sums[1] - sums[2], sums[8]])
    return 1.0 + float(step[1]), float(np.sqrt(spread * inverse[1, 1]))


def _groups(run: Sums, reference: Reference) -> Iterator[Value]:
    every = [group for group in run.groups if group != ALL]
    z = limits.z_of(limits.error_rate(len(every)))
    for kind in ("venue", "body_part", "provider", "club"):
        of_kind: dict[str, Group] = {name: (facet, name) for facet, name in every if facet == kind}
        if of_kind:
            yield from _surplus(kind, sorted(of_kind), of_kind, run, reference, z)


def _surplus(
    kind: Kind, names: Sequence[str], groups: Mapping[str, Group], run: Sums, reference: Reference, z: float
) -> Iterator[Value]:
    own = np.array([run.groups[groups[name]] for name in names])
    window = np.array([reference.group(groups[name]) for name in names])
    low, high = limits.surplus_limits(own, window, reference.spread, z)
    values, levels = ((of[:, 1] - of[:, 2]) / np.maximum(of[:, 0], 1) for of in (own, window))
    for n, name in enumerate(names):
        if own[n, 2] < MIN_XG:
            yield Value(kind, name, float(values[n]), None, None, float(levels[n]))
            continue
        beyond = not low[n] <= values[n] <= high[n]
        yield Value(
            kind,
            name,
            float(values[n]),
            float(low[n]),
            float(high[n]),
            float(levels[n]),
            is_beyond=bool(beyond),
        )
