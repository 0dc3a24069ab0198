"""What sets a club apart from the rest of its league: the difference, its interval, and whether chance explains it.

Intervals come from resampling whole matches. Whether a difference stands is asked of all clubs of the season at once:
club names are shuffled over the teams of all matches, and the false discovery rate is held over every comparison of
the family. With dozens of comparisons a page, one in twenty would stand out by chance alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.club.blocks import (
    DIRECTIONS,
    Blocks,
    BoolArray,
    Direction,
    FloatArray,
    IntArray,
    Measure,
)
from xgoals.analysis.evaluated.multiplicity import beyond_chance

MIN_MATCHES = 5
"""With fewer a club has no interval and is not tested."""
MIN_SHOTS = 10
"""With fewer shots that a measure applies to a club has no interval and is not tested in it."""
N_RESAMPLES = 1000
N_SHUFFLINGS = 999


@dataclass(frozen=True, slots=True)
class Difference:
    """A club's figure beside that of all other clubs of the season.

    Attributes
    ----------
    n_shots, n_matches
        Shots of the club that the measure applies to, and matches of the club.
    mean, league
        The club's mean over its shots, and that of the other clubs' shots; NaN without shots.
    low, high
        95 % interval of ``mean - league``, whole matches resampled; NaN where there are too few.
    p
        How often shuffled club names give a club a difference as large; NaN where it is not tested.
    stands
        Whether it stands among all comparisons of its family.
    """

    n_shots: int
    n_matches: int
    mean: float
    league: float
    low: float
    high: float
    p: float
    stands: bool

    @property
    def value(self) -> float:
        """The club's mean minus the others'."""
        return self.mean - self.league

    @property
    def is_tested(self) -> bool:
        """Whether there are matches and shots enough to ask."""
        return not np.isnan(self.p)


Asked = tuple[str, str, Direction]
"""A club, a measure, a direction."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Every comparison of a season: all clubs, all measures, for and against.

    Attributes
    ----------
    families, names
        Of the measures.
    blocks
        For and against.
    p, stands
        By club, measure and direction; what is not tested is in neither.
    """

    families: tuple[str, ...]
    names: tuple[str, ...]
    blocks: Mapping[Direction, Blocks]
    p: Mapping[Asked, float]
    stands: frozenset[Asked]

    def n_tested(self, family: str) -> int:
        """How many comparisons of a family were asked."""
        return sum(self._family_of(key) == family for key in self.p)

    def n_stand(self, family: str) -> int:
        """How many of them stand: about one in twenty of these is wrong."""
        return sum(self._family_of(key) == family for key in self.stands)

    def _family_of(self, key: Asked) -> str:
        return self.families[self.names.index(key[1])]


def compare(shots: pd.DataFrame, measures: Sequence[Measure], *, seed: int = 1) -> Comparisons:
    """Compare every club of a season with all others in every measure.

    A club's difference from the league, over what chance leaves to so many shots, is compared with those of all clubs
    when club names are shuffled over the teams of all matches; Benjamini and Hochberg's procedure (1995, JRSS B 57)
    says which stand, over the clubs, measures and directions of a family together.

    Parameters
    ----------
    shots
        The season's: ``provider, match_id, team_id, opponent_id``.
    measures
        As long as the frame.
    seed
        Of the shuffling.
    """
    blocks = {direction: Blocks.of(shots, measures, direction) for direction in DIRECTIONS}
    p: dict[str, dict[Asked, float]] = {measure.family: {} for measure in measures}
    for direction, of in blocks.items():
        for club, column, value in _shuffled(of, seed):
            measure = measures[column]
            p[measure.family][club, measure.name, direction] = value
    return Comparisons(
        tuple(measure.family for measure in measures),
        tuple(measure.name for measure in measures),
        blocks,
        {key: value for of_family in p.values() for key, value in of_family.items()},
        frozenset(key for of_family in p.values() for key in _standing(of_family)),
    )


def _standing(p: Mapping[Asked, float]) -> list[Asked]:
    return [key for key, stays in zip(p, beyond_chance(list(p.values())), strict=True) if stays]


def _shuffled(blocks: Blocks, seed: int) -> list[tuple[str, int, float]]:
    """Club, measure and p of whatever can be tested."""
    n_matches = np.bincount(blocks.club, minlength=len(blocks.clubs))
    large = np.flatnonzero(n_matches >= MIN_MATCHES)
    if len(large) < 2:
        return []
    everything = blocks.counts.sum(axis=0)
    average = blocks.sums.sum(axis=0) / np.where(everything == 0, np.nan, everything)
    off = np.nan_to_num(blocks.sums - average * blocks.counts)
    variance = (off**2).sum(axis=0) / np.maximum(1.0, everything)
    order, sizes = np.argsort(blocks.club, kind="stable"), n_matches[n_matches > 0]
    large_now = np.flatnonzero(sizes >= MIN_MATCHES)
    found, n_shots = _distance(off[order], blocks.counts[order], variance, sizes)
    rng = np.random.default_rng(seed)
    by_chance = np.concatenate(
        [
            _distance(off[drawn], blocks.counts[drawn], variance, sizes)[0][large_now]
            for drawn in (rng.permutation(len(off)) for _ in range(N_SHUFFLINGS))
        ]
    )
    by_chance.sort(axis=0)
    names = np.asarray(blocks.clubs)[n_matches > 0]
    return [
        (str(names[club]), column, _share_as_far(by_chance[:, column], found[club, column]))
        for club in large_now
        for column in range(off.shape[1])
        if n_shots[club, column] >= MIN_SHOTS
    ]


def _distance(
    off: FloatArray, counts: FloatArray, variance: FloatArray, sizes: IntArray
) -> tuple[FloatArray, FloatArray]:
    """How far out each club is, in what chance leaves to its shots, and how many those are; blocks lie club by club."""
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    n_shots = np.add.reduceat(counts, starts, axis=0)
    spread = np.sqrt(np.maximum(n_shots * variance, 1e-12))
    return np.abs(np.add.reduceat(off, starts, axis=0)) / spread, n_shots


def _share_as_far(by_chance: FloatArray, found: float) -> float:
    as_far = len(by_chance) - np.searchsorted(by_chance, found - 1e-12)
    return float((1 + as_far) / (1 + len(by_chance)))


def differences(of: Comparisons, club: str, *, seed: int = 0) -> Mapping[tuple[str, Direction], Difference]:
    """One club beside all others, by measure and direction.

    Parameters
    ----------
    of
        The season's comparisons.
    club
        Its id (:func:`~xgoals.analysis.club.blocks.club_id`); also one without a shot.
    seed
        Of the resampling: the club's matches are drawn among themselves, and the season's others among themselves.
    """
    found: dict[tuple[str, Direction], Difference] = {}
    for direction, blocks in of.blocks.items():
        own = blocks.club == (blocks.clubs.index(club) if club in blocks.clubs else -1)
        bounds = _intervals(blocks, own, seed)
        n_shots, n_matches = blocks.counts[own].sum(axis=0), int(own.sum())
        mean, league = _means(blocks, own), _means(blocks, ~own)
        bounds[:, n_shots < MIN_SHOTS] = np.nan
        for column, name in enumerate(of.names):
            key = (club, name, direction)
            found[name, direction] = Difference(
                int(n_shots[column]), n_matches, float(mean[column]), float(league[column]),
                float(bounds[0, column]), float(bounds[1, column]), of.p.get(key, np.nan), key in of.stands,
            )  # fmt: skip
    return found


def _means(blocks: Blocks, is_chosen: BoolArray) -> FloatArray:
    return _ratio(blocks.sums[is_chosen].sum(axis=0), blocks.counts[is_chosen].sum(axis=0))


def _ratio(sums: FloatArray, counts: FloatArray) -> FloatArray:
    return np.asarray(sums / np.where(counts == 0, np.nan, counts))


def _intervals(blocks: Blocks, own: BoolArray, seed: int) -> FloatArray:
    """Low and high of each measure's difference, (2, measures)."""
    n_measures = blocks.sums.shape[1]
    matches = np.unique(blocks.match[own])
    if len(matches) < MIN_MATCHES or not (~own).any():
        return np.full((2, n_measures), np.nan)
    is_club_match = np.isin(blocks.match, matches)
    rng = np.random.default_rng(seed)
    weight = np.zeros((N_RESAMPLES, len(own)))
    for chosen in (is_club_match, ~is_club_match):
        _, unit = np.unique(blocks.match[chosen], return_inverse=True)
        if len(unit):
            n = int(unit.max()) + 1
            weight[:, chosen] = rng.multinomial(n, np.full(n, 1 / n), size=N_RESAMPLES)[:, unit]
    means = [
        _ratio(weight[:, who] @ blocks.sums[who], weight[:, who] @ blocks.counts[who]) for who in (own, ~own)
    ]
    with np.errstate(invalid="ignore"):
        drawn = means[0] - means[1]
    return np.array([_quantiles(column) for column in drawn.T]).T


def _quantiles(drawn: FloatArray) -> FloatArray:
    known = drawn[np.isfinite(drawn)]
    if len(known) < N_RESAMPLES / 2:
        return np.full(2, np.nan)
    return np.asarray(np.quantile(known, [0.025, 0.975]))
