"""A season as its pages, and those of its clubs and players, are written from: read once, kept as it is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.match import MatchStatus
from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, RoundKey, SeasonKey
from xgoals.domain.season import SeasonMatch
from xgoals.steps.pages.selection import round_name
from xgoals.store.told import play
from xgoals.store.told.season_matches import read_season_matches

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class SeasonData:
    """All that pages tell of a season.

    Attributes
    ----------
    key
        Which season.
    matches
        By date, played or not.
    shots
        Every shot with a published number, penalties among them: the columns of
        :func:`xgoals.store.told.play.read_shots`, and ``competition, season, matchday, round, home_team, away_team,
        home_score, away_score`` of the match, ``anchor`` of the shot's card on the page of its match.
    reasons, actors, seen
        Why, who took what, who is in the frames: of the same shots, by ``shot_key``
        (:func:`~xgoals.store.told.play.read_reason_values`, :func:`~xgoals.store.told.play.read_actors`,
        :func:`~xgoals.store.told.play.read_seen`). Reasons may be there for a part of the shots only.
    own_goals, incidents
        Goals that are nobody's shot; cards and substitutions, where feeds tell of them. Line-ups are not stored:
        minutes on the pitch are not known.
    clubs
        Who plays, by name.
    players
        Names of all who took, prepared or faced a shot, or changed one, as people know them; the id where a feed names
        nobody.
    """

    key: SeasonKey
    matches: tuple[SeasonMatch, ...]
    shots: "pd.DataFrame"
    reasons: "pd.DataFrame"
    actors: "pd.DataFrame"
    seen: "pd.DataFrame"
    own_goals: "pd.DataFrame"
    incidents: "pd.DataFrame"
    clubs: tuple[ClubKey, ...]
    players: dict[PlayerKey, str]

    def matches_of(self, club: ClubKey) -> tuple[SeasonMatch, ...]:
        """The matches of a club, by date."""
        return tuple(match for match in self.matches if club in (match.home, match.away))


def read_season(connection: Connection, season: SeasonKey) -> SeasonData:
    """Read a season."""
    fixtures = read_season_matches(connection, season)
    keys = list(zip(fixtures["provider"], fixtures["match_id"], strict=True))
    shots, actors = play.read_shots(connection, keys), play.read_actors(connection, keys)
    matches = _matches(season, fixtures, shots)
    clubs = {club for match in matches for club in (match.home, match.away)}
    return SeasonData(
        key=season,
        matches=matches,
        shots=_with_matches(shots, matches),
        reasons=play.read_reason_values(connection, keys),
        actors=actors,
        seen=play.read_seen(connection, keys),
        own_goals=play.read_own_goals_by_id(connection, keys),
        incidents=play.read_incidents(connection, keys),
        clubs=tuple(sorted(clubs, key=lambda club: (club.name, club))),
        players=_players(shots, actors),
    )


def _matches(season: SeasonKey, fixtures: "pd.DataFrame", shots: "pd.DataFrame") -> tuple[SeasonMatch, ...]:
    counts = shots.groupby(["provider", "match_id"]).size().to_dict()
    plain = fixtures.astype(object).where(fixtures.notna(), None)
    return tuple(
        SeasonMatch(
            key=MatchKey(row["provider"], row["match_id"]),
            round=RoundKey(season, round_name(row["matchday"], row["stage"], str(row["match_date"]))),
            matchday=_whole(row["matchday"]),
            match_date=row["match_date"],
            home=ClubKey(season, row["provider"], row["home_team_id"], row["home_team"]),
            away=ClubKey(season, row["provider"], row["away_team_id"], row["away_team"]),
            home_score=_whole(row["home_score"]),
            away_score=_whole(row["away_score"]),
            status=MatchStatus(row["status"]),
            n_shots=int(counts.get((row["provider"], row["match_id"]), 0)),
            is_simulated=bool(row["is_simulated"]),
        )
        for row in plain.to_dict("records")
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _with_matches(shots: "pd.DataFrame", matches: tuple[SeasonMatch, ...]) -> "pd.DataFrame":
    """The shots, which are in the order of play, with what is told of their matches and the names of their cards."""
    import pandas as pd

    columns = (
        "provider", "match_id", "competition", "season", "matchday", "round", "home_team", "away_team", "home_score",
        "away_score",
    )  # fmt: skip
    rows = [
        (
            match.key.provider, match.key.match_id, match.round.season.competition, match.round.season.season,
            match.matchday, match.round.round, match.home.name, match.away.name, match.home_score, match.away_score,
        )
        for match in matches
    ]  # fmt: skip
    about = pd.DataFrame(rows, columns=list(columns)).astype(
        {"matchday": "Int64", "home_score": "Int64", "away_score": "Int64"}
    )
    told = shots.merge(about, on=["provider", "match_id"], how="left", validate="m:1")
    number = told.groupby(["provider", "match_id"]).cumcount() + 1
    return told.assign(anchor="shot-" + number.astype(str))


def _players(shots: "pd.DataFrame", actors: "pd.DataFrame") -> dict[PlayerKey, str]:
    named: dict[PlayerKey, str] = {}
    for frame, player_id, name in (
        (actors, "player_id", "player"),
        (shots, "keeper_id", "keeper"),
        (shots, "assist_player_id", "assist_player"),
        (shots, "player_id", "player"),
    ):
        known = frame[frame[player_id].notna()].drop_duplicates(["provider", player_id])
        for provider, key, called in zip(known["provider"], known[player_id], known[name], strict=True):
            named[PlayerKey(provider, key)] = called if isinstance(called, str) else str(key)
    return named
