"""Everything that the page of one club in one season shows, as numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.club.blocks import DIRECTIONS, BoolArray, Direction
from xgoals.analysis.club.chances import Chances, chances
from xgoals.analysis.club.comparison import MIN_MATCHES, Difference, differences
from xgoals.analysis.club.defenders import Defenders, defenders
from xgoals.analysis.club.finishing import (
    GOALS_MINUS_XG,
    PlayerPasses,
    PlayerShots,
    Surplus,
    passers,
    players,
    surplus,
)
from xgoals.analysis.club.keepers import Keepers, keepers
from xgoals.analysis.club.origins import PassesKnown, passes_known
from xgoals.analysis.club.places import Square, squares
from xgoals.analysis.club.reasons import ProfilePoint, ReasonsFound, profile, reasons_found
from xgoals.analysis.club.season import SeasonShots, home_advantage, ranks
from xgoals.analysis.club.trend import (
    Change,
    ClubMatch,
    PerMatch,
    at_home,
    halves,
    of_matches,
    per_match,
    rolling,
)
from xgoals.analysis.club.ways import Way, ways


@dataclass(frozen=True, eq=False)
class SideOfClub:
    """The shots that a club took, or those that it faced.

    Attributes
    ----------
    shots
        The rows.
    per_match, rank
        xG a match with its interval, penalties among it, and the club's place among those with enough matches
        (1: the most for, the least against); None where it has not.
    rolling
        Mean xG of the last five matches, match by match; NaN for the first four.
    halves, at_home
        The second half of the matches against the first; home against away. None where one of the two has no match.
    squares, zones, origins, passes
        Where from, and how they came about.
    reasons, profile
        Why they are worth what they are; None and empty where no reasons are known.
    chances
        The ones that people remember.
    finishing, finishing_beside_league
        Goals beside xG, and beside what other clubs' shots gave.
    """

    shots: pd.DataFrame
    per_match: PerMatch
    rank: int | None
    rolling: tuple[float, ...]
    halves: Change | None
    at_home: Change | None
    squares: tuple[Square, ...]
    zones: tuple[Way, ...]
    origins: tuple[Way, ...]
    passes: tuple[Way, ...]
    reasons: ReasonsFound | None
    profile: tuple[ProfilePoint, ...]
    chances: Chances
    finishing: Surplus
    finishing_beside_league: Difference


@dataclass(frozen=True, eq=False)
class ClubNumbers:
    """One club in one season.

    Attributes
    ----------
    matches
        Those that count, by date.
    n_ranked
        Clubs of the season with matches enough to be ranked and tested.
    sides
        For and against.
    players, passers
        Who shot, and whose passes led to shots (empty where no feed says it).
    keepers, defenders
        At the shots faced.
    home_advantage
        How much more xG a match the home sides of the season have than the away sides.
    passes_known
        Of how many of the club's matches with a shot the feed tells passes.
    n_seen_by_model
        Shots whose number comes from a model that has learned from their match; they are in no comparison of goals.
    n_without_positions, n_without_penalties
        Of how many shots, for and against, nobody's position but the shooter's is known; all of them but penalties.
    """

    matches: tuple[ClubMatch, ...]
    n_ranked: int
    sides: Mapping[Direction, SideOfClub]
    players: tuple[PlayerShots, ...]
    passers: tuple[PlayerPasses, ...]
    keepers: Keepers
    defenders: Defenders
    home_advantage: float
    passes_known: PassesKnown
    n_seen_by_model: int
    n_without_positions: int
    n_without_penalties: int


def club_numbers(season: SeasonShots, club: str, matches: Sequence[ClubMatch]) -> ClubNumbers:
    """Everything about one club.

    Parameters
    ----------
    season
        All shots and comparisons.
    club
        Its id (:func:`xgoals.analysis.club.blocks.club_id`).
    matches
        Its matches that count, by date.
    """
    own, faced = (_is_of(season.shots, club, column) for column in ("team_id", "opponent_id"))
    found = differences(season.comparisons, club)
    sides = {
        direction: _side(season, club, direction, is_of, found, matches)
        for direction, is_of in zip(DIRECTIONS, (own, faced), strict=True)
    }
    plain = (own | faced) & ~season.shots["is_penalty"].to_numpy(dtype=bool)
    honest = ~season.shots["has_seen_match"].to_numpy(dtype=bool)
    return ClubNumbers(
        matches=tuple(matches),
        n_ranked=sum(n >= MIN_MATCHES for n in season.n_matches.values()),
        sides=sides,
        players=players(season.shots[own & honest]),
        passers=passers(season.shots[own]),
        keepers=keepers(season.shots[faced & honest], season.shots[~faced & honest]),
        defenders=defenders(season.shots[faced], season.actors, season.seen),
        home_advantage=home_advantage(season.shots, sum(season.n_matches.values()) // 2),
        passes_known=passes_known(season.shots[own | faced]),
        n_seen_by_model=int(((own | faced) & ~honest).sum()),
        n_without_positions=int((plain & ~season.shots["has_positions"].to_numpy(dtype=bool)).sum()),
        n_without_penalties=int(plain.sum()),
    )


def _is_of(shots: pd.DataFrame, club: str, column: str) -> BoolArray:
    return ((shots["provider"].astype(str) + "/" + shots[column].astype(str)) == club).to_numpy(dtype=bool)


def _side(
    season: SeasonShots,
    club: str,
    direction: Direction,
    is_of: BoolArray,
    found: Mapping[tuple[str, Direction], Difference],
    matches: Sequence[ClubMatch],
) -> SideOfClub:
    shots = season.shots[is_of]
    goals, values = season.shots["is_goal"].to_numpy(dtype=bool), season.profiles.xg
    xg = of_matches(matches, direction)
    told = {kind: ways(words, found, goals, values, is_of, direction) for kind, words in season.words.items()}
    n_others = sum(season.n_matches.values()) - season.n_matches.get(club, 0)
    return SideOfClub(
        shots=shots,
        per_match=per_match(xg),
        rank=ranks(season, direction).get(club),
        rolling=tuple(map(float, rolling(xg))),
        halves=halves(matches)[direction],
        at_home=at_home(matches)[direction],
        squares=squares(season.squares, is_of, goals, values, n_matches=len(matches), n_others=n_others),
        zones=told["zone"],
        origins=told["origin"],
        passes=told["pass"],
        reasons=reasons_found(found, shots, direction),
        profile=profile(season.profiles, is_of),
        chances=chances(shots),
        finishing=surplus(shots[~shots["has_seen_match"].astype(bool)]),
        finishing_beside_league=found[GOALS_MINUS_XG, direction],
    )
