"""Whether a claim holds, fails, or is too close to call: decided only where the same is found in other matches.

The rules are ours and have sharp bounds; a figure just beside one decides nothing. So each claim is tested again on
matches drawn with replacement, and its verdict stands if 95 % of the draws agree.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from xgoals.analysis.article.claims import Finding
from xgoals.analysis.article.evidence import Evidence
from xgoals.analysis.clubs import MIN_SHOTS_OF_A_CLUB
from xgoals.analysis.dependence import Dependence, dependence
from xgoals.analysis.importance import FeatureImportance
from xgoals.analysis.model_summary import ModelSummary
from xgoals.analysis.reference import BaseValues
from xgoals.analysis.seasons import MIN_SHOTS_OF_A_SEASON
from xgoals.analysis.shots import (
    FloatArray,
    attributions,
    floats,
    match_labels,
    season_label,
    without_penalties,
)
from xgoals.model.resampling import Draws

Verdict = Literal["holds", "fails", "close", "not enough data"]
N_RESAMPLES = 40
AGREEING = 0.95
"""The share of resamples that have to find the same."""
_SEED = 1
Test = Callable[[Evidence], Finding]
"""The rule of a claim."""


def verdicts(
    tests: Sequence[Test], found: Sequence[Finding], shots: pd.DataFrame, summary: ModelSummary
) -> list[Verdict]:
    """The verdict on each claim.

    Parameters
    ----------
    tests, found
        The claims' rules, and what they found of all shots.
    shots, summary
        As :class:`Evidence` takes them; the shots with ``match_id``.
    """
    decided = [i for i, finding in enumerate(found) if finding.holds is not None]
    if not decided:
        return ["not enough data"] * len(found)
    agreeing, n_drawn = np.zeros(len(found)), 0
    for evidence in resamples(shots, summary):
        n_drawn += 1
        for i in decided:
            agreeing[i] += tests[i](evidence).holds == found[i].holds
    return [_verdict(finding, n, n_drawn) for finding, n in zip(found, agreeing, strict=True)]


def _verdict(found: Finding, n_agreeing: float, n_drawn: int) -> Verdict:
    if found.holds is None:
        return "not enough data"
    if n_agreeing < AGREEING * n_drawn:
        return "close"
    return "holds" if found.holds else "fails"


def resamples(shots: pd.DataFrame, summary: ModelSummary) -> Iterator[Evidence]:
    """The shots of matches drawn with replacement, each time with as much of the summary as claims ask for."""
    cut = without_penalties(shots)
    ranked = summary.importance.ranked
    values = np.abs(attributions(cut, ranked))
    seasons = _codes(season_label(cut)) if {"competition", "season"} <= set(cut) else None
    clubs = _codes(cut["team"]) if "team" in cut else None
    xg = floats(cut["xg"])
    numbers = cut.select_dtypes(["number", "bool"])
    draws = Draws.of(match_labels(cut), N_RESAMPLES, _SEED)
    for counts in draws.counts:
        times = counts[draws.match].astype(np.intp)
        if times.sum() == 0:
            continue
        drawn = numbers.iloc[np.repeat(np.arange(len(cut)), times)]
        means = (times @ values) / times.sum()
        yield Evidence(
            drawn,
            replace(
                summary,
                base=_base(summary, float((times @ xg) / times.sum() / xg.mean())),
                importance=replace(summary.importance, features=_ranked(summary, means)),
                by_season=replace(
                    summary.by_season,
                    least_agreement=_or_none(
                        summary.by_season.least_agreement, values, seasons, times, MIN_SHOTS_OF_A_SEASON
                    ),
                ),
                by_club=replace(
                    summary.by_club,
                    least_agreement=_or_none(
                        summary.by_club.least_agreement, values, clubs, times, MIN_SHOTS_OF_A_CLUB
                    ),
                ),
                dependence=_dependence(drawn, summary),
            ),
        )


def _codes(labels: pd.Series) -> npt.NDArray[np.intp]:
    return pd.factorize(labels.astype(str))[0]


def _base(summary: ModelSummary, factor: float) -> BaseValues:
    mean = summary.base.mean_prediction
    return replace(summary.base, mean_prediction=None if mean is None else mean * factor)


def _ranked(summary: ModelSummary, means: FloatArray) -> tuple[FeatureImportance, ...]:
    features = [
        replace(feature, mean_abs=float(mean))
        for feature, mean in zip(summary.importance.features, means, strict=True)
    ]
    return tuple(sorted(features, key=lambda feature: -feature.mean_abs))


def _dependence(drawn: pd.DataFrame, summary: ModelSummary) -> tuple[Dependence, ...]:
    """That of the only feature which a claim asks for."""
    known = [row.feature for row in summary.dependence if row.feature["name"] == "DistanceToGoalClosest"]
    return tuple(dependence(drawn, {"features": known}, [feature["name"] for feature in known]))


def _or_none(
    known: float | None,
    values: FloatArray,
    codes: npt.NDArray[np.intp] | None,
    times: npt.NDArray[np.intp],
    at_least: int,
) -> float | None:
    """The smallest rank correlation of a part's mean values with those of all other shots."""
    if known is None or codes is None:
        return known
    n = np.bincount(codes, weights=times)
    sums = np.stack([np.bincount(codes, weights=times * column) for column in values.T], axis=1)
    large = (n >= at_least) & (n.sum() - n >= at_least)
    own = sums[large] / n[large, None]
    others = (sums.sum(axis=0) - sums[large]) / (n.sum() - n[large])[:, None]
    if len(own) == 0:
        return None
    one, other = (_centred(rankdata(part, axis=1)) for part in (own, others))
    with np.errstate(invalid="ignore"):
        rho = (one * other).sum(axis=1) / np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    return float(np.nanmin(rho)) if np.isfinite(rho).any() else None


def _centred(ranks: FloatArray) -> FloatArray:
    return np.asarray(ranks - ranks.mean(axis=1, keepdims=True))
