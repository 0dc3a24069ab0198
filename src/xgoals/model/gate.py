"""The statistical gate: is a challenger good enough, honest enough, and the model that was judged.

Every check is a figure beside its bound. All of them are over shots without penalties and use predictions that have
not seen the match (but for `published_as_judged`, which compares those with the model that would be published).

Two errors pull in opposite directions. A refused good challenger costs a week of freshness; a promoted bad one costs
trust. Most challengers are the same recipe on a few more matches, so the burden of proof lies with the refusal:
log loss refuses only where the loss is larger than the margin *and* larger than chance (its one-sided 99 % bound, by
bootstrap over matches, lies above zero). With much data the margin decides, with little data chance does.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import chi2
from sklearn.linear_model import LogisticRegression

from xgoals.model.evidence import Evidence
from xgoals.model.losses import log_losses, log_odds
from xgoals.model.metrics import auc
from xgoals.model.resampling import Draws, one_sided_bounds

FloatArray = npt.NDArray[np.float64]

N_RESAMPLES = 2000
N_RESAMPLES_AUC = 500
"""An AUC costs more than a mean."""
CONFIDENCE = 0.99
"""Of every one-sided bound."""
LATEST_MARGIN_FACTOR = 2.0
"""On the latest matches alone, which are a fifth of all, the margin is wider by this."""
MAX_RECALIBRATION_GAIN = 0.0005
"""What two parameters, fitted afterwards, may gain in log loss; a model 12 % off in every chance gains as much."""
MORE_THAN_BEFORE = 1.25
"""Times the smaller such gain of champion and anchor are let pass. The anchor stays, so the bound does not creep."""
MAX_AUC_GAIN = 0.01
"""Surely gained from one model to the next: all of the work from `article-17` to `best-17` gained .007."""
MAX_AUC_OVER_GEOMETRY = 0.12
"""Over distance, angle and header, which no leak through a feature can reach. Real models gain .04 to .06."""
SHARP = 0.4
"""Two models that differ by so much about a shot disagree sharply."""
MAX_SHARP_SHARE = 0.001
"""Models of different features and makers disagree sharply about one shot in four thousand."""
MIN_SHARP_SHOTS = 5
MAX_SUM_GAP = 0.05
"""Between the sums of xG of the published model and of its sisters, as a share."""
MAX_CORRELATION_DROP = 0.05
"""Of log odds between the published model and its sisters, against the same figure of the champion."""


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One figure beside its bound.

    Attributes
    ----------
    sentence
        What was found, in English: for logs, mails and terminals. Pages say it in their own language, from the
        other fields (:mod:`xgoals.report.words.gate`).
    low, high
        The bounds, or the interval, that decide how far chance reaches; None where there are none.
    n_shots, n_matches
        What it was measured on; None where that is not a question, and in records of before these were kept.
    features
        Names of those that are at fault.
    """

    name: str
    passed: bool
    value: float
    bound: float
    sentence: str
    low: float | None = None
    high: float | None = None
    n_shots: int | None = None
    n_matches: int | None = None
    features: tuple[str, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """For storage."""
        return asdict(self)

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> "GateCheck":
        """As it was stored."""
        return cls(**{**record, "features": tuple(record.get("features", ()))})


@dataclass(frozen=True, slots=True)
class Loss:
    """How much worse one set of predictions is than another in log loss, negative where it is better.

    ``low`` and ``high`` are one-sided 99 % bounds by bootstrap over matches.
    """

    mean: float
    low: float
    high: float

    def is_worse_than(self, margin: float) -> bool:
        """Worse by more than the margin, and by more than chance."""
        return self.mean > margin and self.low > 0


def paired_loss(
    is_goal: "pd.Series[bool]",
    match_id: "pd.Series[str]",
    of: "pd.Series[float]",
    against: "pd.Series[float]",
) -> Loss:
    """Log loss of one set of predictions minus that of another, over the same n shots, none of them missing."""
    y = is_goal.to_numpy(dtype=bool)
    per_shot = log_losses(y, of.to_numpy()) - log_losses(y, against.to_numpy())
    draws = Draws.of(match_id, N_RESAMPLES, seed=0)
    low, high = one_sided_bounds(draws.means(per_shot), CONFIDENCE)
    return Loss(float(per_shot.mean()), low, high)


def not_worse(
    name: str, shots: Evidence, against: str, rival: "pd.Series[float]", margin: float
) -> tuple[GateCheck, Loss]:
    """Whether the challenger loses no more than the margin, or no more than chance, against another model.

    Parameters
    ----------
    name
        Of the check.
    against, rival
        What the other model is called, and its predictions of the same shots.
    """
    loss = paired_loss(shots.is_goal, shots.match_id, shots.challenger, rival)
    failed = loss.is_worse_than(margin)
    words = (
        f"log loss {loss.mean:+.4f} against the {against} on {len(shots)} shots of {shots.match_id.nunique()} "
        f"{'of the latest ' if name == 'latest' else ''}matches (99 % bounds {loss.low:+.4f} and {loss.high:+.4f}; "
        f"at most {margin:.4f}, or chance)"
    )
    check = GateCheck(
        name, not failed, loss.mean, margin, words, loss.low, loss.high, len(shots), shots.match_id.nunique()
    )
    return check, loss


def calibrated(shots: Evidence) -> GateCheck:
    """Whether promises are kept: what intercept and slope, fitted afterwards to the log odds, would gain.

    Champion and anchor that are off themselves must not keep out a challenger that is hardly more so.
    """
    y, xg = shots.is_goal.to_numpy(dtype=bool), shots.challenger.to_numpy(dtype=np.float64)
    gain = _recalibration_gain(y, xg)
    by_chance = float(chi2.ppf(CONFIDENCE, 2)) / (2 * len(shots))
    before = [shots.champion, *([] if shots.anchor is None else [shots.anchor])]
    least = min(_recalibration_gain(y, model.to_numpy(dtype=np.float64)) for model in before)
    bound = max(MAX_RECALIBRATION_GAIN, by_chance, MORE_THAN_BEFORE * least)
    words = (
        f"sum of xG over goals {xg.sum() / y.sum():.3f}; recalibrating would gain {gain:.5f} in log loss "
        f"(at most {bound:.5f})"
    )
    return GateCheck("calibrated", gain <= bound, gain, bound, words, n_shots=len(shots))


def _recalibration_gain(y: npt.NDArray[np.bool_], xg: npt.ArrayLike) -> float:
    inputs = log_odds(xg)[:, None]
    refitted = LogisticRegression(C=np.inf).fit(inputs, y).predict_proba(inputs)[:, 1]
    return float((log_losses(y, xg) - log_losses(y, refitted)).mean())


def plausible_gain(shots: Evidence) -> GateCheck:
    """Whether the challenger is not surely too good: a leap in AUC is a label that found its way into a feature.

    On few matches a difference of two AUCs is mostly noise: its lower bound, by bootstrap over matches, decides.
    """
    of_challenger = auc(shots.is_goal, shots.challenger)
    gain = of_challenger - auc(shots.is_goal, shots.champion)
    draws, goal = Draws.of(shots.match_id, N_RESAMPLES_AUC, seed=0), shots.is_goal.to_numpy(dtype=bool)
    both = (xg.to_numpy(dtype=np.float64) for xg in (shots.challenger, shots.champion))
    resampled = [draws.aucs(np.asarray(xg), goal) for xg in both]
    low = one_sided_bounds(resampled[0] - resampled[1], CONFIDENCE)[0]
    words = (
        f"AUC {of_challenger:.4f}, {gain:+.4f} against the champion (lower 99 % bound {low:+.4f}; "
        f"more than {MAX_AUC_GAIN} is a leak)"
    )
    return GateCheck(
        "plausible_gain", not low > MAX_AUC_GAIN, gain, MAX_AUC_GAIN, words, low, n_shots=len(shots)
    )


def few_sharp_disagreements(shots: Evidence) -> GateCheck:
    """Whether hardly any shot got a wholly different value: a leak in a few shots moves those far, and no others."""
    n = int(((shots.challenger - shots.champion).abs() > SHARP).sum())
    bound = max(MIN_SHARP_SHOTS, MAX_SHARP_SHARE * len(shots))
    words = f"{n} shots moved by more than {SHARP} (at most {bound:.0f} of {len(shots)})"
    return GateCheck("few_sharp_disagreements", n <= bound, n, bound, words, n_shots=len(shots))


def plausible_over_geometry(auc_model: float, auc_geometry: float) -> GateCheck:
    """Whether a model is not too good for a shot's moment; needs no champion.

    The geometry-only peer is fitted on raw places: it does not see what features leak.
    """
    gain = auc_model - auc_geometry
    words = (
        f"AUC {auc_model:.4f}, {gain:+.4f} over distance, angle and header alone "
        f"(more than {MAX_AUC_OVER_GEOMETRY} is a leak)"
    )
    return GateCheck(
        "plausible_over_geometry", gain <= MAX_AUC_OVER_GEOMETRY, gain, MAX_AUC_OVER_GEOMETRY, words
    )


def published_as_judged(shots: Evidence) -> list[GateCheck]:
    """Whether the model that would be published is the one whose sisters were judged."""
    total = shots.challenger_fitted.sum() / shots.challenger.sum() - 1
    of_challenger = _correlation(shots.challenger, shots.challenger_fitted)
    of_champion = _correlation(shots.champion, shots.champion_fitted)
    drop = of_champion - of_challenger
    return [
        GateCheck(
            "published_sum", abs(total) <= MAX_SUM_GAP, float(total), MAX_SUM_GAP,
            f"the published model's xG sums to {total:+.1%} of its sisters' (at most {MAX_SUM_GAP:.0%})",
        ),
        GateCheck(
            "published_order", drop <= MAX_CORRELATION_DROP, float(drop), MAX_CORRELATION_DROP,
            f"log odds of the published model and its sisters correlate at {of_challenger:.3f}, the champion's "
            f"at {of_champion:.3f} (at most {MAX_CORRELATION_DROP} less)",
        ),
    ]  # fmt: skip


def _correlation(unseen: "pd.Series[float]", fitted: "pd.Series[float]") -> float:
    """Of log odds, over the shots that the model has learned from."""
    is_known = fitted.notna()
    if unseen[is_known].nunique() < 2 or fitted[is_known].nunique() < 2:
        return 0.0
    return float(np.corrcoef(log_odds(unseen[is_known]), log_odds(fitted[is_known]))[0, 1])


def first_model_checks(metrics: Mapping[str, Any]) -> list[GateCheck]:
    """What can be asked of a model that meets no champion; ``metrics`` as a trained model bears them."""
    part = metrics["out_of_fold"]
    if part.get("geometry") is None:
        return []
    return [plausible_over_geometry(part["model"]["auc"], part["geometry"]["auc"])]
