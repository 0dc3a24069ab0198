"""Who takes xG away from the opponents' shots: per shot at which he is on the picture, beside his team-mates there.

It is no ranking: who stands where it is dangerous can take much. Minutes on the pitch are not known, so what is counted
by is the shots in whose frames he is seen.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.club.blocks import match_numbers
from xgoals.analysis.club.finishing import name_in
from xgoals.analysis.takers import interval_over_matches

MIN_SHOTS = 20
"""Who is seen at fewer shots is not listed."""


@dataclass(frozen=True, slots=True)
class Defender:
    """What an outfield player took of the opponents' chances.

    Attributes
    ----------
    player_id, name
        Who he is.
    n_matches, n_seen
        Matches, and shots faced, in whose frames he is seen.
    takes
        xG taken away in all; below 0: given.
    per_shot
        xG taken away per shot at which he is seen.
    others
        The same of his team-mates at these very shots, keeper apart.
    low, high
        95 % interval of ``per_shot - others``, whole matches resampled; NaN where there are too few.
    most, most_shot
        What he took most at one shot, and its ``shot_key``.
    """

    player_id: str
    name: str
    n_matches: int
    n_seen: int
    takes: float
    per_shot: float
    others: float
    low: float
    high: float
    most: float
    most_shot: int

    @property
    def more(self) -> float:
        """What he takes more a shot than his team-mates at the same shots."""
        return self.per_shot - self.others

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves out 0; of twenty such figures one does by chance."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Defenders:
    """Outfield players of a club at the shots that it faced.

    Attributes
    ----------
    defenders
        Who is seen at the most shots first: it is no ranking.
    n_shots, n_of
        Shots faced of which it is known who took what, and all of them without penalties.
    """

    defenders: tuple[Defender, ...]
    n_shots: int
    n_of: int

    @property
    def n_beyond(self) -> int:
        """Whose interval leaves out 0."""
        return sum(defender.is_beyond_chance for defender in self.defenders)

    @property
    def by_chance(self) -> float:
        """Of how many it would by chance alone."""
        return 0.05 * sum(not np.isnan(defender.low) for defender in self.defenders)


def defenders(faced: pd.DataFrame, actors: pd.DataFrame, seen: pd.DataFrame, *, seed: int = 0) -> Defenders:
    """What a club's outfield players took at the shots that it faced.

    Parameters
    ----------
    faced
        The shots: ``shot_key, provider, match_id, is_penalty, empty_xg`` (missing where nobody knows who took what).
    actors
        ``shot_key, player_id, player, is_keeper, takes``, also of other shots; who is not in it took nothing.
    seen
        ``shot_key, player_id, is_teammate, is_keeper``: everybody in the frames, also of other shots.
    seed
        Of the resampling.
    """
    open_play = faced[~faced["is_penalty"].astype(bool)]
    known = open_play[open_play["empty_xg"].notna()]
    rows = _rows(known, actors, seen)
    found = [
        _defender(str(who), part, seed) for who, part in rows.groupby("player_id") if len(part) >= MIN_SHOTS
    ]
    return Defenders(
        tuple(sorted(found, key=lambda row: (-row.n_seen, row.name))), len(known), len(open_play)
    )


def _rows(known: pd.DataFrame, actors: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """One row a shot and outfield player seen at it: ``player_id, player, takes, others, match, shot_key``."""
    match = pd.Series(match_numbers(known), index=known["shot_key"].to_numpy())
    is_of_club = ~seen["is_teammate"].astype(bool) & ~seen["is_keeper"].astype(bool)
    of_club = seen[seen["shot_key"].isin(known["shot_key"]) & is_of_club]
    took = actors[~actors["is_keeper"].astype(bool)][["shot_key", "player_id", "player", "takes"]]
    rows = of_club[["shot_key", "player_id"]].drop_duplicates().merge(
        took.drop_duplicates(["shot_key", "player_id"]), on=["shot_key", "player_id"], how="left"
    )  # fmt: skip
    rows["takes"] = rows["takes"].astype(float).fillna(0.0)
    by_shot = rows.groupby("shot_key")["takes"]
    n, total = by_shot.transform("size"), by_shot.transform("sum")
    others = (total - rows["takes"]) / (n - 1).where(n > 1)
    names = (
        rows.dropna(subset="player")
        .drop_duplicates("player_id", keep="last")
        .set_index("player_id")["player"]
    )
    return rows.assign(
        others=others, match=rows["shot_key"].map(match), player=rows["player_id"].map(names)
    ).dropna(subset="others")


def _defender(player_id: str, part: pd.DataFrame, seed: int) -> Defender:
    takes, others = (part[name].to_numpy(dtype=np.float64) for name in ("takes", "others"))
    bounds = interval_over_matches(takes - others, part["match"], seed=seed)
    most = int(takes.argmax())
    return Defender(
        player_id, name_in(part["player"], player_id), part["match"].nunique(), len(part), float(takes.sum()),
        float(takes.mean()), float(others.mean()), bounds.low, bounds.high, float(takes[most]),
        int(part["shot_key"].iloc[most]),
    )  # fmt: skip
