"""Who takes how much: per shot that a person faced, beside what ordinary people took from there.

Sums over many shots favour whoever faces many; so everything here is per shot faced, with an interval over matches, and
sorted by name. It says how much less likely a goal was because somebody stood where he stood, not how good he is:
who is often where it is dangerous can take much.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]

N_RESAMPLES = 1000
MIN_MATCHES = 5
"""With fewer there is no interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle 95 % of what resampled matches say; NaN where there are too few."""

    low: float
    high: float


def ordinary_takes(actors: pd.DataFrame, references: Mapping[int, npt.ArrayLike]) -> pd.Series:
    """What one keeper, or one opponent, ordinarily took at the reference shots of each row's shot.

    Parameters
    ----------
    actors
        A row a shot and person: ``shot_key, role, takes``.
    references
        ``shot_key`` -> those of its reference shots.

    Returns
    -------
    Series
        Aligned with ``actors``; NaN where no reference shot has somebody of that role.
    """
    taken = actors.groupby(["role", "shot_key"], observed=True)["takes"].mean()
    found: dict[tuple[str, int], float] = {}
    for role, of_role in taken.groupby(level="role", observed=True):
        known = of_role.droplevel("role")
        position = pd.Series(np.arange(len(known)), index=known.index)
        values = known.to_numpy(dtype=np.float64)
        for shot_key in known.index:
            rows = position.reindex(np.asarray(references[shot_key])).dropna().to_numpy(dtype=np.int64)
            found[str(role), int(shot_key)] = float(values[rows].mean()) if len(rows) else np.nan
    keys = zip(actors["role"].astype(str), actors["shot_key"], strict=True)
    return pd.Series([found[role, int(key)] for role, key in keys], index=actors.index)


def takes_per_shot(actors: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """What each person takes per shot faced, beside what ordinary people took from there.

    Parameters
    ----------
    actors
        A row a shot and person: ``provider, player_id, player, team, role, match_id, takes, ordinary``.
    seed
        Of the resampling.

    Returns
    -------
    DataFrame
        ``provider, player_id, player, team`` (the one that he faced most shots for)``, role, n_matches, n_shots,
        takes_per_shot, ordinary_per_shot, more, more_low, more_high``: *more* is the difference, with the middle 95 %
        over resampled matches. Sorted by name.
    """
    rows = []
    known = actors[actors["player_id"].notna() & actors["ordinary"].notna()]
    for (provider, player_id, role), of_one in known.groupby(
        ["provider", "player_id", "role"], observed=True
    ):
        more = (of_one["takes"] - of_one["ordinary"]).to_numpy(dtype=np.float64)
        interval = interval_over_matches(more, of_one["match_id"], seed=seed)
        rows.append(
            {
                "provider": provider,
                "player_id": player_id,
                "player": of_one["player"].iloc[0],
                "team": of_one["team"].mode().iloc[0],
                "role": role,
                "n_matches": of_one["match_id"].nunique(),
                "n_shots": len(of_one),
                "takes_per_shot": of_one["takes"].mean(),
                "ordinary_per_shot": of_one["ordinary"].mean(),
                "more": more.mean(),
                "more_low": interval.low,
                "more_high": interval.high,
            }
        )
    columns = (
        "provider", "player_id", "player", "team", "role", "n_matches", "n_shots", "takes_per_shot",
        "ordinary_per_shot", "more", "more_low", "more_high",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns)).sort_values(
        ["player", "role", "player_id"], ignore_index=True
    )


def interval_over_matches(values: FloatArray, match: pd.Series, *, seed: int = 0) -> Interval:
    """The interval of a mean over shots, matches being what is drawn."""
    codes, names = pd.factorize(match, sort=True)
    if len(names) < MIN_MATCHES:
        return Interval(np.nan, np.nan)
    sums, counts = np.bincount(codes, weights=values), np.bincount(codes)
    drawn = np.random.default_rng(seed).integers(len(names), size=(N_RESAMPLES, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(low), float(high))
