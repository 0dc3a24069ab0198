"""The pages of clubs in a season."""

from collections.abc import Collection, Mapping
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey
from xgoals.domain.provider_level import ProviderLevel
from xgoals.domain.season import SeasonMatch
from xgoals.domain.text import is_number
from xgoals.steps.pages.season_data import SeasonData
from xgoals.steps.pages.writer import ReportWriter

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.analysis.club.season import SeasonShots
    from xgoals.analysis.club.trend import ClubMatch
    from xgoals.analysis.profiles.shown import GroupOnPage
    from xgoals.analysis.season.table import ClubRow
    from xgoals.report.club.facts import ClubAbout, ClubLinks


def write_clubs(
    connection: Connection, writer: ReportWriter, data: SeasonData, changed: Collection[ClubKey]
) -> None:
    """Write the pages of those clubs of a season of which something has changed.

    All clubs of a season are compared once, whichever of them are written; those of one provider among themselves,
    for two that tell of the same matches would count them twice.
    """
    for provider, clubs in groupby(sorted(changed, key=_by_provider), key=attrgetter("provider")):
        with writer.or_warn(connection, f"{data.key.scope_id}, clubs"):
            season = season_of(data, provider)
            for club in clubs:
                with writer.or_warn(connection, club.name):
                    of_club = _of_matches(data.shots, data.matches_of(club))
                    levels = writer.levels_off(connection, of_club)
                    html = club_page(
                        data,
                        season,
                        club,
                        links_of(writer, data, club),
                        levels,
                        writer.language,
                        _profiles(connection, writer, data, club, of_club),
                    )
                    writer.save(connection, "club", club.scope_id, club.name, html, _index_facts(data, club))


def _by_provider(club: ClubKey) -> tuple[str, ClubKey]:
    return club.provider, club


def season_of(data: SeasonData, provider: str) -> "SeasonShots":
    """Every comparison of the clubs of a season that one provider tells of, over the matches that count."""
    from xgoals.analysis.club.blocks import club_id
    from xgoals.analysis.club.season import season_shots

    counted = _counted(data, provider)
    n_matches = {
        club_id(club.provider, club.team_id): sum(club in (match.home, match.away) for match in counted)
        for club in data.clubs
        if club.provider == provider
    }
    shots = _of_matches(data.shots, counted)
    return season_shots(shots, data.reasons, data.actors, data.seen, n_matches)


def _counted(data: SeasonData, provider: str) -> list[SeasonMatch]:
    return [match for match in data.matches if match.counts and match.key.provider == provider]


def club_page(
    data: SeasonData,
    season: "SeasonShots",
    club: ClubKey,
    links: "ClubLinks",
    levels: Mapping[str, ProviderLevel],
    language: str,
    profiles: "GroupOnPage | None" = None,
) -> str:
    """The page of one club as HTML."""
    from xgoals.analysis.club.blocks import club_id
    from xgoals.analysis.club.numbers import club_numbers
    from xgoals.report import club_report

    numbers = club_numbers(season, club_id(club.provider, club.team_id), _matches(data, club))
    return club_report(
        _about(data, club),
        numbers,
        season.comparisons,
        links,
        levels=levels,
        profiles=profiles,
        language=language,
    )


def _profiles(
    connection: Connection, writer: ReportWriter, data: SeasonData, club: ClubKey, shots: "pd.DataFrame"
) -> "GroupOnPage | None":
    """What the chances of the club depend on; nothing is read for a club with too few shots."""
    from xgoals.analysis.profiles.group import is_enough

    matches = {(match.key.provider, match.key.match_id) for match in data.matches_of(club)}
    if not is_enough(int((shots["team_id"] == club.team_id).sum()), len(matches)):
        return None
    return writer.profiles(connection, matches=sorted(matches), team=(club.provider, club.team_id))


def links_of(writer: ReportWriter, data: SeasonData, club: ClubKey) -> "ClubLinks":
    """Where the pages lie that a club's page leads to."""
    from xgoals.report.club.facts import ClubLinks

    matches = {match.key: writer.links.to(match.key) for match in data.matches_of(club)}
    of_club = _of_matches(data.shots, data.matches_of(club))
    cards = {}
    for key, provider, match_id, anchor in zip(
        *(of_club[column] for column in ("shot_key", "provider", "match_id", "anchor")), strict=True
    ):
        page = matches[MatchKey(provider, match_id)]
        cards[int(key)] = None if page is None else f"{page}#{anchor}"
    players = {
        player.player_id: writer.links.to(player)
        for player in data.players
        if player.provider == club.provider
    }
    return ClubLinks(writer.links.to(club.season), matches, players, cards)


def _of_matches(shots: "pd.DataFrame", matches: Collection[SeasonMatch]) -> "pd.DataFrame":
    import pandas as pd

    wanted = pd.MultiIndex.from_tuples(
        [(match.key.provider, match.key.match_id) for match in matches], names=["provider", "match_id"]
    )
    chosen: pd.DataFrame = shots[pd.MultiIndex.from_frame(shots[["provider", "match_id"]]).isin(wanted)]
    return chosen.reset_index(drop=True)


def _matches(data: SeasonData, club: ClubKey) -> list["ClubMatch"]:
    from xgoals.analysis.club.trend import ClubMatch

    sums = data.shots.groupby(["provider", "match_id", "team_id"])["xg"].sum().to_dict()

    def xg(match: SeasonMatch, of: ClubKey) -> float:
        return float(sums.get((match.key.provider, match.key.match_id, of.team_id), 0.0))

    return [
        ClubMatch(
            match.key, match.match_date, other.name, match.home == club, *_goals(match, club), xg(match, club),
            xg(match, other),
        )
        for match in data.matches_of(club)
        if match.counts
        for other in (match.away if match.home == club else match.home,)
    ]  # fmt: skip


def _goals(match: SeasonMatch, club: ClubKey) -> tuple[int, int]:
    """For and against, of a match that counts."""
    home, away = match.home_score or 0, match.away_score or 0
    return (home, away) if match.home == club else (away, home)


def _about(data: SeasonData, club: ClubKey) -> "ClubAbout":
    from xgoals.domain.match import MatchStatus
    from xgoals.report.club.facts import ClubAbout

    matches = data.matches_of(club)
    others = [match for match in matches if not match.counts]
    to_come = [match for match in others if match.status is MatchStatus.UNFINISHED]
    own_goals = _of_matches(data.own_goals, matches)["team_id"] == club.team_id
    return ClubAbout(
        name=club.name,
        competition=club.season.competition,
        season=club.season.season,
        provider=club.provider,
        namesakes=any(other.name == club.name and other != club for other in data.clubs),
        n_to_come=len(to_come),
        n_not_counted=len(others) - len(to_come),
        n_season_matches=len(_counted(data, club.provider)),
        n_own_goals=(int(own_goals.sum()), int((~own_goals).sum())),
        names={key.player_id: name for key, name in data.players.items() if _is_of(key, club)},
        points=_points(data, club),
        is_simulated=any(match.is_simulated for match in matches),
    )


def _points(data: SeasonData, club: ClubKey) -> "ClubRow | None":
    """The club's row of the table by chances, in a league."""
    from xgoals.analysis.season.chances import season_chances
    from xgoals.analysis.season.table import table

    matches = [match for match in data.matches_of(club) if match.counts]
    if not all(is_number(match.round.round) for match in matches):
        return None
    rows = table(season_chances(matches, _of_matches(data.shots, matches)))
    return next((row for row in rows if row.club == club and row.n_covered), None)


def _is_of(player: PlayerKey, club: ClubKey) -> bool:
    return player.provider == club.provider


def _index_facts(data: SeasonData, club: ClubKey) -> dict[str, Any]:
    """What index and search know of the page."""
    return {
        "competition": club.season.competition,
        "season": club.season.season,
        "match_date": str(max(match.match_date for match in data.matches_of(club))),
        "clubs": [club.name],
        "provider": club.provider,
        "team_id": club.team_id,
    }
