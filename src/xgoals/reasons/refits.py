"""How sure a reason is: the same game with models that learned from other halves of the matches.

Twenty times the matches of the training window are halved and a model is fitted on each half; every shot is judged by
the twenty models that have not seen its match. A half drawn without replacement has the variance of a bootstrap, and
no model that has seen the shot itself is asked. Which half a match is in follows from a hash of its name and from
where the hashes were cut, which is stored with the models: also of matches that come later.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.model.fitting import fit, fits_at_once
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.judges import Judge, as_judge, predicted

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

N_HALVINGS = 20
_SEEDS_APART = 1000
"""Refits also differ by their seed from the model and from each other."""


@dataclass(frozen=True, slots=True)
class Halving:
    """Two models, each fitted on the matches that the other has not seen.

    Attributes
    ----------
    number
        1, 2, ...
    cut
        A match is in the first half where its hash is below this.
    boosters
        Fitted on the first and on the second half.
    average_xg
        The mean xG of all shots but penalties, each by the model that has not seen it.
    """

    number: int
    cut: int
    boosters: tuple[xgboost.Booster, xgboost.Booster]
    average_xg: float

    def judge(self, matches: Sequence[str], match: IntArray) -> Judge:
        """Of n shots, of the match ``matches[match]`` each, the model that has not seen it."""
        learned_first = hashes(matches, self.number) < self.cut
        return Judge(self.boosters, learned_first.astype(np.int64)[match])


def hashes(matches: Sequence[str], number: int) -> IntArray:
    """By which matches are halved the nth time, (n,): 62 bits of a hash of their names."""
    drawn = [blake2b(f"{number}\x1f{match}".encode(), digest_size=8).digest() for match in matches]
    return np.array([int.from_bytes(of, "big") >> 2 for of in drawn], dtype=np.int64)


def fit_halvings(
    window: FrozenWindow,
    names: Sequence[str],
    parameters: Mapping[str, Any],
    *,
    numbers: Sequence[int] = range(1, N_HALVINGS + 1),
) -> Iterator[Halving]:
    """Fit two models for each halving, with the model's own parameters.

    Parameters
    ----------
    window
        What the model has learned from.
    names
        Its features.
    parameters
        XGBoost's, with ``n_trees``, ``n_seeds`` and ``seed``.
    """
    own = {"n_seeds": 1} | dict(parameters)  # models from before boosters were merged have one
    n_trees, seed = int(own.pop("n_trees")), int(own.get("seed", 0))
    X = pd.DataFrame(window.features.astype(np.float32), columns=list(names))

    def fitted(rows: npt.NDArray[np.intp], seed: int) -> xgboost.Booster:
        return fit(X.iloc[rows], window.is_goal[rows], own | {"seed": seed}, n_trees)

    with ThreadPoolExecutor(max_workers=fits_at_once(len(window))) as pool:
        begun = []
        for number in numbers:
            drawn = hashes(window.matches, number)
            cut = int(np.sort(drawn)[len(drawn) // 2])
            is_first = (drawn < cut)[window.match]
            halves = np.flatnonzero(is_first), np.flatnonzero(~is_first)
            seeds = (seed + _SEEDS_APART * (2 * number + half) for half in (0, 1))
            begun.append(
                (number, cut, halves, [pool.submit(fitted, *of) for of in zip(halves, seeds, strict=True)])
            )
        for number, cut, halves, fits in begun:
            first, second = (as_judge(of.result()) for of in fits)
            xg = np.empty(len(window))
            for booster, unseen in ((first, halves[1]), (second, halves[0])):
                xg[unseen] = predicted(booster, window.features[unseen])
            yield Halving(number, cut, (first, second), float(xg[~window.is_penalty].mean()))


def can_be_halved(window: FrozenWindow) -> bool:
    """Whether each half holds goals and misses: of a handful of matches one may not."""
    for number in range(1, N_HALVINGS + 1):
        drawn = hashes(window.matches, number)
        is_first = (drawn < np.sort(drawn)[len(drawn) // 2])[window.match]
        for half in (is_first, ~is_first):
            if not 0 < window.is_goal[half].sum() < half.sum():
                return False
    return True
