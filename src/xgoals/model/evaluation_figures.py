"""The figures of one part of the shots: of each forecaster, and of the model against each rival."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from xgoals.domain.errors import ModelError
from xgoals.model.calibration import fit_calibration
from xgoals.model.goals_by_chance import goals_distribution, surplus_interval, two_sided
from xgoals.model.losses import brier_losses, log_losses_of_log_odds, log_odds
from xgoals.model.metrics import N_QUANTILE_BINS, ece_by_chance, expected_calibration_error, quantile_bins
from xgoals.model.resampling import Draws, auc, interval, wilson_interval

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]

FORECASTERS = ("model", "champion", "provider", "geometry", "glass_box")
COMPARED = ("log_loss", "auc", "brier")
"""Metrics whose differences between forecasters are tested."""
OWN_METRICS = (*COMPARED, "xg_per_goal", "ece", "ece_by_chance")
SURPLUS_METRICS = ("surplus_per_100", "surplus_p")
"""Goals minus xG, in goals per 100 shots, with its exact interval; and how often chance alone is as far out."""
CALIBRATION_METRICS = ("slope", "intercept")
MIN_GOALS = 10
"""Fewer goals (or misses) than this and a slice's figures say nothing."""
MIN_SHOTS_ECE = 1000
"""Fewer shots than this in 20 quantiles, and the calibration error is mostly chance."""
NO_PROVIDER = "no provider xG"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table.

    Attributes
    ----------
    split, slice, slice_value
        Which shots.
    forecaster, compared_with
        Whose figure; ``none``, or whose own figure was taken from it.
    value, low, high
        The figure and its 95 % interval; None where there is none.
    note
        Why there is no value; None if there is one.
    """

    split: str
    slice: str
    slice_value: str
    forecaster: str
    compared_with: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n_shots: int
    n_goals: int
    n_matches: int
    note: str | None


@dataclass(frozen=True)
class Part:
    """Some of the shots of a split, each forecaster's predictions of them (NaN: none), and the draws of matches."""

    split: str
    slice: str
    slice_value: str
    goal: BoolArray
    draws: Draws
    predictions: Mapping[str, FloatArray]
    _resampled_aucs: dict[str, FloatArray] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def among(self, shots: IndexArray) -> "Part":
        """The part with these shots only, by position, in ascending order; itself if these are all."""
        if len(shots) == len(self.goal):
            return self
        return replace(
            self,
            goal=self.goal[shots],
            draws=self.draws.among(shots),
            predictions={name: xg[shots] for name, xg in self.predictions.items()},
        )

    def losses(self, name: str) -> dict[str, FloatArray]:
        """Metric -> a forecaster's loss of each shot."""
        xg, goal = self.predictions[name], self.goal.astype(np.float64)
        return {"log_loss": log_losses_of_log_odds(goal, log_odds(xg)), "brier": brier_losses(goal, xg)}

    def points(self, name: str) -> dict[str, float]:
        """Metric -> a forecaster's figure."""
        values = {metric: float(losses.mean()) for metric, losses in self.losses(name).items()}
        return values | {"auc": auc(self.predictions[name], self.goal)}

    def resampled(self, name: str) -> dict[str, FloatArray]:
        """Metric -> a forecaster's figure in every resample; AUCs, which cost most, are computed once."""
        if name not in self._resampled_aucs:
            self._resampled_aucs[name] = self.draws.aucs(self.predictions[name], self.goal)
        means = {metric: self.draws.means(losses) for metric, losses in self.losses(name).items()}
        return means | {"auc": self._resampled_aucs[name]}


def figures_of(part: Part) -> list[Figure]:
    """All figures of a part; those that only all shots together can bear, for the slice ``all``."""
    known = {name: ~np.isnan(xg) for name, xg in part.predictions.items()}
    among = _each_once(part)
    figures = []
    for name in (name for name in FORECASTERS if name in part.predictions):
        own = among(known[name])
        figures += _own_figures(own, name) + _surplus(own, name)
        if part.slice == "all":
            figures += _calibration_figures(own, name)
            if part.split == "out_of_fold" and name in ("model", "provider"):
                figures += _quantiles(own, name)
        if name != "model":
            figures += _differences(among(known["model"] & known[name]), name)
    return figures


def _each_once(part: Part) -> Callable[[BoolArray], Part]:
    """The part among some of its shots; for the same shots the same object, so that none is resampled twice."""
    made: list[tuple[BoolArray, Part]] = []

    def among(is_in: BoolArray) -> Part:
        """The part with the marked shots only."""
        for shots, found in made:
            if np.array_equal(shots, is_in):
                return found
        made.append((is_in, part.among(np.flatnonzero(is_in))))
        return made[-1][1]

    return among


def _own_figures(part: Part, name: str) -> list[Figure]:
    if why := _too_little(part, name):
        return [_figure(part, name, metric, note=why) for metric in OWN_METRICS]
    xg, goal = part.predictions[name], part.goal
    values, resampled = part.points(name), part.resampled(name)
    figures = [
        _figure(part, name, metric, values[metric], interval(resampled[metric])) for metric in COMPARED
    ]
    goals = part.draws.sums(goal.astype(np.float64))
    ratios = part.draws.sums(xg) / np.where(goals == 0, np.nan, goals)
    figures.append(_figure(part, name, "xg_per_goal", float(xg.sum() / goal.sum()), interval(ratios)))
    if len(goal) < MIN_SHOTS_ECE:
        why = f"{len(goal)} shots: too few for {N_QUANTILE_BINS} quantiles"
        return [*figures, *(_figure(part, name, metric, note=why) for metric in ("ece", "ece_by_chance"))]
    return [
        *figures,
        _figure(part, name, "ece", expected_calibration_error(goal, xg)),
        _figure(part, name, "ece_by_chance", ece_by_chance(xg)),
    ]


def _surplus(part: Part, name: str) -> list[Figure]:
    """Goals minus xG; of few goals too, since it is exact."""
    if len(part.goal) == 0:
        return [_figure(part, name, metric, note=_too_little(part, name)) for metric in SURPLUS_METRICS]
    goals, xg = int(part.goal.sum()), part.predictions[name]
    per_100, by_chance = 100 / len(xg), goals_distribution(xg)
    low, high = (per_100 * end for end in surplus_interval(goals, by_chance))
    return [
        _figure(part, name, "surplus_per_100", per_100 * (goals - float(xg.sum())), (low, high)),
        _figure(part, name, "surplus_p", two_sided(goals, by_chance)),
    ]


def _differences(part: Part, rival: str) -> list[Figure]:
    if why := _too_little(part, rival):
        return [_figure(part, "model", metric, compared_with=rival, note=why) for metric in COMPARED]
    ours, theirs = part.points("model"), part.points(rival)
    ours_drawn, theirs_drawn = part.resampled("model"), part.resampled(rival)
    return [
        _figure(
            part,
            "model",
            metric,
            ours[metric] - theirs[metric],
            interval(ours_drawn[metric] - theirs_drawn[metric]),
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


def _calibration_figures(part: Part, name: str) -> list[Figure]:
    why = _too_little(part, name)
    if why is None:
        try:
            found = fit_calibration(log_odds(part.predictions[name]), part.goal, part.draws.match)
        except ModelError as error:
            why = error.what
    if why is not None:
        return [_figure(part, name, metric, note=why) for metric in CALIBRATION_METRICS]
    return [
        _figure(part, name, "slope", found.slope, found.slope_interval),
        _figure(part, name, "intercept", found.intercept, found.intercept_interval),
    ]


def _quantiles(part: Part, name: str) -> list[Figure]:
    """Expected and scored goals a shot in each quantile of the forecaster's xG."""
    if _too_little(part, name) or len(part.goal) < MIN_SHOTS_ECE:
        return []
    figures, xg = [], part.predictions[name]
    bins = quantile_bins(xg)
    for number in np.unique(bins):
        one = part.among(np.flatnonzero(bins == number))
        one = replace(one, slice="quantile", slice_value=f"{number + 1:02d}")
        rate = float(one.goal.mean())
        figures.append(_figure(one, name, "expected", float(one.predictions[name].mean())))
        figures.append(_figure(one, name, "scored", rate, wilson_interval(one.goal.sum(), len(one.goal))))
    return figures


def _figure(
    part: Part,
    forecaster: str,
    metric: str,
    value: float | None = None,
    bounds: tuple[float, float] | None = None,
    *,
    compared_with: str = "none",
    note: str | None = None,
) -> Figure:
    low, high = (None, None) if value is None or bounds is None else _around(value, bounds)
    return Figure(
        split=part.split,
        slice=part.slice,
        slice_value=part.slice_value,
        forecaster=forecaster,
        compared_with=compared_with,
        metric=metric,
        value=value,
        low=low,
        high=high,
        n_shots=len(part.goal),
        n_goals=int(part.goal.sum()),
        n_matches=len(np.unique(part.draws.match)),
        note=note,
    )


def _around(value: float, bounds: tuple[float, float]) -> tuple[float, float]:
    """The interval, stretched to its value: a percentile interval of few, skewed matches need not hold that."""
    return min(bounds[0], value), max(bounds[1], value)
