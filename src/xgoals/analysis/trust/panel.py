"""Some whole matches set aside, and the models that are asked about them: all have seen none of these matches."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.model.fitting import fit
from xgoals.reasons.frozen import FrozenWindow

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]

MOST_SHOTS = 1000
"""So many shots are asked about, of a small window a twentieth."""
LEAST_SHOTS = 100
"""With fewer there is no share worth the name."""
N_OTHER_SEEDS = 2
N_HALVES = 5
_SAMPLE, _HALVES = "trust", "trust, half"
_SEEDS_APART = 100


@dataclass(frozen=True, slots=True)
class Panel:
    """The models that are asked.

    Attributes
    ----------
    asked
        Rows of the window, penalties apart: of matches that no model here has seen.
    n_matches
        How many matches those are.
    learned
        The rows that the reference has learned from, penalties among them.
    reference
        Fitted like the champion.
    other_seeds, halves
        The same with other seeds; each on half of the matches.
    """

    asked: IndexArray
    n_matches: int
    learned: IndexArray
    reference: xgboost.Booster
    other_seeds: tuple[xgboost.Booster, ...]
    halves: tuple[xgboost.Booster, ...]


def fit_panel(window: FrozenWindow, names: list[str], parameters: Mapping[str, Any]) -> Panel | None:
    """Set matches aside and fit the models.

    Parameters
    ----------
    window
        What a champion has learned from.
    names
        Its features.
    parameters
        Its parameters, ``n_trees``, ``n_seeds`` and ``seed`` among them.

    Returns
    -------
    Panel or None
        None where the window is too small to set anything aside, or a half of the rest holds no goal or no miss.
    """
    aside = set_aside(window)
    is_aside = aside[window.match]
    asked, learned = np.flatnonzero(is_aside & ~window.is_penalty), np.flatnonzero(~is_aside)
    halves = [learned[_in_half(window, number)[window.match[learned]]] for number in range(N_HALVES)]
    if len(asked) < LEAST_SHOTS or not all(_has_both(window.is_goal[rows]) for rows in (learned, *halves)):
        return None
    own = dict(parameters)
    n_trees, seed = int(own.pop("n_trees")), int(own.get("seed", 0))
    X = pd.DataFrame(window.features.astype(np.float32), columns=names)

    def fitted(rows: IndexArray, seed: int) -> xgboost.Booster:
        return fit(X.iloc[rows], window.is_goal[rows], own | {"seed": seed}, n_trees)

    seeds = (seed + _SEEDS_APART * (number + 1) for number in range(N_OTHER_SEEDS))
    return Panel(
        asked=asked,
        n_matches=int(aside.sum()),
        learned=learned,
        reference=fitted(learned, seed),
        other_seeds=tuple(fitted(learned, other) for other in seeds),
        halves=tuple(fitted(rows, seed) for rows in halves),
    )


def set_aside(window: FrozenWindow) -> BoolArray:
    """Which matches are asked about, (n matches,): the first by a hash of their names, whole ones."""
    counts = np.bincount(window.match[~window.is_penalty], minlength=len(window.matches))
    order = np.argsort(_hashes(window, _SAMPLE), kind="stable")
    room = min(MOST_SHOTS, len(window) // 20)
    fits = np.zeros(len(window.matches), dtype=bool)
    fits[order] = np.cumsum(counts[order]) <= room
    return fits


def _in_half(window: FrozenWindow, number: int) -> BoolArray:
    drawn = _hashes(window, f"{_HALVES} {number}")
    return np.asarray(drawn < np.median(drawn))


def _hashes(window: FrozenWindow, what: str) -> FloatArray:
    """A number between 0 and 1 for every match, by its name."""
    drawn = [blake2b(f"{what}\x1f{match}".encode(), digest_size=8).digest() for match in window.matches]
    return np.array([int.from_bytes(of, "big") / 2**64 for of in drawn])


def _has_both(is_goal: BoolArray) -> bool:
    return bool(0 < is_goal.sum() < len(is_goal))
