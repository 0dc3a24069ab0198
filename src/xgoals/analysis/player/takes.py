"""What keepers and opponents take away per shot faced, beside what ordinary ones took from there.

The same measure as :mod:`xgoals.analysis.takers`, for pages: one person at a time, all ordinary values in one go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from xgoals.analysis.player.shots import PlayerShot
from xgoals.analysis.takers import Interval, interval_over_matches
from xgoals.domain.page_keys import PlayerKey

MIN_SHOTS_FACED = 20
"""Of fewer shots nothing is said of what somebody takes."""

Role = Literal["keeper", "opponent"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one person took at one shot.

    Attributes
    ----------
    shot
        At which.
    takes
        xG taken away; below 0: given.
    ordinary
        What one of the same role took at the reference shots; None where nobody is known there.
    is_ordinary
        Whether the model has seen something like the scene without him; else his value leans on a guess.
    """

    shot: PlayerShot
    takes: float
    ordinary: float | None
    is_ordinary: bool


TakenBy = Mapping[Role, Mapping[PlayerKey, Sequence[Taken]]]
"""All that people took, by role and person."""


@dataclass(frozen=True, slots=True)
class TakenPerShot:
    """What one person takes per shot at which he changes anything.

    Attributes
    ----------
    n_matches, n_shots
        Over how many.
    takes, ordinary
        xG taken away per shot, and what one person of the same role took at the reference shots.
    more
        The difference.
    interval
        Its middle 95 % over resampled matches; NaN with too few matches.
    n_guessed
        At how many of them his value leans on a guess.
    """

    n_matches: int
    n_shots: int
    takes: float
    ordinary: float
    more: float
    interval: Interval
    n_guessed: int

    @property
    def holds(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.interval.low > 0 or self.interval.high < 0


def taken_by(
    actors: pd.DataFrame, references: pd.DataFrame, shots: Mapping[int, PlayerShot]
) -> dict[Role, dict[PlayerKey, list[Taken]]]:
    """Sort what people took.

    Parameters
    ----------
    actors
        A row a shot and person: ``shot_key, provider, player_id, is_keeper, takes, is_ordinary``.
    references
        ``shot_key, reference_key``: the real shots that each was compared with.
    shots
        By ``shot_key``; what was taken at others is left out.
    """
    found: dict[Role, dict[PlayerKey, list[Taken]]] = {"keeper": {}, "opponent": {}}
    is_keeper = actors["is_keeper"].to_numpy(dtype=bool)
    roles: tuple[tuple[Role, pd.DataFrame], ...] = (
        ("keeper", actors[is_keeper]),
        ("opponent", actors[~is_keeper]),
    )
    for role, of_role in roles:
        columns = ("shot_key", "provider", "player_id", "takes", "is_ordinary")
        rows = zip(
            *(of_role[column].tolist() for column in columns), _ordinary(of_role, references), strict=True
        )
        for shot_key, provider, player_id, takes, is_ordinary, ordinary in rows:
            if isinstance(player_id, str) and shot_key in shots:
                taken = Taken(
                    shots[shot_key], takes, None if np.isnan(ordinary) else ordinary, bool(is_ordinary)
                )
                found[role].setdefault(PlayerKey(provider, player_id), []).append(taken)
    return found


def _ordinary(actors: pd.DataFrame, references: pd.DataFrame) -> list[float]:
    """What one person took at the reference shots of each row's shot, NaN where nobody is known there."""
    taken = actors.groupby("shot_key")["takes"].mean()
    at_reference = taken.reindex(references["reference_key"]).to_numpy(dtype=np.float64)
    of_shot = pd.Series(at_reference).groupby(references["shot_key"].to_numpy()).mean()
    ordinary: list[float] = of_shot.reindex(actors["shot_key"]).tolist()
    return ordinary


def taken_per_shot(taken: Sequence[Taken]) -> TakenPerShot | None:
    """What one person takes; None with fewer than :data:`MIN_SHOTS_FACED` shots that can be compared."""
    known = [(of, of.ordinary) for of in taken if of.ordinary is not None]
    if len(known) < MIN_SHOTS_FACED:
        return None
    takes, ordinary = np.array([(of.takes, usual) for of, usual in known]).T
    matches = [of.shot.match for of, _ in known]
    return TakenPerShot(
        n_matches=len(set(matches)),
        n_shots=len(known),
        takes=float(takes.mean()),
        ordinary=float(ordinary.mean()),
        more=float((takes - ordinary).mean()),
        interval=interval_over_matches(takes - ordinary, pd.Series(matches)),
        n_guessed=sum(not of.is_ordinary for of, _ in known),
    )


def most_taken(taken: Sequence[Taken], n: int) -> tuple[Taken, ...]:
    """The shots at which somebody took most, the most first; only those of which the model has an idea."""
    sure = [of for of in taken if of.is_ordinary and of.takes > 0]
    return tuple(sorted(sure, key=lambda of: (-of.takes, of.shot.shot_key))[:n])
