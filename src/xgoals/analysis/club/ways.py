"""Shares of a club's shots by a word that is said of each, and what such shots are worth, beside its league."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.club.blocks import BoolArray, Direction, FloatArray, Measure
from xgoals.analysis.club.comparison import Difference


@dataclass(frozen=True, slots=True)
class Way:
    """The shots of a club (or those it faced) of which one word is said.

    Attributes
    ----------
    name
        The word.
    n_shots, n_goals, xg
        How many, the goals from them and their sum of xG.
    share
        Of all its shots of which a word is said, beside the other clubs'.
    per_shot
        Mean xG of such a shot, penalties apart, beside the other clubs'.
    """

    name: str
    n_shots: int
    n_goals: int
    xg: float
    share: Difference
    per_shot: Difference


@dataclass(frozen=True, eq=False)
class Words:
    """What is said of each shot of a season.

    Attributes
    ----------
    kind
        What it is said about ("origin", "pass", "zone").
    known
        Of which shots anything is said, (shots,).
    such
        Of which shots a word is said, by the word; groups of words that are counted together, too, come first.
    groups
        Names of these groups.
    """

    kind: str
    known: BoolArray
    such: Mapping[str, BoolArray]
    groups: frozenset[str]

    @classmethod
    def of(
        cls, kind: str, said: "pd.Series[str]", groups: Mapping[str, Sequence[str]] | None = None
    ) -> "Words":
        """Sort a word a shot (missing where nothing is known); a word that does not occur is left out."""
        occurring = {word: (word,) for word in sorted({str(word) for word in said.dropna()})}
        wanted = {**(groups or {}), **occurring}
        such = {name: said.isin([*map(str, words)]).to_numpy(dtype=bool) for name, words in wanted.items()}
        return cls(kind, said.notna().to_numpy(dtype=bool), such, frozenset(groups or {}))


def measures_of_words(words: Words, xg: FloatArray) -> list[Measure]:
    """Share and xG per shot of every word, to be compared; the xG of a penalty is to be NaN."""
    found: list[Measure] = []
    for name, such in words.such.items():
        share = np.where(words.known, such.astype(np.float64), np.nan)
        found.append(Measure(words.kind, _share(words.kind, name), share))
        found.append(Measure(words.kind, _per_shot(words.kind, name), np.where(such, xg, np.nan)))
    return found


def ways(
    words: Words,
    found: Mapping[tuple[str, Direction], Difference],
    goals: BoolArray,
    xg: FloatArray,
    is_own: BoolArray,
    direction: Direction,
) -> tuple[Way, ...]:
    """Groups first, then words, the most frequent first; none where nothing is said of any of its shots.

    Parameters
    ----------
    words, goals, xg
        Of the season's shots, (shots,).
    found
        The club's differences, by measure and direction.
    is_own
        The club's shots, or those it faced.
    direction
        Which of the two they are.
    """
    if not words.known[is_own].any():
        return ()
    rows = []
    for name, of_season in words.such.items():
        such = of_season & is_own
        share, per_shot = (found[of(words.kind, name), direction] for of in (_share, _per_shot))
        rows.append(
            Way(name, int(such.sum()), int(goals[such].sum()), float(xg[such].sum()), share, per_shot)
        )
    return tuple(sorted(rows, key=lambda way: (way.name not in words.groups, -way.n_shots, way.name)))


def _share(kind: str, name: str) -> str:
    return f"{kind}:{name}:share"


def _per_shot(kind: str, name: str) -> str:
    return f"{kind}:{name}:xg"
