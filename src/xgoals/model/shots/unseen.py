"""Shots as feeds know them that tell less: copies from which a model learns what a missing value means.

A feed of events knows nobody's place, Wyscout and old files of Opta no first touch, a table of one's own may lack any
word. Most shots that a model learns from have all of it, so where trees send what is missing would be chance. Each fit
therefore sees a few of its shots again with that hidden. Which ones is drawn by the seed and by what the shots hold, so
that their order does not matter, and goals and other shots alike, so that the copies score as often as the others do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.features.catalogue import NEED_A_FRAME, NEED_A_KEEPER, REST_ON
from xgoals.model.folds import IndexArray
from xgoals.model.shots.eligible import has

FRAME, KEEPER = frozenset(NEED_A_FRAME), frozenset(NEED_A_KEEPER)
BODY, KIND, SET_UP = REST_ON["body_part"], REST_ON["shot_type"], REST_ON["set_up"]
STRIKE = REST_ON["technique"] | REST_ON["ball_control"]

_MANY_SHOTS = 500_000
_ODD = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio: its multiples are far apart (Knuth's multiplicative hashing)."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What a feed may not know of a shot; its copies weigh as much as this share of the shots without penalties."""

    features: frozenset[str]
    share: float


UNSEEN: Sequence[Unseen] = (
    Unseen(FRAME, 0.04),  # events with all their words: Opta since 2017; a freeze frame that was not recorded
    Unseen(FRAME | SET_UP, 0.02),
    Unseen(FRAME | STRIKE, 0.06),  # Wyscout, Opta before 2017
    Unseen(FRAME | STRIKE | SET_UP, 0.02),  # a table with places alone
    Unseen(KEEPER, 0.03),
    Unseen(KEEPER | STRIKE, 0.01),
    Unseen(STRIKE, 0.03),  # tracking beside events without such words
    Unseen(BODY, 0.015),
    Unseen(FRAME | BODY, 0.015),
    Unseen(FRAME | STRIKE | BODY, 0.015),
    Unseen(KIND, 0.03),
    Unseen(FRAME | KIND, 0.015),
)
"""Every way in which a feed of ours, or a table, can tell less."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What a fit learns from: shots and copies, how they ended, and what each weighs (None: all the same)."""

    X: pd.DataFrame
    y: npt.NDArray[np.generic]
    weight: npt.NDArray[np.float32] | None


def with_unseen(X: pd.DataFrame, y: npt.NDArray[np.generic], seed: int) -> Taught:
    """The shots, and copies of some that lack what feeds may not know.

    Of few shots, twice as many copies of half the weight are drawn: how often they score is less a matter of chance.
    """
    per_shot = 2 if len(X) < _MANY_SHOTS else 1
    others = np.flatnonzero(~has(X, "Penalty"))
    is_goal = np.asarray(y[others], dtype=bool)
    piles = [_Pile(_shuffled(X, rows, seed)) for rows in (others[is_goal], others[~is_goal])]
    seen, outcomes = [X], [y]
    for hidden, share in _ways(X).items():
        rows = np.concatenate([pile.take(per_shot * share) for pile in piles])
        seen.append(X.iloc[rows].assign(**dict.fromkeys(hidden, np.nan)))
        outcomes.append(y[rows])
    if len(seen) == 1:
        return Taught(X, y, None)
    together = pd.concat(seen)
    weight = np.full(len(together), 1 / per_shot, dtype=np.float32)
    weight[: len(X)] = 1
    return Taught(together, np.concatenate(outcomes), weight)


def _ways(X: pd.DataFrame) -> dict[tuple[str, ...], float]:
    """What is hidden in copies, and in how many: nothing that no shot has, and no two ways that hide the same."""
    known = [str(name) for name in X.columns if X[name].notna().any()]
    ways: dict[tuple[str, ...], float] = {}
    for unseen in UNSEEN:
        hidden = tuple(name for name in known if name in unseen.features)
        if hidden:
            ways[hidden] = max(unseen.share, ways.get(hidden, 0.0))
    return ways


def hashes(X: pd.DataFrame) -> npt.NDArray[np.uint64]:
    """A number a row, made of its values alone, shape (n,)."""
    return np.asarray(pd.util.hash_pandas_object(X, index=False), dtype=np.uint64)


def _shuffled(X: pd.DataFrame, rows: IndexArray, seed: int) -> IndexArray:
    with np.errstate(over="ignore"):
        mixed = (hashes(X.iloc[rows]) ^ np.uint64(seed)) * _ODD
    return np.asarray(rows[np.argsort(mixed ^ (mixed >> np.uint64(29)), kind="stable")], dtype=np.intp)


@dataclass(slots=True)
class _Pile:
    """Shots that are drawn from the top, each once before any is drawn again."""

    rows: IndexArray
    at: int = 0

    def take(self, share: float) -> IndexArray:
        """The next ones, as many as this share of the pile."""
        n = round(share * len(self.rows))
        drawn = self.rows.take(np.arange(self.at, self.at + n), mode="wrap") if n else self.rows[:0]
        self.at += n
        return drawn
