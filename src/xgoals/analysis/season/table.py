"""The table, and the table by chances: points, and the points that such chances give, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xgoals.analysis.evaluated.multiplicity import beyond_chance
from xgoals.analysis.results import Side
from xgoals.analysis.season.chances import MatchChances, SideChances
from xgoals.analysis.shots import FloatArray
from xgoals.domain.page_keys import ClubKey
from xgoals.model.goals_by_chance import two_sided

POINTS_OF_A_WIN = 3
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class ClubRow:
    """A club's row of the table.

    Attributes
    ----------
    played, won, drawn, lost, goals_for, goals_against
        Of matches that were played to their end.
    n_covered
        Of how many of these shots are known; what follows is of those.
    points_covered, expected_points, points_interval
        The points won, those that such chances give on average, and between which the points of 95 of a hundred such
        seasons lie: the chances stay as they were, only what goes in is left to chance.
    chance
        How often such chances give so many points, or so few: twice the smaller tail of the exact distribution.
    xg_for, xg_against
        Sums of xG; ``without_penalties`` is the same without penalties, for and against.
    stands
        Whether the points stand out among those of all clubs, with the false discovery rate held at 5 %.
    rank, expected_rank
        Place by points and by expected points; the latter None where shots of some match are not known.
    """

    club: ClubKey
    played: int
    won: int
    drawn: int
    lost: int
    goals_for: int
    goals_against: int
    n_covered: int
    points_covered: int
    expected_points: float
    points_interval: tuple[int, int]
    chance: float
    xg_for: float
    xg_against: float
    without_penalties: tuple[float, float]
    stands: bool = False
    rank: int = 0
    expected_rank: int | None = None

    @property
    def points(self) -> int:
        """Three a win, one a draw."""
        return POINTS_OF_A_WIN * self.won + self.drawn

    @property
    def goal_difference(self) -> int:
        """Goals minus goals conceded."""
        return self.goals_for - self.goals_against

    @property
    def luck(self) -> float:
        """Points minus expected points."""
        return self.points_covered - self.expected_points

    @property
    def xg_difference(self) -> float:
        """XG for minus xG against."""
        return self.xg_for - self.xg_against


@dataclass(frozen=True, slots=True)
class _Played:
    """A match as one of the clubs sees it; ``odds`` of defeat, draw and win, None where no shot is known."""

    scored: int
    conceded: int
    own: SideChances
    other: SideChances
    odds: tuple[float, float, float] | None


def table(matches: Sequence[MatchChances]) -> tuple[ClubRow, ...]:
    """Every club that has played, by points, goal difference and goals."""
    played: dict[ClubKey, list[_Played]] = {}
    for match in matches:
        if match.match.counts:
            played.setdefault(match.match.home, []).append(_seen_by(match, "home"))
            played.setdefault(match.match.away, []).append(_seen_by(match, "away"))
    rows = [_row(club, own) for club, own in played.items()]
    rows.sort(key=lambda row: (-row.points, -row.goal_difference, -row.goals_for, row.club.name))
    by_chances = sorted(rows, key=lambda row: (-row.expected_points, -row.xg_difference, row.club.name))
    is_whole = all(row.n_covered == row.played for row in rows)
    places = {row.club: n for n, row in enumerate(by_chances, start=1)}
    stand = beyond_chance([row.chance for row in rows])
    return tuple(
        replace(row, rank=n, expected_rank=places[row.club] if is_whole else None, stands=is_off)
        for n, (row, is_off) in enumerate(zip(rows, stand, strict=True), start=1)
    )


def points_distribution(odds: Sequence[tuple[float, float, float]]) -> FloatArray:
    """Probability of 0, 1, ... 3 n points from n matches, shape (3 n + 1,).

    Parameters
    ----------
    odds
        Of each match the probabilities of defeat, draw and win.
    """
    distribution = np.ones(1)
    for lost, drawn, won in odds:
        distribution = np.convolve(distribution, [lost, drawn, 0.0, won])
    return np.asarray(distribution)


def _seen_by(match: MatchChances, side: Side) -> _Played:
    home, away = match.match.home_score or 0, match.match.away_score or 0
    shares = match.shares
    if side == "home":
        odds = None if shares is None else (shares.away, shares.draw, shares.home)
        return _Played(home, away, match.home, match.away, odds)
    odds = None if shares is None else (shares.home, shares.draw, shares.away)
    return _Played(away, home, match.away, match.home, odds)


def _row(club: ClubKey, played: Sequence[_Played]) -> ClubRow:
    covered = [match for match in played if match.odds is not None]
    distribution = points_distribution([match.odds for match in covered if match.odds is not None])
    points = sum(_points(match) for match in covered)
    return ClubRow(
        club=club,
        played=len(played),
        won=sum(match.scored > match.conceded for match in played),
        drawn=sum(match.scored == match.conceded for match in played),
        lost=sum(match.scored < match.conceded for match in played),
        goals_for=sum(match.scored for match in played),
        goals_against=sum(match.conceded for match in played),
        n_covered=len(covered),
        points_covered=points,
        expected_points=float(np.arange(len(distribution)) @ distribution),
        points_interval=_interval(distribution),
        chance=two_sided(points, distribution),
        xg_for=sum(match.own.xg for match in covered),
        xg_against=sum(match.other.xg for match in covered),
        without_penalties=(
            sum(match.own.xg_without_penalties for match in covered),
            sum(match.other.xg_without_penalties for match in covered),
        ),
    )


def _points(match: _Played) -> int:
    return POINTS_OF_A_WIN if match.scored > match.conceded else int(match.scored == match.conceded)


def _interval(distribution: FloatArray) -> tuple[int, int]:
    reached, tail = np.cumsum(distribution), (1 - CONFIDENCE) / 2
    low = int(np.searchsorted(reached, tail, side="right"))
    high = int(np.searchsorted(reached, 1 - tail, side="left"))
    return low, min(high, len(distribution) - 1)
