"""An invented league with scenes: for demonstrations, for tests, and for questions that need the truth.

Clubs, players and results are made up; shots, keepers and opponents follow statistics measured on real shots
(``docs/simulator.md``). The same seed gives the same league, match for match, and a matchday can be played
alone: it is the one that the whole league would have held. Every record says ``is_simulated``.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from xgoals.domain.errors import SettingsError
from xgoals.domain.match import Match
from xgoals.domain.scene import MatchRecord
from xgoals.feeds.matchday import Matchday
from xgoals.feeds.schedule import PlannedMatch
from xgoals.feeds.simulator import names
from xgoals.feeds.simulator.fixtures import Fixture, draw_order, fixtures, matchdays, season_id, season_name
from xgoals.feeds.simulator.league import Club, Stream, build_clubs, draw_lineup, season_form, stream
from xgoals.feeds.simulator.play import play
from xgoals.feeds.simulator.record import PROVIDER, shots_and_scenes
from xgoals.feeds.simulator.scenes import PITCH

__all__ = [
    "DEFAULT_CLUBS",
    "DEFAULT_SEASONS",
    "DEFAULT_SEED",
    "season_schedule",
    "simulate_league",
    "simulate_matchday",
]

DEFAULT_SEED = 1863
"""The year of the first Laws of the Game."""
DEFAULT_SEASONS = 3
DEFAULT_CLUBS = 18


def simulate_league(
    *, seasons: int = DEFAULT_SEASONS, seed: int = DEFAULT_SEED, clubs: int = DEFAULT_CLUBS
) -> Iterator[MatchRecord]:
    """All matches of the invented league, matchday by matchday; memory does not grow with their number.

    Parameters
    ----------
    seasons
        How many seasons, from 2023/24 on. With 18 clubs a season has 306 matches and about 8,000 shots.
    seed
        The same seed gives the same records.
    clubs
        An even number from 4 to 18.

    Yields
    ------
    MatchRecord
        In the order of matchdays, then of kick-off.

    Raises
    ------
    SettingsError
        If there cannot be such a league.
    """
    _check(seasons, 1, seed, clubs)
    for season in range(1, seasons + 1):
        for matchday in range(1, matchdays(clubs) + 1):
            yield from simulate_matchday(season, matchday, seed=seed, clubs=clubs)


def simulate_matchday(
    season: int, matchday: int, *, seed: int = DEFAULT_SEED, clubs: int = DEFAULT_CLUBS
) -> list[MatchRecord]:
    """One matchday, the same records as in the whole league of that seed.

    Parameters
    ----------
    season, matchday
        Both from 1; there is no last season.
    seed, clubs
        As in `simulate_league`.

    Raises
    ------
    SettingsError
        If there cannot be such a league or matchday.
    """
    _check(season, matchday, seed, clubs)
    in_form = _clubs_of_season(seed, season, clubs)
    order = draw_order(stream(seed, Stream.SEASON, season, 1), clubs)
    return [_match(seed, season, matchday, f, in_form) for f in fixtures(order, season, matchday)]


def season_schedule(
    season: int, *, seed: int = DEFAULT_SEED, clubs: int = DEFAULT_CLUBS
) -> list[PlannedMatch]:
    """All matches of a season with their planned kick-offs, as the league publishes them before it begins.

    Raises
    ------
    SettingsError
        If there cannot be such a league.
    """
    _check(season, 1, seed, clubs)
    order = draw_order(stream(seed, Stream.SEASON, season, 1), clubs)
    return [
        PlannedMatch(
            Matchday(names.COMPETITION_ID, season_id(season), matchday),
            _match_id(season, matchday, fixture),
            fixture.kick_off,
        )
        for matchday in range(1, matchdays(clubs) + 1)
        for fixture in fixtures(order, season, matchday)
    ]


def _match_id(season: int, matchday: int, fixture: Fixture) -> str:
    return f"{season_id(season)}-{matchday:02d}-{fixture.number}"


def _check(season: int, matchday: int, seed: int, clubs: int) -> None:
    if clubs % 2 or not 4 <= clubs <= len(names.CLUBS):
        raise SettingsError(
            f"a league of {clubs} clubs cannot be simulated", advice="Take an even number from 4 to 18"
        )
    if season < 1:
        raise SettingsError(f"there is no season {season}", advice="Seasons count from 1")
    if not 1 <= matchday <= matchdays(clubs):
        raise SettingsError(
            f"there is no matchday {matchday}", advice=f"A season has matchdays 1 to {matchdays(clubs)}"
        )
    if seed < 0:
        raise SettingsError(f"a seed cannot be negative ({seed})", advice="Take 0 or more")


def _clubs_of_season(seed: int, season: int, clubs: int) -> tuple[Club, ...]:
    attack, defence = season_form(seed, season, clubs)
    return tuple(
        replace(club, attack=club.attack + attack[i], defence=club.defence + defence[i])
        for i, club in enumerate(build_clubs(seed, clubs))
    )


def _match(seed: int, season: int, matchday: int, fixture: Fixture, clubs: tuple[Club, ...]) -> MatchRecord:
    rng = stream(seed, Stream.MATCH, season, matchday, fixture.number)
    home, away = clubs[fixture.home], clubs[fixture.away]
    lineups = (draw_lineup(rng), draw_lineup(rng))
    first_added_s, second_added_s = (float(np.round(60 * s)) for s in rng.uniform((1, 3), (4, 8)))
    attempts = play(rng, (home, away), lineups, (first_added_s, second_added_s))
    match_id = _match_id(season, matchday, fixture)
    shots, scenes = shots_and_scenes(
        rng, match_id, fixture.kick_off, first_added_s, (home, away), lineups, attempts
    )
    goals = {
        club.team.team_id: sum(s.is_goal for s in shots if s.team_id == club.team.team_id)
        for club in (home, away)
    }
    match = Match(
        provider=PROVIDER,
        match_id=match_id,
        competition_id=names.COMPETITION_ID,
        competition=names.COMPETITION,
        season_id=season_id(season),
        season=season_name(season),
        match_date=fixture.kick_off.date(),
        home=home.team,
        away=away.team,
        pitch=PITCH,
        matchday=matchday,
        kick_off=fixture.kick_off,
        home_score=goals[home.team.team_id],
        away_score=goals[away.team.team_id],
        is_simulated=True,
    )
    players = tuple(
        club.squad.players[i] for club, lineup in zip((home, away), lineups, strict=True) for i in lineup.used
    )
    return MatchRecord(match, (home.team, away.team), players, shots, scenes)
