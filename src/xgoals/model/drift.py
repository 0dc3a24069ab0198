"""Whether the shots since the champion was trained still are what it has learned from. A warning, never a verdict.

Two things can drift: what shots look like (a feature is distributed otherwise), and what becomes of them (more or fewer
goals than the champion expects). Shots of one match are alike, so matches are what chance is measured by.

The comparison is made after every run, and no p is corrected for looking so often, nor for clubs and seasons that are
not exchangeable; that a distance has to be ``NOTABLE``, too, is what keeps false alarms rare.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.features.distances import distance_of_codes
from xgoals.model.resampling import clustered_error

MIN_SHOTS = 300
"""Fewer new shots than this are not compared: about twelve matches."""
NOTABLE = 0.15
"""A feature has moved if more than this share of the new shots would have to be other ones."""
FALSE_ALARMS = 0.01
"""How often chance alone may find any feature moved, were matches as exchangeable as before."""
Z_99_9 = 3.2905
"""Two-sided 99.9 % bound of the normal distribution."""

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Drift:
    """What has drifted.

    Attributes
    ----------
    n_shots, n_matches
        How many are new.
    moved
        Feature -> distance (0 to 1) between its distribution in the new shots and in the champion's window, of the
        values or of whether there is one; the largest first.
    goals, expected_goals
        Of the new shots; ``goals_are_off`` says whether they differ beyond chance.
    """

    n_shots: int
    n_matches: int
    moved: Mapping[str, float]
    goals: int
    expected_goals: float
    goals_are_off: bool

    @property
    def is_any(self) -> bool:
        """Whether anything has drifted."""
        return bool(self.moved) or self.goals_are_off

    def sentence(self, labels: Mapping[str, str]) -> str:
        """What has drifted, for a person; ``labels``: feature -> its words."""
        found = []
        if self.moved:
            told = ", ".join(f"{labels[name]} ({value:.2f})" for name, value in self.moved.items())
            found.append(f"distributed otherwise than in its window: {told}")
        if self.goals_are_off:
            found.append(f"{self.goals} goals where it expects {self.expected_goals:.1f}")
        return f"{self.n_shots} shots of {self.n_matches} matches: {'; '.join(found)}"

    def state(self, model_version: str) -> str:
        """A name for what has drifted under which model, the same as long as it is the same."""
        side = np.sign(self.goals - self.expected_goals) if self.goals_are_off else 0
        told = f"{model_version}|{'|'.join(sorted(self.moved))}|{side:.0f}"
        return hashlib.sha256(told.encode()).hexdigest()[:12]


def find_drift(
    shots: pd.DataFrame,
    match: npt.NDArray[np.int32],
    is_new: BoolArray,
    kinds: Mapping[str, str],
    xg: npt.ArrayLike,
    *,
    seed: int,
) -> Drift | None:
    """Compare new shots with the champion's window; None if there are too few of either to say anything.

    Parameters
    ----------
    shots
        No penalties; ``is_goal`` and the features.
    match
        A number for the match of each, shape (n,).
    is_new
        Which of them are of matches that the champion has not learned from; the others are its window. A match is
        the one or the other as a whole.
    kinds
        Feature -> its kind, as in the catalogue.
    xg
        What the champion expects of every shot; in its window by models that had not seen the match.

    Notes
    -----
    A feature has moved if its distance is above ``NOTABLE`` and larger than in every one of so many shufflings of
    which matches are the new ones that any feature does so by chance in one of a hundred comparisons at most
    (Bonferroni's bound over features, values and missing values). Goals are off if goals minus expected goals a shot
    differ between new shots and window by more than 3.29 standard errors: what the champion expects rests on goals of
    its window that had their share of chance, too.
    """
    if is_new.sum() < MIN_SHOTS or (~is_new).sum() < MIN_SHOTS:
        return None
    _, unit = np.unique(match, return_inverse=True)
    moved = {}
    n_shufflings = int(np.ceil(2 * len(kinds) / FALSE_ALARMS))
    for name, kind in kinds.items():
        value = shots[name].to_numpy(dtype=float)
        known = ~np.isnan(value)
        found = [_moved(known.astype(float), is_new, unit, "binary", n_shufflings, seed)]
        if min((known & is_new).sum(), (known & ~is_new).sum()) >= MIN_SHOTS:
            found.append(_moved(value[known], is_new[known], unit[known], kind, n_shufflings, seed))
        if max(found) > 0:
            moved[name] = max(found)
    goal = shots["is_goal"].to_numpy(dtype=float)
    expected = np.asarray(xg, dtype=float)
    surplus_new, error_new = _surplus((goal - expected)[is_new], unit[is_new])
    surplus_known, error_known = _surplus((goal - expected)[~is_new], unit[~is_new])
    error = float(np.hypot(error_new, error_known))
    return Drift(
        n_shots=int(is_new.sum()),
        n_matches=len(np.unique(unit[is_new])),
        moved=dict(sorted(moved.items(), key=lambda item: -item[1])),
        goals=int(goal[is_new].sum()),
        expected_goals=float(expected[is_new].sum()),
        goals_are_off=abs(surplus_new - surplus_known) > Z_99_9 * error,
    )


def _surplus(surplus: npt.NDArray[np.float64], match: npt.NDArray[np.intp]) -> tuple[float, float]:
    """Mean over shots, and its standard error with matches as the independent units (infinite for a single one)."""
    if len(np.unique(match)) < 2:
        return float(surplus.mean()), float("inf")
    return float(surplus.mean()), float(clustered_error(surplus[:, None], match)[0])


def _moved(
    value: npt.NDArray[np.float64],
    is_new: BoolArray,
    match: npt.NDArray[np.intp],
    kind: str,
    n_shufflings: int,
    seed: int,
) -> float:
    """The distance between new and known values if it is notable and beyond chance, else 0."""
    _, code = np.unique(value, return_inverse=True)
    found = distance_of_codes(code, is_new, kind)
    if found <= NOTABLE:
        return 0.0
    _, unit = np.unique(match, return_inverse=True)
    new_matches = np.zeros(int(unit.max()) + 1, dtype=bool)
    new_matches[unit[is_new]] = True
    rng = np.random.default_rng(seed)
    for _ in range(n_shufflings):
        if distance_of_codes(code, rng.permutation(new_matches)[unit], kind) >= found:
            return 0.0
    return found
