"""What is stored becomes domain objects again, match by match."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Row, text

from xgoals.domain.circumstances import FLAGS, Assist, Circumstances, PassHeight, PassKind, ShotEnd
from xgoals.domain.incident import Incident, IncidentKind
from xgoals.domain.match import Match, MatchStatus, OwnGoal, Player, Team
from xgoals.domain.model import ModelVersion
from xgoals.domain.page_keys import MatchKey
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import FrameSource, MatchRecord, Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.store.bulk.arrays import read_arrays
from xgoals.store.database import read_frame
from xgoals.store.told.common_names import with_common_names
from xgoals.store.told.matches import TOLD_MATCH

if TYPE_CHECKING:
    import pandas as pd

_BATCH = 200


_MATCHES = """select m.*, home.name as home_name, away.name as away_name from match m
               join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
               join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)"""


def read_record(connection: Connection, provider: str, match_id: str) -> MatchRecord | None:
    """One match with its shots and scenes (not its clips), if it is stored."""
    matches = connection.execute(
        text(f"{_MATCHES} where (m.provider, m.match_id) = (:provider, :match_id)"),
        {"provider": provider, "match_id": match_id},
    ).all()
    return next(_read_batch(connection, matches), None) if matches else None


def read_records(connection: Connection) -> Iterator[MatchRecord]:
    """Every match with its shots and scenes (not its clips), by date and match id; memory stays bounded."""
    matches = connection.execute(text(f"{_MATCHES} order by m.match_date, m.provider, m.match_id")).all()
    for start in range(0, len(matches), _BATCH):
        yield from _read_batch(connection, matches[start : start + _BATCH])


def read_fixtures(connection: Connection, *, with_shots: bool = False) -> "pd.DataFrame":
    """One row a match: ``provider, match_id, competition, season, matchday, stage, match_date, home_team, away_team,
    home_team_id, away_team_id, home_score, away_score, is_simulated, fingerprint, status``, by date.

    ``competition`` is one provider's (:data:`xgoals.store.told.matches.TOLD_MATCH`). ``with_shots``: only those that
    have a shot.
    """
    return read_frame(
        connection,
        f"""select m.provider, m.match_id, m.competition, m.season, m.matchday, m.stage, m.match_date,
                  home.name as home_team, away.name as away_team, m.home_team_id, m.away_team_id, m.home_score,
                  m.away_score, m.is_simulated,
                  m.fingerprint, m.status
           from {TOLD_MATCH} m
           join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
           join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
           where not :with_shots or exists (
               select from shot s where (s.provider, s.match_id) = (m.provider, m.match_id) and s.withdrawn_at is null)
           order by m.match_date, m.provider, m.match_id""",  # noqa: S608
        {"with_shots": with_shots},
    )


def match_keys(connection: Connection) -> list[MatchKey]:
    """Every match that has a shot."""
    rows = connection.execute(
        text("select distinct provider, match_id from shot where withdrawn_at is null order by 1, 2")
    )
    return [MatchKey(row.provider, row.match_id) for row in rows]


def read_names(connection: Connection, provider: str, match_ids: Collection[str]) -> dict[str, str]:
    """What people call a provider's competitions, seasons, clubs and these of its matches, by their ids."""
    of = {"provider": provider}
    seasons = text(
        """select competition_id, competition, season_id, season from match where provider = :provider
           group by 1, 2, 3, 4 order by max(match_date), max(match_id)"""  # the latest match's word stands
    )
    teams = connection.execute(
        text("select team_id, name from team where provider = :provider order by team_id"), of
    )
    names: dict[str, str] = {row.team_id: row.name for row in teams}
    for competition_id, competition, season_id, season in connection.execute(seasons, of):
        names |= {competition_id: competition, season_id: season}
    matches = connection.execute(
        text(
            """select match_id, home_team_id, away_team_id from match
               where provider = :provider and match_id = any(:ids)"""
        ),
        of | {"ids": list(match_ids)},
    )
    return names | {row.match_id: f"{names[row.home_team_id]} – {names[row.away_team_id]}" for row in matches}


def sampled_matches(connection: Connection, n_shots: int) -> tuple[list[tuple[str, str]], int]:
    """Whole matches with at most so many shots, and how many shots there are in all.

    By a hash of provider and match id, so that every database and every night draws the same ones: a new match takes
    its place among them or does not, and the others stay. All matches where that many shots hold all.

    Returns
    -------
    matches, n_stored
        Provider and match id; the number of shots of all matches.
    """
    rows = connection.execute(
        text(
            """select provider, match_id,
                      sum(n) over (order by md5(provider || '/' || match_id), provider, match_id) as upto
               from (select provider, match_id, count(*) as n from shot where withdrawn_at is null
                     group by provider, match_id) counted
               order by upto"""
        )
    ).all()
    return [(row.provider, row.match_id) for row in rows if row.upto <= n_shots], int(
        rows[-1].upto
    ) if rows else 0


def features_of_matches(
    connection: Connection, model: ModelVersion, providers: Iterable[str], match_ids: Iterable[str]
) -> npt.NDArray[np.int64]:
    """The ``features_key`` of the shots of some matches under a model's catalogue, by date, match and event."""
    found = read_arrays(
        connection,
        """select f.features_key
           from unnest(%(providers)s::text[], %(match_ids)s::text[]) as a (provider, match_id)
           join match m using (provider, match_id)
           join shot s using (provider, match_id)
           join shot_feature f using (shot_key)
           where f.is_current and (f.catalogue, f.catalogue_version) = (%(catalogue)s, %(version)s)
           order by m.match_date, s.provider, s.match_id, s.event_n""",
        {
            "providers": list(providers),
            "match_ids": list(match_ids),
            "catalogue": model.catalogue,
            "version": model.catalogue_version,
        },
        {"features_key": "i8"},
    )
    return found["features_key"]


def read_people(connection: Connection, provider: str, match_id: str) -> "pd.DataFrame":
    """Everybody but the shooters in a match's scenes: ``shot_id, person_n, x_m, y_m, is_teammate, is_keeper, vx_ms,
    vy_ms`` and ``player``, the name that people know.
    """
    people = read_frame(
        connection,
        """select s.shot_id, p.person_n, p.x_m, p.y_m, p.is_teammate, p.is_keeper,
                  coalesce(n.short_name, n.name) as player, p.vx_ms, p.vy_ms
           from shot s
           join shot_position p using (shot_key)
           left join player n on (n.provider, n.player_id) = (s.provider, p.player_id)
           where (s.provider, s.match_id) = (:provider, :match_id) and s.withdrawn_at is null
           order by s.event_n, p.person_n""",
        {"provider": provider, "match_id": match_id},
    )
    return with_common_names(people, "player")


def _read_batch(connection: Connection, matches: Iterable[Row[Any]]) -> Iterator[MatchRecord]:
    matches = list(matches)
    wanted = {"providers": [m.provider for m in matches], "ids": [m.match_id for m in matches]}
    chosen = (
        "(provider, match_id) in (select * from unnest(cast(:providers as text[]), cast(:ids as text[])))"
    )
    shots = _by_match(
        connection,
        f"select * from shot where {chosen} and withdrawn_at is null order by match_id, event_n",  # noqa: S608
        wanted,
    )
    people = _by_match(
        connection,
        f"""select s.provider, s.match_id, s.shot_id, p.* from shot_position p join shot s using (shot_key)
            where {chosen} and s.withdrawn_at is null order by s.match_id, s.shot_id, p.person_n""",  # noqa: S608
        wanted,
    )
    own_goals = _by_match(
        connection,
        f"select * from own_goal where {chosen} order by match_id, goal_n",  # noqa: S608
        wanted,
    )
    incidents = _by_match(
        connection,
        f"select * from match_incident where {chosen} order by match_id, incident_n",  # noqa: S608
        wanted,
    )
    players = {
        (row.provider, row.player_id): Player(row.player_id, row.name, row.short_name)
        for row in connection.execute(text("select * from player"))
    }
    for match in matches:
        key = (match.provider, match.match_id)
        rows = _Rows(*(of.get(key, []) for of in (shots, people, own_goals, incidents)))
        yield _record(match, rows, players)


def _by_match(
    connection: Connection, query: str, parameters: dict[str, Any]
) -> dict[tuple[str, str], list[Row[Any]]]:
    found: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in connection.execute(text(query), parameters):
        found.setdefault((row.provider, row.match_id), []).append(row)
    return found


class _Rows(NamedTuple):
    """What is stored of one match."""

    shots: list[Row[Any]]
    people: list[Row[Any]]
    own_goals: list[Row[Any]]
    incidents: list[Row[Any]]

    def player_ids(self) -> set[str]:
        """Everybody who is named."""
        ids = {row.player_id for part in self for row in part}
        ids |= {shot.assist_player_id for shot in self.shots}
        ids |= {incident.replacement_id for incident in self.incidents}
        return ids - {None}


def _record(
    match: Row[Any],
    rows: _Rows,
    players: dict[tuple[str, str], Player],
) -> MatchRecord:
    home, away = Team(match.home_team_id, match.home_name), Team(match.away_team_id, match.away_name)
    people_of = {shot_id: tuple(of) for shot_id, of in groupby(rows.people, key=attrgetter("shot_id"))}
    return MatchRecord(
        match=_match(match, home, away),
        teams=(home, away),
        players=tuple(players.get((match.provider, key), Player(key)) for key in sorted(rows.player_ids())),
        shots=tuple(map(_shot, rows.shots)),
        scenes=tuple(_scene(shot, people_of.get(shot.shot_id, ())) for shot in rows.shots),
        own_goals=tuple(
            OwnGoal(goal.team_id, goal.player_id, goal.minute, goal.period, goal.second)
            for goal in rows.own_goals
        ),
        incidents=tuple(map(_incident, rows.incidents)),
    )


def _incident(row: Row[Any]) -> Incident:
    return Incident(
        IncidentKind(row.kind),
        row.team_id,
        row.player_id,
        row.period,
        row.minute,
        row.second,
        row.replacement_id,
    )


def _match(row: Row[Any], home: Team, away: Team) -> Match:
    return Match(
        provider=row.provider,
        match_id=row.match_id,
        competition_id=row.competition_id,
        competition=row.competition,
        season_id=row.season_id,
        season=row.season,
        match_date=row.match_date,
        home=home,
        away=away,
        pitch=Pitch(row.pitch_length_m, row.pitch_width_m),
        matchday=row.matchday,
        stage=row.stage,
        kick_off=row.kick_off,
        home_score=row.home_score,
        away_score=row.away_score,
        message_time=row.message_time,
        is_simulated=row.is_simulated,
        status=MatchStatus(row.status),
    )


def _shot(row: Row[Any]) -> Shot:
    return Shot(
        shot_id=row.shot_id,
        event_n=row.event_n,
        period=row.period,
        minute=row.minute,
        second=row.second,
        period_time_s=row.period_time_s,
        event_time=row.event_time,
        team_id=row.team_id,
        player_id=row.player_id,
        x_m=row.x_m,
        y_m=row.y_m,
        body_part=BodyPart(row.body_part),
        shot_type=ShotType(row.shot_type),
        outcome=Outcome(row.outcome),
        ball_control=BallControl(row.ball_control),
        set_up=SetUp(row.set_up),
        technique=Technique(row.technique),
        provider_xg=row.provider_xg,
        official=row.official,
        raw=row.raw,
        circumstances=_circumstances(row),
    )


def _circumstances(row: Row[Any]) -> Circumstances:
    assist = end = None
    if row.assist_kind is not None:
        height = None if row.assist_height is None else PassHeight(row.assist_height)
        assist = Assist(row.assist_player_id, PassKind(row.assist_kind), height, row.assist_is_switch)
    if row.end_x_m is not None:
        end = ShotEnd(row.end_x_m, row.end_y_m, row.end_z_m)
    return Circumstances(assist, end, **{name: getattr(row, name) for name in FLAGS})


def _scene(shot: Row[Any], people: tuple[Row[Any], ...]) -> Scene:
    return Scene(
        shot_id=shot.shot_id,
        people=tuple(
            Person(p.x_m, p.y_m, p.is_teammate, p.is_keeper, p.player_id, p.vx_ms, p.vy_ms) for p in people
        ),
        frame_source=FrameSource(shot.frame_source),
        frame_n=shot.frame_n,
        clock_offset_s=shot.clock_offset_s,
        confidence=shot.confidence,
        shooter_vx_ms=shot.shooter_vx_ms,
        shooter_vy_ms=shot.shooter_vy_ms,
        ball_x_m=shot.ball_x_m,
        ball_y_m=shot.ball_y_m,
        ball_z_m=shot.ball_z_m,
    )
