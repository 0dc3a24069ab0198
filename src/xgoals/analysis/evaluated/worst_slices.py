"""Where a model is worst: all parts of all slices in one order, and which are surely off once it is counted how many
were looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from scipy.stats import norm

from xgoals.analysis.evaluated.multiplicity import beyond_chance
from xgoals.analysis.shots import Model
from xgoals.analysis.stored_figures import Estimate, estimate, stored_figures

LOOKED_AT = ("distance", "body_part", "shot_type", "competition", "season", "club")
MIN_SHOTS = 100
"""Below this a part is not looked at: it could not be told from chance, and would make the others harder to tell."""
_WIDTH_95 = 2 * 1.959964
"""Of a 95 % interval, in standard errors."""


@dataclass(frozen=True)
class PartOfSlice:
    """The model on one part of a slice, out of fold.

    Attributes
    ----------
    slice, value
        Of :data:`LOOKED_AT`, and which part of it.
    n_shots, n_goals
        Counts.
    surplus, surplus_p
        Goals minus xG in goals per 100 shots with the exact 95 % interval, and how often chance alone is as far off
        on either side.
    difference, difference_p
        Log loss minus the provider's with its 95 % interval (whole matches resampled), and the same of it, normal
        errors taken; None without the provider or where too little is known.
    """

    slice: str
    value: str
    n_shots: int
    n_goals: int
    surplus: Estimate
    surplus_p: float
    difference: Estimate | None
    difference_p: float | None

    @property
    def least_p(self) -> float:
        """The smaller p of those that speak against the model: only a loss against the provider does."""
        is_loss = (
            self.difference_p is not None and self.difference is not None and (self.difference.value or 0) > 0
        )
        return (
            min(self.surplus_p, self.difference_p)
            if is_loss and self.difference_p is not None
            else self.surplus_p
        )


@dataclass(frozen=True)
class RankedPart:
    """A part, and whether it stands among all that were looked at, the false discovery rate held at 5 %.

    ``is_off``: it promises too many goals or too few. ``is_worse``: it is worse than the provider's xG.
    """

    part: PartOfSlice
    is_off: bool
    is_worse: bool


@dataclass(frozen=True)
class WorstSlices:
    """All parts that were looked at, those that stand first, then by how unlikely chance alone is."""

    parts: tuple[RankedPart, ...]

    @property
    def n_sure(self) -> int:
        """How many are surely off, or surely worse."""
        return sum(row.is_off or row.is_worse for row in self.parts)


def worst_slices(model: Model) -> WorstSlices:
    """Rank the parts of a model's stored evaluation.

    Both questions (is it off, is it worse than the provider's) are corrected by Benjamini and Hochberg's procedure,
    each over all parts. Clubs, seasons and competitions share shots, which makes the procedure careful, not bold.
    """
    parts = list(_parts(stored_figures(model)))
    known = [part.difference_p for part in parts if part.difference_p is not None]
    stands = iter(beyond_chance(known))
    off = beyond_chance([part.surplus_p for part in parts])
    rows = []
    for part, is_off in zip(parts, off, strict=True):
        differs = next(stands) if part.difference_p is not None else False
        is_loss = part.difference is not None and (part.difference.value or 0) > 0
        rows.append(RankedPart(part, is_off, differs and is_loss))
    rows.sort(
        key=lambda row: (not (row.is_off or row.is_worse), row.part.least_p, row.part.slice, row.part.value)
    )
    return WorstSlices(tuple(rows))


def _parts(figures: pd.DataFrame) -> Iterator[PartOfSlice]:
    of_split = figures[figures["split"] == "out_of_fold"]
    seen = set()
    for name in LOOKED_AT:
        of_slice = of_split[of_split["slice"] == name]
        if of_slice["slice_value"].nunique() < 2:  # it would say what all shots say
            continue
        for value, rows in of_slice.groupby("slice_value", sort=True):
            part = _part(name, str(value), rows)
            if part is None:
                continue
            same_shots = (part.n_shots, part.n_goals, part.surplus.value)
            if name == "season" and same_shots in seen:  # the competition's only season
                continue
            seen.add(same_shots)
            yield part


def _part(name: str, value: str, rows: pd.DataFrame) -> PartOfSlice | None:
    """None where there are too few shots, or the model was evaluated before a surplus had its p (NaN, too)."""
    own = rows[(rows["forecaster"] == "model") & (rows["compared_with"] == "none")].set_index("metric")
    if not {"surplus_p", "surplus_per_100"} <= set(own.index) or own["n_shots"].iloc[0] < MIN_SHOTS:
        return None
    p = own["value"].to_dict()["surplus_p"]
    if p != p:
        return None
    difference = _difference(rows)
    return PartOfSlice(
        name, value, int(own["n_shots"].iloc[0]), int(own["n_goals"].iloc[0]),
        estimate(own.loc["surplus_per_100"].to_dict()), float(p), difference, _p_of(difference),
    )  # fmt: skip


def _difference(rows: pd.DataFrame) -> Estimate | None:
    found = rows[(rows["compared_with"] == "provider") & (rows["metric"] == "log_loss")]
    return estimate(found.iloc[0].to_dict()) if len(found) else None


def _p_of(difference: Estimate | None) -> float | None:
    """Two-sided, of no difference, the interval's width taken for that of a normal error."""
    if difference is None or difference.value is None or difference.interval is None:
        return None
    low, high = difference.interval
    if high <= low:
        return None
    return float(2 * norm.sf(abs(difference.value) / ((high - low) / _WIDTH_95)))
