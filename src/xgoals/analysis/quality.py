"""How good a model is, as its stored evaluation tells: against the provider, against plain geometry, part by part.

The figures are those that the training step measured and the database keeps (``model["metrics"]`` and the table of
figures, ``model["evaluation"]``); they are read here, not measured again. Everything rests on predictions by models
that have not seen the match. What the page measures on its own shots is in :mod:`xgoals.analysis.calibration` and
:mod:`xgoals.analysis.seasons`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xgoals.analysis.shots import Model
from xgoals.analysis.stored_figures import (
    Estimate,
    Interval,
    bounds,
    compared,
    estimate,
    intervals,
    note,
    own_figures,
    stored_figures,
)

FORECASTERS = ("model", "provider", "geometry", "glass_box")
METRICS = ("auc", "log_loss", "brier", "ece", "sum_xg")
SPLITS = ("held_out", "out_of_fold", "unseen_competition")
RIVALS = ("champion", "provider", "geometry", "glass_box")
SLICES = ("distance", "body_part", "shot_type", "competition", "club")
APART = ("with_sharp_dead_balls", "sharp_dead_balls", "penalties", "no_keeper", "no_positions")
"""Slices of one part each, which the page shows together as the slice ``"apart"``."""


@dataclass(frozen=True)
class ForecasterQuality:
    """What one forecaster's predictions of a sample are worth; a metric that was not measured is None.

    ``who``: of :data:`FORECASTERS`; ``intervals``: metric -> interval, where there is one.
    """

    who: str
    auc: float | None
    log_loss: float | None
    brier: float | None
    ece: float | None
    sum_xg: float | None
    intervals: Mapping[str, Interval]


@dataclass(frozen=True)
class Sample:
    """Shots that forecasters are judged on.

    ``key``: of :data:`SPLITS`; ``first_day, last_day``: of the matches, None where that says nothing.
    """

    key: str
    n_shots: int
    n_goals: int
    n_matches: int
    first_day: str | None
    last_day: str | None
    rows: tuple[ForecasterQuality, ...]

    def of(self, who: str) -> ForecasterQuality | None:
        """The row of a forecaster; None where he has none."""
        return next((row for row in self.rows if row.who == who), None)


@dataclass(frozen=True)
class Difference:
    """Model minus provider on the first sample."""

    auc: Estimate
    log_loss: Estimate


@dataclass(frozen=True)
class Comparison:
    """Model minus a rival on a split, over exactly the shots that both predict; ``note``: why nothing can be said."""

    split: str
    rival: str
    n_shots: int
    note: str | None
    auc: Estimate
    log_loss: Estimate
    brier: Estimate


@dataclass(frozen=True)
class SliceRow:
    """The model on one part of a slice.

    Attributes
    ----------
    value
        Which part.
    n_shots, n_goals
        Counts.
    note
        Why nothing can be said; None if something can.
    auc, surplus
        The model's own figures; the surplus is goals minus xG in goals per 100 shots, with its exact interval.
    surplus_p
        How often chance alone is as far from expectation, two-sided.
    log_loss_difference
        Model minus provider; None without the provider.
    no_provider
        Why the difference says nothing; None if it does.
    """

    value: str
    n_shots: int
    n_goals: int
    note: str | None
    auc: Estimate
    surplus: Estimate
    surplus_p: float | None
    log_loss_difference: Estimate | None
    no_provider: str | None

    @property
    def is_off(self) -> bool:
        """Whether the goals scored are outside of what chance leaves, 95 %."""
        held = self.surplus.interval
        return held is not None and not held[0] <= 0 <= held[1]


@dataclass(frozen=True)
class Slice:
    """All parts of one slice of :data:`SLICES`: clubs by shots, other parts by name."""

    slice: str
    rows: tuple[SliceRow, ...]

    @property
    def n_off(self) -> int:
        """How many parts are outside of what chance leaves."""
        return sum(row.is_off for row in self.rows)

    @property
    def by_chance(self) -> float:
        """Up to how many would be by chance alone: one in twenty of those with an interval."""
        return 0.05 * sum(row.surplus.interval is not None for row in self.rows)


@dataclass(frozen=True)
class Quality:
    """What is stored about a model's quality.

    Attributes
    ----------
    samples
        Held-out, out-of-fold and unseen competitions, those that there are.
    difference
        From the provider on the first sample; None where there is no provider xG.
    comparisons, slices
        Empty where the model was never evaluated.
    check
        Whether it is calibrated, as :func:`xgoals.model.recalibration.judge_calibration` found; None where not checked.
    """

    samples: tuple[Sample, ...]
    difference: Difference | None
    comparisons: tuple[Comparison, ...]
    slices: tuple[Slice, ...]
    check: Mapping[str, Any] | None


def quality(model: Model) -> Quality:
    """The comparison on every sample, and how the model does in parts of it."""
    metrics, figures = model["metrics"], stored_figures(model)
    samples = [_sample(key, metrics[key], figures) for key in ("held_out", "out_of_fold") if metrics.get(key)]
    samples += _unseen_competitions(figures)
    return Quality(
        samples=tuple(samples),
        difference=_difference(samples[0], figures) if samples else None,
        comparisons=tuple(_comparisons(figures)),
        slices=tuple(_slices(figures)),
        check=metrics.get("calibration"),
    )


def _sample(key: str, block: Mapping[str, Any], figures: pd.DataFrame) -> Sample:
    rows = [
        ForecasterQuality(
            who,
            **{metric: block[who].get(metric) for metric in METRICS},
            intervals=intervals(figures, key, who),
        )
        for who in FORECASTERS
        if block.get(who)
    ]
    rows += _by_figures(figures, key, ["glass_box"])
    counts = {name: block[name] for name in ("n_shots", "n_goals", "n_matches")}
    return Sample(key, **counts, first_day=block["from"], last_day=block["to"], rows=tuple(rows))


def _unseen_competitions(figures: pd.DataFrame) -> list[Sample]:
    """The sample of competitions that were left out in turn; none where there was one large one only."""
    key = "unseen_competition"
    whole = own_figures(figures, key)
    if whole.empty:
        return []
    rows = _by_figures(figures, key, FORECASTERS)
    first = whole[whole["forecaster"] == "model"].iloc[0]
    counts = {name: int(first[name]) for name in ("n_shots", "n_goals", "n_matches")}
    return [Sample(key, **counts, first_day=None, last_day=None, rows=tuple(rows))]


def _by_figures(figures: pd.DataFrame, key: str, who_of: Sequence[str]) -> list[ForecasterQuality]:
    """Forecasters by the table of figures: a model's own metrics do not hold them."""
    whole, rows = own_figures(figures, key), []
    for who in who_of:
        own = whole[whole["forecaster"] == who].set_index("metric")["value"]
        if own.notna().any():
            of_who = {metric: float(own.get(metric, np.nan)) for metric in METRICS if metric != "sum_xg"}
            goals = whole.loc[whole["forecaster"] == who, "n_goals"].iloc[0]
            sum_xg = float(own["xg_per_goal"] * goals)
            rows.append(
                ForecasterQuality(who, **of_who, sum_xg=sum_xg, intervals=intervals(figures, key, who))
            )
    return rows


def _difference(sample: Sample, figures: pd.DataFrame) -> Difference | None:
    ours, theirs = sample.of("model"), sample.of("provider")
    if ours is None or theirs is None:
        return None
    known = {row["metric"]: row for row in compared(figures, sample.key, "provider")}
    return Difference(
        *(
            Estimate(getattr(ours, metric) - getattr(theirs, metric), bounds(known.get(metric)))
            for metric in ("auc", "log_loss")
        )
    )


def _comparisons(figures: pd.DataFrame) -> list[Comparison]:
    found = []
    for split in SPLITS:
        for rival in RIVALS:
            rows = {row["metric"]: row for row in compared(figures, split, rival)}
            if rows:
                first = next(iter(rows.values()))
                estimates = {metric: estimate(rows[metric]) for metric in ("auc", "log_loss", "brier")}
                found.append(Comparison(split, rival, first["n_shots"], note(first), **estimates))
    return found


def _slices(figures: pd.DataFrame) -> list[Slice]:
    of_split = figures[figures["split"] == "out_of_fold"]
    found = []
    for name in SLICES:
        parts = of_split[of_split["slice"] == name].groupby("slice_value", sort=True)
        rows = [_slice_row(str(value), part) for value, part in parts]
        if name == "club":
            rows.sort(key=lambda row: (-row.n_shots, row.value))
        found.append(Slice(name, tuple(rows)))
    apart = [(name, of_split[of_split["slice"] == name]) for name in APART]
    found.append(Slice("apart", tuple(_slice_row(name, part) for name, part in apart if len(part))))
    return [one for one in found if one.rows]


def _slice_row(value: str, part: pd.DataFrame) -> SliceRow:
    own = part[(part["forecaster"] == "model") & (part["compared_with"] == "none")].set_index("metric")
    from_provider = part[part["compared_with"] == "provider"].set_index("metric")
    first = own.iloc[0].to_dict()
    versus = from_provider.loc["log_loss"].to_dict() if "log_loss" in from_provider.index else None
    return SliceRow(
        value=value,
        n_shots=int(first["n_shots"]),
        n_goals=int(first["n_goals"]),
        note=note(first),
        auc=estimate(own.loc["auc"].to_dict()),
        surplus=_estimate_of(own, "surplus_per_100"),
        surplus_p=_estimate_of(own, "surplus_p").value,
        log_loss_difference=estimate(versus) if versus else None,
        no_provider=note(versus) if versus else None,
    )


def _estimate_of(own: pd.DataFrame, metric: str) -> Estimate:
    """A figure of those by metric; a model that was evaluated before there was such a metric has none."""
    return estimate(own.loc[metric].to_dict()) if metric in own.index else Estimate(None, None)
