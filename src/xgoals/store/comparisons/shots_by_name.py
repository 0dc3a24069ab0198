"""Single shots by name, with all that an explanation needs: who, when, features, and who has not seen the match."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from xgoals.domain.model import ModelVersion


@dataclass(frozen=True, slots=True)
class StoredShot:
    """A shot as it is stored.

    Attributes
    ----------
    withdrawn_at
        When its feed took it back; None where it counts.
    xg, scored_by
        The number that was published, and the model that said it; None where there is none yet.
    feature_values
        In the catalogue's order, NaN where one is missing; None where the shot has none of this catalogue.
    other_catalogues
        The catalogues that it has features of instead, such as ``"best-17 version 2"``.
    """

    provider: str
    match_id: str
    shot_id: str
    match_date: date
    home_team: str
    away_team: str
    team: str
    player: str | None
    period: int
    minute: int
    is_goal: bool
    is_penalty: bool
    withdrawn_at: datetime | None
    xg: float | None
    scored_by: str | None
    feature_values: list[float] | None
    other_catalogues: list[str]

    @property
    def name(self) -> str:
        """The id that no other shot has: ``provider/match/shot``."""
        return f"{self.provider}/{self.match_id}/{self.shot_id}"


def find_shots(connection: Connection, name: str, model: ModelVersion) -> list[StoredShot]:
    """The shots that bear a name: ``provider/match/shot``, ``match/shot`` or the shot's id alone.

    Ids may hold a slash themselves, so that every way to cut the name is looked up; more than one shot is found where
    a short name is not unique. Ordered by their full names.
    """
    cuts = [i for i, letter in enumerate(name) if letter == "/"]
    ends = [name] + [name[i + 1 :] for i in cuts]
    rows = connection.execute(
        text(
            """select s.provider, s.match_id, s.shot_id, m.match_date, home.name as home_team, away.name as away_team,
                      t.name as team, coalesce(p.short_name, p.name) as player, s.period, s.minute, s.is_goal,
                      s.is_penalty, s.withdrawn_at, published.xg, published.scored_by, f.feature_values,
                      coalesce((select array_agg(distinct o.catalogue || ' version ' || o.catalogue_version)
                                from shot_feature o where o.shot_key = s.shot_key and o.is_current), '{}')
                          as other_catalogues
               from shot s
               join match m using (provider, match_id)
               join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
               join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
               join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
               left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
               left join lateral (
                   select x.xg, x.model_version || coalesce('/' || x.sister, '') as scored_by from shot_xg x
                   where x.shot_key = s.shot_key and x.publication is not null
                   order by x.publication desc limit 1
               ) published on true
               left join shot_feature f on f.shot_key = s.shot_key and f.is_current
                   and (f.catalogue, f.catalogue_version) = (:catalogue, :version)
               where s.shot_id = any(:ends)
                 and :name in (s.shot_id, s.match_id || '/' || s.shot_id,
                               s.provider || '/' || s.match_id || '/' || s.shot_id)
               order by s.provider, s.match_id, s.shot_id"""
        ),
        {"name": name, "ends": ends, "catalogue": model.catalogue, "version": model.catalogue_version},
    )
    return [StoredShot(**row._mapping) for row in rows]


_LIKE_AT_MOST = 2_000


def names_like(connection: Connection, name: str) -> list[str]:
    """Full names of shots whose id begins or ends as the last part of a name, or whose match is the part before."""
    *before, end = name.split("/")
    rows = connection.execute(
        text(
            """select provider || '/' || match_id || '/' || shot_id as name from shot
               where withdrawn_at is null
                 and (left(shot_id, 4) = left(:end, 4) or right(shot_id, 4) = right(:end, 4) or match_id = :match)
               order by (match_id = :match) desc, provider, match_id, shot_id limit :most"""
        ),
        {"end": end, "match": before[-1] if before else "", "most": _LIKE_AT_MOST},
    )
    return [row.name for row in rows]


def sisters_that_have_not_seen(
    connection: Connection, model_version: str, matches: Collection[tuple[str, str]]
) -> dict[tuple[str, str], int | None]:
    """Which part of a model version has not seen each match.

    Returns
    -------
    dict
        0: nobody has, the champion itself speaks; 1, 2, ...: this sister has not, all the others have; None: the
        version has no sisters, and learned from the match.
    """
    rows = connection.execute(
        text(
            """select s.provider, s.match_id, case when mm.model_version is null then face.sister else mm.sister end
                   as sister
               from unnest(cast(:providers as text[]), cast(:ids as text[])) as s (provider, match_id)
               left join model_match mm
                   on (mm.model_version, mm.provider, mm.match_id) = (:version, s.provider, s.match_id)
               left join model_sister face
                   on mm.model_version is null and face.provider = s.provider and face.base = 0 and face.fold is null
                      and face.model_version = :version
               where mm.model_version is not null or face.model_version is not null"""
        ),
        {
            "version": model_version,
            "providers": [provider for provider, _ in matches],
            "ids": [match_id for _, match_id in matches],
        },
    )
    return dict.fromkeys(matches, 0) | {(row.provider, row.match_id): row.sister for row in rows}
