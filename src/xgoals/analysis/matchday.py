"""A matchday as numbers: results against chances, the shots that people will talk about, the finishing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xgoals.analysis.finishing import Finishing, finishing
from xgoals.analysis.highlights import MatchdayHighlights, matchday_highlights
from xgoals.analysis.match import MatchNumbers, match_numbers
from xgoals.analysis.shots import floats, without_penalties


@dataclass(frozen=True)
class Totals:
    """Goals from shots, their sum of xG, how many shots in how many matches."""

    goals: int
    xg: float
    n_shots: int
    n_matches: int


@dataclass(frozen=True, eq=False)
class MatchdayNumbers:
    """All that is counted of a matchday.

    Attributes
    ----------
    matches
        By date and home team.
    highlights
        Single shots, penalties apart.
    teams, players
        Their finishing, the largest surplus first; of players without penalties.
    totals
        Of all matches.
    """

    matches: tuple[MatchNumbers, ...]
    highlights: MatchdayHighlights
    teams: tuple[Finishing, ...]
    players: tuple[Finishing, ...]
    totals: Totals


def matchday_numbers(matches: Iterable[Mapping[str, Any]], shots: pd.DataFrame) -> MatchdayNumbers:
    """Count a matchday.

    Parameters
    ----------
    matches
        As :func:`xgoals.analysis.match.match_numbers` takes each, with ``match_id, match_date``.
    shots
        The shots of all of them.
    """
    counted = [match_numbers(match, shots[shots["match_id"] == match["match_id"]]) for match in matches]
    counted.sort(key=lambda one: (str(one.match.get("match_date")), one.match["home_team"]))
    return MatchdayNumbers(
        matches=tuple(counted),
        highlights=matchday_highlights(shots),
        teams=tuple(finishing(shots, "team")),
        players=tuple(finishing(without_penalties(shots), "player")),
        totals=Totals(
            goals=int(shots["is_goal"].astype(bool).sum()),
            xg=float(floats(shots["xg"]).sum()),
            n_shots=len(shots),
            n_matches=len(counted),
        ),
    )
