"""A provider's level learnt from its matches, each of which is spoken for by what has been learnt without it.

Matches are in folds. Of one that is in the model's window it is the fold of the sister that has not seen it, so that
neither trees nor level have; the others, which no tree has seen, are folded like a window's. A match's number is that
of its base (the sister, or the champion itself) with the level of the other folds. Matches that come later are spoken
for by the champion with the level of all folds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.domain.model import CHAMPION
from xgoals.domain.provider_level import MIN_MATCHES
from xgoals.model.calibration import gain, is_worth_it
from xgoals.model.folds import N_FOLDS, match_folds
from xgoals.model.levels.built_in import with_level
from xgoals.model.levels.judge import JudgedLevel, judge_level
from xgoals.model.levels.level import Level, fit_level
from xgoals.model.losses import log_odds, probability
from xgoals.model.resampling import Draws

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

_SEED = 1
_N_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Gain:
    """What a level that is learnt from other matches changes in log loss, negative where it is better."""

    log_loss: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LearntLevel:
    """A provider's level, and what it is worth on matches that have not taught it.

    Attributes
    ----------
    whole
        Of all its matches.
    without
        Of those outside of each fold, by the fold's number, from 1.
    folds
        The fold of each shot, (n,).
    xg
        Every shot by its base with the level of the other folds, (n,).
    before, after
        The provider's judged shots without and with it.
    gained
        Over the same shots.
    """

    whole: Level
    without: Mapping[int, Level]
    folds: IntArray
    xg: FloatArray
    before: JudgedLevel
    after: JudgedLevel
    gained: Gain

    @property
    def is_worth_it(self) -> bool:
        """Whether it helps beyond chance, or mends what is off and does no harm."""
        surely = is_worth_it({"interval": (self.gained.low, self.gained.high)})
        return self.before.asks_for_a_level and (surely or self.gained.log_loss <= 0)


@dataclass(frozen=True, slots=True)
class LevelledBooster:
    """A base with a level inside.

    Attributes
    ----------
    base
        The sister whose trees these are, or (0) the champion.
    fold
        The fold that the level has not seen; None: it has learnt from all of them.
    """

    base: int
    fold: int | None
    booster: xgboost.Booster


def learn_level(shots: pd.DataFrame, xg: FloatArray) -> LearntLevel | None:
    """The level of one provider; None where there are fewer than `MIN_MATCHES` matches, or it has no goals.

    Parameters
    ----------
    shots
        All of the provider's shots: ``match_id`` (the real match's number will do), ``base`` (who has not seen the
        match: a sister's number, or 0), ``is_goal, is_penalty, is_judged, Header, FreeKick``.
    xg
        What the bases say, without any level, (n,).
    """
    judged = shots["is_judged"].to_numpy(dtype=bool)
    if shots.loc[judged, "match_id"].nunique() < MIN_MATCHES or shots.loc[judged, "is_goal"].nunique() < 2:
        return None
    folds, margin, goal = folds_of(shots), log_odds(xg), shots["is_goal"].to_numpy(dtype=bool)
    without: dict[int, Level] = {}
    after = xg.copy()
    for fold in np.unique(folds).tolist():
        teaches = judged & (folds != fold)
        if not 0 < goal[teaches].sum() < teaches.sum():
            return None
        without[fold] = fit_level(margin[teaches], shots[teaches], goal[teaches])
        told = (folds == fold) & ~shots["is_penalty"].to_numpy(dtype=bool)
        after[told] = probability(margin[told] + without[fold].added(shots[told]))
    some = shots[judged]
    both = [judge_level(some, numbers[judged], goal[judged], some["match_id"]) for numbers in (xg, after)]
    return LearntLevel(
        whole=fit_level(margin[judged], some, goal[judged]),
        without=without,
        folds=folds,
        xg=after,
        before=both[0],
        after=both[1],
        gained=_gain(margin[judged], log_odds(after[judged]), goal[judged], some["match_id"]),
    )


def folds_of(shots: pd.DataFrame) -> IntArray:
    """The fold of each shot, (n,), from 1: its base's number, or one of five of the matches that no tree has seen."""
    base = shots["base"].to_numpy(dtype=np.intp)
    folds = base.copy()
    newer = np.flatnonzero(base == CHAMPION)
    ids = shots["match_id"].to_numpy()[newer]
    n_matches = len(pd.unique(ids))
    if n_matches == 1:
        folds[newer] = N_FOLDS
    elif n_matches:
        for number, (_, test) in enumerate(match_folds(pd.Series(ids)), 1):
            folds[newer[test]] = number
    return folds


def levelled_boosters(
    learnt: LearntLevel, bases: IntArray, boosters: Mapping[int, xgboost.Booster]
) -> Iterator[LevelledBooster]:
    """Those who speak for the provider: of matches that have taught the level, and (fold None) of all others.

    Parameters
    ----------
    bases
        Of each shot that has taught it, (n,).
    boosters
        The champion (0) and its sisters, none of them with a level.
    """
    for base, fold in sorted(set(zip(bases.tolist(), learnt.folds.tolist(), strict=True))):
        yield LevelledBooster(base, fold, with_level(boosters[base], learnt.without[fold]))
    for base in sorted(boosters):
        yield LevelledBooster(base, None, with_level(boosters[base], learnt.whole))


def _gain(before: FloatArray, after: FloatArray, goal: npt.NDArray[np.bool_], match_ids: object) -> Gain:
    found = gain(before, after, goal.astype(np.float64), Draws.of(match_ids, _N_RESAMPLES, _SEED))  # type: ignore[arg-type]
    return Gain(found["log_loss"], *found["interval"])
