"""Whether a feature's absence knows the outcome: a leak that no look at its values would show.

Opta gives the keeper's place of goals and misses, and never of saves; DataFactory names headers of goals alone. A tree
sends a missing value its own way, and so learns the outcome from the gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from scipy.stats import fisher_exact

from xgoals.features.scenes import BoolArray

LARGEST_GAP = 0.05
"""By so much the shares of missing values may differ between goals and other shots, whatever their number."""
LEAST_CHANCE = 1e-4
"""A difference that chance brings about less often than this is none of chance."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A feature of a provider whose absence goes with the outcome; ``p`` is the chance of such a difference."""

    provider: str
    feature: str
    missing_of_goals: float
    missing_of_others: float
    p: float

    @property
    def sentence(self) -> str:
        """What is wrong with it."""
        return (
            f"{self.feature} of {self.provider} is missing in {self.missing_of_goals:.0%} of goals and "
            f"{self.missing_of_others:.0%} of other shots: that it is missing knows the outcome"
        )

    @property
    def advice(self) -> str:
        """What is done about it, and what to do."""
        return (
            f"No shot of {self.provider} is learnt from until its feed leaves {self.feature} out of all shots, or has "
            "it whatever became of them; ask who delivers the files, or mend the feed"
        )


def gaps_that_know_the_outcome(shots: pd.DataFrame, names: Iterable[str]) -> list[Gap]:
    """The features of each provider whose absence depends on whether the shot became a goal; penalties left out.

    Parameters
    ----------
    shots
        One row a shot: ``provider, is_goal, is_penalty`` and the features.
    names
        The features.
    """
    open_play = shots[~shots["is_penalty"].to_numpy(dtype=bool)]
    found = []
    for provider, of_provider in open_play.groupby("provider", observed=True):
        is_goal = of_provider["is_goal"].to_numpy(dtype=bool)
        for name in names:
            missing = of_provider[name].isna().to_numpy()
            if missing.any() and not missing.all() and (gap := _gap(str(provider), name, missing, is_goal)):
                found.append(gap)
    return found


def _gap(provider: str, name: str, missing: BoolArray, is_goal: BoolArray) -> Gap | None:
    n_goals, n_others = int(is_goal.sum()), int((~is_goal).sum())
    if not n_goals or not n_others:
        return None
    of_goals, of_others = int((missing & is_goal).sum()), int((missing & ~is_goal).sum())
    table = [[of_goals, n_goals - of_goals], [of_others, n_others - of_others]]
    share_of_goals, share_of_others = of_goals / n_goals, of_others / n_others
    p = float(fisher_exact(table)[1])
    if abs(share_of_goals - share_of_others) <= LARGEST_GAP or p >= LEAST_CHANCE:
        return None
    return Gap(provider, name, share_of_goals, share_of_others, p)
