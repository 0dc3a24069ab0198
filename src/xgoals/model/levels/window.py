"""The levels of the providers of a window that a model has just been trained on.

Trees learn from all providers at once and settle on a level between theirs, nearer to whoever has more shots. Where
one's own is beyond chance elsewhere it gets a level. Who is all that the trees know needs none: theirs is its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.domain.model import SpeaksFor
from xgoals.model.folds import FloatArray, IndexArray, OutOfSample
from xgoals.model.levels.learnt import LearntLevel, learn_level, levelled_boosters
from xgoals.model.levels.level import fit_level
from xgoals.model.losses import log_odds, probability
from xgoals.model.shots.eligible import is_judged

KINDS = ("Header", "FreeKick")
Levels = Mapping[str, tuple[IndexArray, LearntLevel]]
"""By provider: the rows of its shots, and its level."""


@dataclass(frozen=True, slots=True)
class LevelledSister:
    """A sister with a provider's level, and whom she speaks for."""

    sister: int
    booster: xgboost.Booster
    speaks_for: SpeaksFor


def provider_shots(frame: pd.DataFrame, match: IndexArray, base: IndexArray) -> pd.DataFrame:
    """Shots as :func:`xgoals.model.levels.learnt.learn_level` takes them.

    Parameters
    ----------
    frame
        ``is_goal, is_penalty``, features, and as :func:`xgoals.model.shots.eligible.is_judged` takes it.
    match, base
        Of each shot the number of its real match, and who has not seen it, (n,).
    """
    kinds = [name for name in KINDS if name in frame]
    return frame[["is_goal", "is_penalty", *kinds]].assign(
        match_id=match, base=base, is_judged=is_judged(frame).to_numpy()
    )


def levels_of_window(
    frame: pd.DataFrame, xg: FloatArray, matches: IndexArray, sisters: IndexArray
) -> dict[str, tuple[IndexArray, LearntLevel]]:
    """The level of each provider that needs one, with the rows of its shots; none where there is one provider only.

    Parameters
    ----------
    xg, sisters
        Out of fold, and who has said it, (n,).
    matches
        As :func:`xgoals.model.folds.match_groups` returns them.
    """
    provider = frame["provider"].astype(str).to_numpy()
    names = np.unique(provider).tolist()
    found = {}
    for name in names if len(names) > 1 else ():
        rows = np.flatnonzero(provider == name)
        learnt = learn_level(provider_shots(frame.iloc[rows], matches[rows], sisters[rows]), xg[rows])
        if learnt is not None and learnt.is_worth_it:
            found[name] = rows, learnt
    return found


def with_levels_out_of_fold(predicted: OutOfSample, levels: Levels) -> OutOfSample:
    """The same predictions, those of providers with a level by what has not seen the match."""
    xg = predicted.xg.copy()
    for rows, learnt in levels.values():
        xg[rows] = learnt.xg
    return replace(predicted, xg=xg)


def with_levels_held_out(
    frame: pd.DataFrame,
    predicted: OutOfSample,
    levels: Levels,
    *,
    by: FloatArray,
) -> OutOfSample:
    """The same of the latest matches: with a level of the earlier ones.

    Parameters
    ----------
    by
        Out of fold, without levels, (n,): what levels are fitted to.
    """
    xg, is_latest = predicted.xg.copy(), ~np.isnan(predicted.xg)
    counts, is_penalty = is_judged(frame).to_numpy(), frame["is_penalty"].to_numpy(dtype=bool)
    goal = frame["is_goal"].to_numpy(dtype=bool)
    for rows, _ in levels.values():
        earlier, told = rows[counts[rows] & ~is_latest[rows]], rows[is_latest[rows] & ~is_penalty[rows]]
        if not 0 < goal[earlier].sum() < len(earlier):
            continue
        level = fit_level(log_odds(by[earlier]), frame.iloc[earlier], goal[earlier])
        xg[told] = probability(log_odds(xg[told]) + level.added(frame.iloc[told]))
    return replace(predicted, xg=xg)


def levelled_sisters(
    levels: Mapping[str, LearntLevel],
    bases: Mapping[str, IndexArray],
    boosters: Mapping[int, xgboost.Booster],
    *,
    after: int,
) -> Iterator[LevelledSister]:
    """Those with a level, numbered on after the ordinary ones.

    Parameters
    ----------
    bases
        Of each provider's shots that taught its level, who has not seen them.
    boosters
        The champion (0) and its ordinary sisters.
    after
        The highest number that is taken.
    """
    number = after
    for provider, learnt in levels.items():
        for speaker in levelled_boosters(learnt, bases[provider], boosters):
            number += 1
            yield LevelledSister(number, speaker.booster, SpeaksFor(provider, speaker.base, speaker.fold))


def speakers_of(
    provider: str, learnt: LearntLevel, bases: IndexArray, sisters: Sequence[LevelledSister]
) -> IndexArray:
    """Who speaks for each of the shots that taught a provider's level, (n,)."""
    number = {one.speaks_for: one.sister for one in sisters}
    return np.array(
        [
            number[SpeaksFor(provider, base, fold)]
            for base, fold in zip(bases.tolist(), learnt.folds.tolist(), strict=True)
        ],
        dtype=np.intp,
    )


def speakers_in_window(
    sisters: IndexArray, levels: Levels, boosters: Sequence[xgboost.Booster]
) -> tuple[list[LevelledSister], IndexArray]:
    """All sisters with a level, and who speaks for each shot of a window, (n,).

    Parameters
    ----------
    sisters
        Who has not seen each shot's match, (n,), from 1.
    boosters
        The champion, and its sisters by their numbers.
    """
    numbers, bases = sisters.copy(), {provider: sisters[rows] for provider, (rows, _) in levels.items()}
    learnt = {provider: of_provider for provider, (_, of_provider) in levels.items()}
    speakers = list(levelled_sisters(learnt, bases, dict(enumerate(boosters)), after=len(boosters) - 1))
    for provider, (rows, of_provider) in levels.items():
        numbers[rows] = speakers_of(provider, of_provider, bases[provider], speakers)
    return speakers, numbers


def as_record(learnt: LearntLevel) -> dict[str, Any]:
    """A level among a model's metrics: what it adds, and what it was worth."""
    return {
        "level": asdict(learnt.whole),
        "before": asdict(learnt.before),
        "after": asdict(learnt.after),
        "gain": asdict(learnt.gained),
    }


def golden_of(booster: xgboost.Booster, golden: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The rows of another booster's golden predictions, and what this one says of them."""
    rows: npt.NDArray[np.float64] = np.array(golden["rows"], dtype=np.float64)
    said = booster.predict(xgboost.DMatrix(rows, feature_names=list(names)))
    return {"rows": golden["rows"], "predictions": [float(p) for p in said]}
