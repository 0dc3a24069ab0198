"""The first reason against one made-up row: whether it survives other models, and other rows that are as sensible."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.trust.panel import Panel
from xgoals.domain.trust import N_BACKGROUND_SHOTS, Question
from xgoals.explain import exact_shapley
from xgoals.explain.forest import Forest, read_forest
from xgoals.features.catalogue import Catalogue
from xgoals.model.baseline import baseline_row

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def first_reasons(values: FloatArray) -> IntArray:
    """The number of the largest value of each shot, whatever its sign, (n,); a missing value is none."""
    return np.asarray(np.abs(np.nan_to_num(values)).argmax(axis=1))


def shares_that_stay(
    panel: Panel, asked: pd.DataFrame, learned: pd.DataFrame, catalogue: Catalogue
) -> Iterator[tuple[Question, float]]:
    """Of the shots asked about: the share whose first group is the same.

    Parameters
    ----------
    asked, learned
        Features of the shots asked about, and of those that the models have learned from, without penalties.
    """
    means = baseline_row(learned, catalogue)
    reference = read_forest(panel.reference)
    first = first_reasons(_groups(reference, asked, means, catalogue))

    def same(values: FloatArray) -> float:
        return float((first_reasons(values) == first).mean())

    for question, boosters in (
        (Question.OTHER_SEED, panel.other_seeds),
        (Question.HALF_THE_MATCHES, panel.halves),
    ):
        shares = [same(_groups(read_forest(booster), asked, means, catalogue)) for booster in boosters]
        yield question, float(np.mean(shares))
    for question, rows in _other_baselines(learned, means, catalogue).items():
        yield question, same(np.mean([_groups(reference, asked, row, catalogue) for row in rows], axis=0))


def _groups(
    forest: Forest, X: pd.DataFrame, baseline: "pd.Series[float]", catalogue: Catalogue
) -> FloatArray:
    found = exact_shapley(forest, X, baseline, groups=catalogue.groups)
    assert found.group_values is not None  # noqa: S101  (groups were asked for)
    return found.group_values


def _other_baselines(
    learned: pd.DataFrame, means: "pd.Series[float]", catalogue: Catalogue
) -> "dict[Question, list[pd.Series[float]]]":
    """Rows that are as good a start: medians, the real shot nearest to the means, some real shots."""
    medians = means.copy()
    for feature in catalogue.features:
        if feature.kind in ("continuous", "count"):
            medians[feature.name] = learned[feature.name].median()
    step = max(1, len(learned) // N_BACKGROUND_SHOTS)
    return {
        Question.MEDIANS: [medians],
        Question.NEAREST_SHOT: [learned.iloc[_nearest(learned, means)]],
        Question.MEAN_OF_SHOTS: [row for _, row in learned.iloc[::step][:N_BACKGROUND_SHOTS].iterrows()],
    }


def _nearest(learned: pd.DataFrame, means: "pd.Series[float]") -> int:
    """The real shot nearest to a row, in standard deviations of each feature; missing in both is no distance."""
    spread = learned.std(ddof=0).replace(0.0, np.nan)
    distance = ((learned - means) / spread).pow(2)
    is_odd = learned.isna() != means.isna()
    return int((distance.fillna(0.0) + is_odd * 1e6).sum(axis=1).to_numpy().argmin())


def mixtures(
    asked: pd.DataFrame,
    baseline: "pd.Series[float]",
    players: Sequence[Sequence[str]],
    choose: Callable[[int], IntArray],
) -> pd.DataFrame:
    """Rows that a game against one baseline asks about: some players of a shot, the others of the baseline.

    Parameters
    ----------
    players
        The features of each; all of them and nobody are left out, for these two are rows that there are.
    choose
        Which of so many rows are wanted.
    """
    wanted = choose(len(asked) * (2 ** len(players) - 2))
    shots, coalition = wanted % len(asked), 1 + wanted // len(asked)
    rows = asked.iloc[shots].reset_index(drop=True)
    for number, names in enumerate(players):
        from_baseline = (coalition >> number & 1) == 0
        rows.loc[from_baseline, list(names)] = baseline[list(names)].to_numpy()
    return rows
