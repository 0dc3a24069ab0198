"""Which goal a team attacks in a period, by where the keepers stand, and who keeps goal where nobody says so.

What metadata say of sides is not asked: the tracks know better.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.feeds.synchronise.stage import Stage

MIN_FRAMES = 25
"""Fewer frames of keepers than a second's say nothing of their side."""


@dataclass(frozen=True, slots=True)
class Ends:
    """For one period: +1 where the home team attacks towards +x in the stadium's directions, else -1.

    ``rearmost`` are those of either team who most often stand nearest to their own line.
    """

    home_sign: int
    rearmost: dict[str, str]


def ends_of(views: Sequence[Stage], teams: tuple[str, str], keepers: Collection[str]) -> Ends | None:
    """The ends of a period.

    Parameters
    ----------
    views
        Of the period, by the events' ids, in the stadium's directions.
    teams
        Home, away.
    keepers
        Who keeps goal, as far as line-ups say it.

    Returns
    -------
    Ends
        None where nobody is seen.
    """
    by_keepers = sum(_keepers_say(view, teams, keepers) for view in views)
    rearmost = {
        sign: [_rearmost(views, team, sign * s) for team, s in zip(teams, (1, -1), strict=True)]
        for sign in (1, -1)
    }
    said = {sign: sum(share for _, share in last) for sign, last in rearmost.items()}
    if not any(said.values()):
        return None
    sign = (
        (1 if by_keepers > 0 else -1) if abs(by_keepers) >= MIN_FRAMES else (1 if said[1] >= said[-1] else -1)
    )
    return Ends(
        sign, {team: player for team, (player, _) in zip(teams, rearmost[sign], strict=True) if player}
    )


def _keepers_say(view: Stage, teams: tuple[str, str], keepers: Collection[str]) -> int:
    """Frames in which a keeper is where he would be if the home team attacked towards +x, less the others."""
    votes = 0
    for i, (player, team) in enumerate(zip(view.player_ids, view.team_ids, strict=True)):
        if player in keepers:
            side = np.sign(view.xy_m[:, i, 0])
            votes += int(np.nansum(-side if team == teams[0] else side))
    return votes


def _rearmost(views: Iterable[Stage], team: str, sign: int) -> tuple[str | None, float]:
    """Who of a team that attacks towards sign * x is most often its last man, and in what share of the frames."""
    last: Counter[str] = Counter()
    for view in views:
        of_team = [i for i, its in enumerate(view.team_ids) if its == team]
        x_m: npt.NDArray[np.float64] = sign * view.xy_m[:, of_team, 0]
        there = np.isfinite(x_m).any(axis=1) if of_team else np.zeros(0, dtype=bool)
        if there.any():
            who = np.where(np.isnan(x_m), np.inf, x_m)[there].argmin(axis=1)
            last.update(
                {
                    view.player_ids[of_team[i]]: int(n)
                    for i, n in zip(*np.unique(who, return_counts=True), strict=True)
                }
            )
    if not last:
        return None, 0.0
    player, n = last.most_common(1)[0]
    return player, n / last.total()
