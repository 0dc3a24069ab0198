"""The chances of each match of a season, and the results that they end in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.results import Chance, Result, ResultShares, result_shares
from xgoals.analysis.shots import BoolArray, floats
from xgoals.domain.page_keys import MatchKey
from xgoals.domain.season import SeasonMatch


@dataclass(frozen=True, slots=True)
class SideChances:
    """What one side had: sum of xG, the same without penalties, and how many shots."""

    xg: float
    xg_without_penalties: float
    n_shots: int


@dataclass(frozen=True, slots=True)
class MatchChances:
    """A match with its chances.

    Attributes
    ----------
    shares
        How often such chances end in each result; None where no shot of it is known.
    """

    match: SeasonMatch
    home: SideChances
    away: SideChances
    shares: ResultShares | None

    @property
    def result(self) -> Result | None:
        """Who won; None where the result does not count."""
        home, away = self.match.home_score, self.match.away_score
        if not self.match.counts or home is None or away is None:
            return None
        return "home" if home > away else "away" if away > home else "draw"

    @property
    def likelihood(self) -> float | None:
        """How often such chances end in the real result; None where either is not known."""
        return (
            None if self.result is None or self.shares is None else float(getattr(self.shares, self.result))
        )


def season_chances(matches: Sequence[SeasonMatch], shots: pd.DataFrame) -> tuple[MatchChances, ...]:
    """The chances of every match, in the order of the matches.

    Parameters
    ----------
    shots
        ``provider, match_id, is_home, period, minute, second, xg, is_penalty``, those of a match in the order of play.
    """
    by_match: Mapping[MatchKey, pd.DataFrame] = {
        MatchKey(str(provider), str(match_id)): part
        for (provider, match_id), part in shots.groupby(["provider", "match_id"], sort=False)
    }
    return tuple(_chances(match, by_match.get(match.key)) for match in matches)


def _chances(match: SeasonMatch, shots: pd.DataFrame | None) -> MatchChances:
    if shots is None:
        return MatchChances(match, SideChances(0.0, 0.0, 0), SideChances(0.0, 0.0, 0), None)
    is_home = shots["is_home"].to_numpy(dtype=bool)
    clock_s = 60 * floats(shots["minute"]) + floats(shots["second"])
    chances = [
        Chance("home" if home else "away", int(period), int(at_s), float(xg))
        for home, period, at_s, xg in zip(is_home, shots["period"], clock_s, shots["xg"], strict=True)
    ]
    return MatchChances(match, _side(shots, is_home), _side(shots, ~is_home), result_shares(chances))


def _side(shots: pd.DataFrame, own: BoolArray) -> SideChances:
    xg, is_plain = floats(shots["xg"])[own], ~shots["is_penalty"].to_numpy(dtype=bool)[own]
    return SideChances(float(xg.sum()), float(xg[is_plain].sum()), int(own.sum()))
