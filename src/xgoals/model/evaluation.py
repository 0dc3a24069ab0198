"""What honest predictions are worth, overall and slice by slice: one long table of figures.

Rules that hold for every row: predictions by models that had not seen the match; shots without penalties; a
difference is over exactly the shots that both forecasters predict; intervals come from whole matches resampled; and
where too little is known to say something, the row says so instead of showing a figure.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain import geometry
from xgoals.domain.errors import ModelError
from xgoals.model import calibration
from xgoals.model.metrics import (
    N_QUANTILE_BINS,
    ece_by_chance,
    expected_calibration_error,
    quantile_bins,
)
from xgoals.model.resampling import Draws, auc, interval, wilson_interval

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

FORECASTERS = ("model", "champion", "provider", "geometry")
COMPARED = ("log_loss", "auc", "brier")
"""Metrics whose differences between forecasters are tested."""
MIN_GOALS = 10
"""Fewer goals (or misses) than this and a slice's figures say nothing."""
MIN_SHOTS_ECE = 1000
"""Fewer shots than this in 20 quantiles, and the calibration error is mostly chance."""
N_RESAMPLES = 1000
N_RESAMPLES_SLICE = 400
DISTANCE_BANDS_M = (0, 6, 11, 16, 22, 30)
_SEED = 1

NO_PROVIDER = "no provider xG"


@dataclass(frozen=True)
class Part:
    """Some of the shots of a split, each forecaster's predictions of them (NaN: none), and the draws of matches."""

    split: str
    slice: str
    slice_value: str
    goal: npt.NDArray[np.bool_]
    draws: Draws
    predictions: Mapping[str, FloatArray]

    def among(self, shots: IndexArray) -> "Part":
        """The part with these shots only, by position, in ascending order."""
        if len(shots) == len(self.goal):
            return self
        return replace(
            self,
            goal=self.goal[shots],
            draws=self.draws.among(shots),
            predictions={name: xg[shots] for name, xg in self.predictions.items()},
        )


def evaluate(shots: pd.DataFrame, forecasts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table of figures.

    Parameters
    ----------
    shots
        ``match_id, is_goal, is_penalty, provider_xg, competition, season, team, body_part, shot_type, x_m, y_m,
        pitch_length_m``.
    forecasts
        Split -> honest predictions: ``model, geometry`` and, where there is one to compare with, ``champion``;
        indexed by some of the shots.

    Returns
    -------
    DataFrame
        One figure a row: ``split, slice, slice_value, forecaster, compared_with, metric, value, low, high, n_shots,
        n_goals, n_matches, note``. Slices other than ``all`` are of the out-of-fold predictions; of unseen
        competitions, each competition too.
    """
    counted = shots[~shots["is_penalty"]]
    tasks = [
        (part, part.slice == "all")
        for split, forecast in forecasts.items()
        for part in _parts(counted.loc[counted.index.isin(forecast.index)], split, forecast)
    ]
    with ThreadPoolExecutor(max_workers=2) as pool:
        rows = [row for found in pool.map(lambda task: _figures(*task), tasks) for row in found]
    return pd.DataFrame(rows)


def _parts(shots: pd.DataFrame, split: str, forecast: pd.DataFrame) -> Iterator[Part]:
    predicted = forecast.loc[shots.index]
    predictions = {str(name): predicted[name].to_numpy(dtype=np.float64) for name in predicted}
    predictions["provider"] = shots["provider_xg"].to_numpy(dtype=np.float64)
    draws = Draws.of(shots["match_id"], N_RESAMPLES, _SEED)
    whole = Part(split, "all", "all", shots["is_goal"].to_numpy(), draws, predictions)
    yield whole
    fewer = replace(whole, draws=Draws(draws.match, draws.counts[:N_RESAMPLES_SLICE]))
    chosen = {"out_of_fold": None, "unseen_competition": ["competition"], "held_out": []}[split]
    for name, labels in slice_labels(shots).items():
        if chosen is None or name in chosen:
            for value, rows in pd.Series(np.arange(len(shots))).groupby(labels.to_numpy()):
                yield replace(fewer.among(rows.to_numpy()), slice=name, slice_value=str(value))


def slice_labels(shots: pd.DataFrame) -> "dict[str, pd.Series[str]]":
    """Which part of each slice a shot belongs to; slice -> labels aligned with the shots."""
    distance = geometry.distance_to_goal_m(shots["x_m"], shots["y_m"], shots["pitch_length_m"] / 2)
    names = [f"{low:02d}-{high:02d} m" for low, high in pairwise(DISTANCE_BANDS_M)]
    names.append(f"{DISTANCE_BANDS_M[-1]} m and more")
    bands = pd.cut(distance, [*DISTANCE_BANDS_M, np.inf], right=False, labels=names)
    return {
        "distance": pd.Series(bands, index=shots.index).astype(object).fillna("place unknown"),
        "body_part": shots["body_part"].astype(str),
        "shot_type": shots["shot_type"].astype(str),
        "competition": shots["competition"].astype(str),
        "season": shots["competition"].astype(str) + " " + shots["season"].astype(str),
        "club": shots["team"].astype(str),
    }


def _figures(part: Part, in_depth: bool) -> list[dict[str, object]]:
    """Rows of one part; ``in_depth`` adds what only all shots together can bear."""
    known = {name: np.flatnonzero(~np.isnan(part.predictions[name])) for name in part.predictions}
    aucs: dict[tuple[str, bytes], FloatArray] = {}
    rows = []
    for name in (name for name in FORECASTERS if name in part.predictions):
        own = part.among(known[name])
        rows += _own_figures(own, name, aucs)
        if in_depth:
            rows += _calibration_figures(own, name)
            if part.split == "out_of_fold" and name in ("model", "provider"):
                rows += _quantiles(own, name)
        if name != "model":
            both = np.intersect1d(known["model"], known[name])
            rows += _differences(part.among(both), name, aucs)
    return rows


def _own_figures(part: Part, name: str, aucs: dict[tuple[str, bytes], FloatArray]) -> list[dict[str, object]]:
    metrics = (*COMPARED, "xg_per_goal", "ece", "ece_by_chance")
    if why := _too_little(part, name):
        return [_row(part, name, metric, note=why) for metric in metrics]
    xg, goal = part.predictions[name], part.goal
    values, resampled = _points(part, name), _resampled(part, name, aucs)
    rows = [_row(part, name, metric, values[metric], interval(resampled[metric])) for metric in COMPARED]
    goals = part.draws.sums(goal.astype(np.float64))
    ratios = part.draws.sums(xg) / np.where(goals == 0, np.nan, goals)
    rows.append(_row(part, name, "xg_per_goal", float(xg.sum() / goal.sum()), interval(ratios)))
    if len(goal) < MIN_SHOTS_ECE:
        why = f"{len(goal)} shots: too few for {N_QUANTILE_BINS} quantiles"
        return [*rows, *(_row(part, name, metric, note=why) for metric in metrics[-2:])]
    return [
        *rows,
        _row(part, name, "ece", expected_calibration_error(goal, xg)),
        _row(part, name, "ece_by_chance", ece_by_chance(xg)),
    ]


def _differences(
    part: Part, rival: str, aucs: dict[tuple[str, bytes], FloatArray]
) -> list[dict[str, object]]:
    if why := _too_little(part, rival):
        return [_row(part, "model", metric, compared_with=rival, note=why) for metric in COMPARED]
    ours, theirs = _points(part, "model"), _points(part, rival)
    drawn, theirs_drawn = _resampled(part, "model", aucs), _resampled(part, rival, aucs)
    return [
        _row(
            part,
            "model",
            metric,
            ours[metric] - theirs[metric],
            interval(drawn[metric] - theirs_drawn[metric]),
            compared_with=rival,
        )
        for metric in COMPARED
    ]


def _too_little(part: Part, name: str) -> str | None:
    """Why nothing can be said about these shots; None if something can."""
    if len(part.goal) == 0:
        return NO_PROVIDER if name == "provider" else f"no shot with a prediction of the {name}"
    n_goals, n_misses = int(part.goal.sum()), int((~part.goal).sum())
    if n_goals < MIN_GOALS:
        return f"{n_goals} goals in {len(part.goal)} shots: too few"
    if n_misses < MIN_GOALS:
        return f"{n_misses} misses in {len(part.goal)} shots: too few"
    if len(np.unique(part.draws.match)) < 2:
        return "one match only: how sure a figure is cannot be said"
    return None


def _losses(part: Part, name: str) -> dict[str, FloatArray]:
    """Loss of each shot."""
    margin, goal = calibration.log_odds(part.predictions[name]), part.goal.astype(np.float64)
    return {
        "log_loss": np.logaddexp(0, margin) - goal * margin,
        "brier": (part.predictions[name] - goal) ** 2,
    }


def _points(part: Part, name: str) -> dict[str, float]:
    values = {metric: float(losses.mean()) for metric, losses in _losses(part, name).items()}
    return values | {"auc": auc(part.predictions[name], part.goal)}


def _resampled(part: Part, name: str, aucs: dict[tuple[str, bytes], FloatArray]) -> dict[str, FloatArray]:
    """Each metric in every resample; AUCs, which cost most, are computed once for the same shots."""
    key = (name, part.predictions[name].tobytes())
    if key not in aucs:
        aucs[key] = part.draws.aucs(part.predictions[name], part.goal)
    means = {metric: part.draws.means(losses) for metric, losses in _losses(part, name).items()}
    return means | {"auc": aucs[key]}


def _calibration_figures(part: Part, name: str) -> list[dict[str, object]]:
    metrics = ("slope", "intercept")
    why = _too_little(part, name)
    if why is None:
        try:
            margin = calibration.log_odds(part.predictions[name])
            found = calibration.check(margin, part.goal, part.draws.match)
        except ModelError as error:
            why = error.what
    if why is not None:
        return [_row(part, name, metric, note=why) for metric in metrics]
    return [
        _row(part, name, "slope", found.slope, found.slope_interval),
        _row(part, name, "intercept", found.intercept, found.intercept_interval),
    ]


def _quantiles(part: Part, name: str) -> list[dict[str, object]]:
    """Expected and scored goals a shot in each quantile of the forecaster's xG."""
    if _too_little(part, name) or len(part.goal) < MIN_SHOTS_ECE:
        return []
    rows, xg = [], part.predictions[name]
    bins = quantile_bins(xg)
    for number in np.unique(bins):
        one = part.among(np.flatnonzero(bins == number))
        one = replace(one, slice="quantile", slice_value=f"{number + 1:02d}")
        rate = float(one.goal.mean())
        rows.append(_row(one, name, "expected", float(one.predictions[name].mean())))
        rows.append(_row(one, name, "scored", rate, wilson_interval(one.goal.sum(), len(one.goal))))
    return rows


def _row(
    part: Part,
    forecaster: str,
    metric: str,
    value: float | None = None,
    bounds: tuple[float, float] | None = None,
    *,
    compared_with: str = "none",
    note: str | None = None,
) -> dict[str, object]:
    low, high = (None, None) if bounds is None or value is None else bounds
    return {
        "split": part.split,
        "slice": part.slice,
        "slice_value": part.slice_value,
        "forecaster": forecaster,
        "compared_with": compared_with,
        "metric": metric,
        "value": value,
        # a percentile interval of few, skewed matches need not hold the value itself
        "low": None if low is None else min(low, value or 0.0),
        "high": None if high is None else max(high, value or 0.0),
        "n_shots": len(part.goal),
        "n_goals": int(part.goal.sum()),
        "n_matches": len(np.unique(part.draws.match)),
        "note": note,
    }
