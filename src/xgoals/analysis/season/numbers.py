"""All that the page of a season counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from xgoals.analysis.season.chances import MatchChances, season_chances
from xgoals.analysis.season.coverage import Coverage, coverage
from xgoals.analysis.season.extremes import Extremes, extremes
from xgoals.analysis.season.luck import GoalLuck, Spread, goal_luck, spread
from xgoals.analysis.season.reasons import SeasonReasons, season_reasons
from xgoals.analysis.season.table import ClubRow, table
from xgoals.analysis.season.trends import ClubTrend, trends
from xgoals.analysis.shots import without_penalties
from xgoals.domain.page_keys import ClubKey, PlayerKey, RoundKey, SeasonKey
from xgoals.domain.season import SeasonMatch
from xgoals.domain.text import is_number

KEEPER_SHOTS = 50
"""With fewer shots faced, penalties apart, nothing is said of a keeper."""


@dataclass(frozen=True, slots=True)
class HomeAndAway:
    """What playing at home is worth: xG a match of either side, wins, and the wins that such chances give."""

    n_matches: int
    home_xg: float
    away_xg: float
    home_wins: int
    draws: int
    away_wins: int
    expected_home: float
    expected_draws: float
    expected_away: float


@dataclass(frozen=True, slots=True)
class RoundMatches:
    """A round with its matches, by date."""

    key: RoundKey
    matches: tuple[MatchChances, ...]


@dataclass(frozen=True, eq=False, slots=True)
class SeasonNumbers:
    """All that is counted of a season.

    Attributes
    ----------
    goals
        From shots, without own goals; ``xg`` and ``n_shots`` are of all shots, penalties among them.
    n_seen
        Shots whose number comes from a model that has learned from their match.
    n_without_positions
        Shots but penalties at which nobody's position but the shooter's is known.
    finishing, keeping
        Goals and xG of each club's shots, and of those that it faced (a surplus there is bad), penalties apart.
    players
        The same of each player's shots.
    keepers, n_keepers
        The same of the shots that each keeper faced who faced at least `KEEPER_SHOTS`, the most goals fewer than xG
        first; and how many keepers faced a shot.
    rounds
        The newest first.
    """

    key: SeasonKey
    coverage: Coverage
    goals: int
    xg: float
    n_shots: int
    n_seen: int
    n_without_positions: int
    home_and_away: HomeAndAway | None
    table: tuple[ClubRow, ...]
    trends: Mapping[ClubKey, ClubTrend]
    finishing: tuple[GoalLuck[ClubKey], ...]
    keeping: tuple[GoalLuck[ClubKey], ...]
    finishing_spread: Spread
    keeping_spread: Spread
    players: tuple[GoalLuck[PlayerKey], ...]
    keepers: tuple[GoalLuck[PlayerKey], ...]
    n_keepers: int
    extremes: Extremes
    reasons: SeasonReasons
    rounds: tuple[RoundMatches, ...]


def season_numbers(
    key: SeasonKey, matches: Sequence[SeasonMatch], shots: pd.DataFrame, reasons: pd.DataFrame
) -> SeasonNumbers:
    """Count a season.

    Parameters
    ----------
    matches
        By date.
    shots, reasons
        As the store's ``read_shots`` and ``read_reason_values`` return them, with ``match_id`` of these matches.
    """
    counted = season_chances(matches, shots)
    plain = without_penalties(shots)
    finishing, keeping = (_club_luck(plain, matches, column) for column in ("team_id", "opponent_id"))
    return SeasonNumbers(
        key=key,
        coverage=coverage(counted),
        goals=int(shots["is_goal"].astype(bool).sum()),
        xg=float(shots["xg"].sum()),
        n_shots=len(shots),
        n_seen=int(shots["has_seen_match"].astype(bool).sum()),
        n_without_positions=int((~plain["has_positions"].astype(bool)).sum()),
        home_and_away=_home_and_away(counted),
        table=table(counted),
        trends=trends(counted),
        finishing=finishing,
        keeping=keeping,
        finishing_spread=spread(finishing),
        keeping_spread=spread(keeping),
        players=_player_luck(plain, "player_id"),
        keepers=_keeper_luck(plain),
        n_keepers=int(plain["keeper_id"].nunique()),
        extremes=extremes(counted, shots),
        reasons=season_reasons(shots, reasons),
        rounds=_rounds(counted),
    )


def _club_luck(
    plain: pd.DataFrame, matches: Sequence[SeasonMatch], column: str
) -> tuple[GoalLuck[ClubKey], ...]:
    clubs = {(c.provider, c.team_id): c for match in matches for c in (match.home, match.away)}
    return goal_luck(plain, [clubs[key] for key in zip(plain["provider"], plain[column], strict=True)])


def _player_luck(plain: pd.DataFrame, column: str) -> tuple[GoalLuck[PlayerKey], ...]:
    named = plain[plain[column].notna()]
    return goal_luck(named, [PlayerKey(*key) for key in zip(named["provider"], named[column], strict=True)])


def _keeper_luck(plain: pd.DataFrame) -> tuple[GoalLuck[PlayerKey], ...]:
    faced = plain.groupby(["provider", "keeper_id"])["xg"].transform("size")  # no keeper known: NaN
    found = _player_luck(plain[faced >= KEEPER_SHOTS], "keeper_id")
    return tuple(sorted(found, key=lambda row: (row.over, str(row.whose))))


def _home_and_away(matches: Sequence[MatchChances]) -> HomeAndAway | None:
    known = [(match, match.shares) for match in matches if match.shares is not None and match.match.counts]
    if not known:
        return None
    results = [match.result for match, _ in known]
    return HomeAndAway(
        n_matches=len(known),
        home_xg=sum(match.home.xg for match, _ in known) / len(known),
        away_xg=sum(match.away.xg for match, _ in known) / len(known),
        home_wins=results.count("home"),
        draws=results.count("draw"),
        away_wins=results.count("away"),
        expected_home=sum(shares.home for _, shares in known),
        expected_draws=sum(shares.draw for _, shares in known),
        expected_away=sum(shares.away for _, shares in known),
    )


def _rounds(matches: Sequence[MatchChances]) -> tuple[RoundMatches, ...]:
    ordered = sorted(matches, key=lambda match: (match.match.round, match.match.match_date, match.match.key))
    rounds = [
        RoundMatches(key, tuple(part)) for key, part in groupby(ordered, key=lambda match: match.match.round)
    ]
    return tuple(sorted(rounds, key=_newest, reverse=True))


def _newest(found: RoundMatches) -> tuple[int, str]:
    """Matchdays by their number, other rounds by their last day: those that have a number come first where both are."""
    number = found.key.round
    return (int(number) if is_number(number) else 0), str(found.matches[-1].match.match_date)
