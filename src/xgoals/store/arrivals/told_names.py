"""How teams and players are called: as the latest match says that tells a name, in whatever order matches are read.

Each match keeps what it tells. So a match that is corrected, put off or deleted takes its word with it, and two
deliveries that come the other way round end with the same names.
"""

from collections.abc import Collection

from sqlalchemy import Connection, text

from xgoals.domain.match import Match
from xgoals.domain.scene import MatchRecord
from xgoals.store.database import copy_rows, upsert

_TELLING = ("provider", "match_id", "is_team", "id", "name", "short_name")
_OF_MATCH = "(provider, match_id) = (:provider, :match_id)"
_LATEST = "order by m.match_date desc, m.kick_off desc nulls last, m.match_id desc"


def begin_names(connection: Connection, record: MatchRecord) -> None:
    """Make the rows of teams and players that are new, and keep others from naming these until the transaction ends.

    All in one order, so that two matches that are written at once never wait for each other.
    """
    provider = record.match.provider
    teams = sorted({(provider, team.team_id, team.name) for team in record.teams})
    players = sorted(
        {p.player_id: (provider, p.player_id, p.name, p.short_name) for p in record.players}.items()
    )
    for table, columns, rows in (
        ("team", ("provider", "team_id", "name"), teams),
        ("player", ("provider", "player_id", "name", "short_name"), [row for _, row in players]),
    ):
        upsert(connection, table, columns, columns[:2], rows, overwrite=False)
        connection.execute(
            text(
                f"""select from {table} where provider = :provider and {columns[1]} = any(:ids)
                    order by {columns[1]} for no key update"""
            ),
            {"provider": provider, "ids": [row[1] for row in rows]},
        )


def save_names(connection: Connection, record: MatchRecord) -> None:
    """Keep what a stored match tells in place of what it told before, and call everybody by the latest word."""
    match = record.match
    before = _named(connection, match.provider, match.match_id)
    connection.execute(text(f"delete from told_name where {_OF_MATCH}"), _key(match))  # noqa: S608
    teams = {(True, team.team_id): (team.name, None) for team in record.teams}
    players = {(False, p.player_id): (p.name, p.short_name) for p in record.players}
    rows = (
        (match.provider, match.match_id, *who, *names) for who, names in sorted((teams | players).items())
    )
    copy_rows(connection, "told_name", _TELLING, rows)
    _call(connection, match.provider, before | _named(connection, match.provider, match.match_id))


def forget_names(connection: Connection, provider: str, match_id: str) -> None:
    """A match is about to be removed: its word no longer counts."""
    named = _named(connection, provider, match_id)
    connection.execute(
        text(f"delete from told_name where {_OF_MATCH}"),  # noqa: S608
        {"provider": provider, "match_id": match_id},
    )
    _call(connection, provider, named)


def _named(connection: Connection, provider: str, match_id: str) -> set[tuple[bool, str]]:
    """Whom a match names."""
    rows = connection.execute(
        text(f"select is_team, id from told_name where {_OF_MATCH}"),  # noqa: S608
        {"provider": provider, "match_id": match_id},
    )
    return {(row.is_team, row.id) for row in rows}


def _call(connection: Connection, provider: str, named: Collection[tuple[bool, str]]) -> None:
    """Give these the names that the latest matches tell; of several matches none of which tells one, he has none."""
    for table, key, is_team in (("team", "team_id", True), ("player", "player_id", False)):
        columns = ("name",) if is_team else ("name", "short_name")
        latest = ", ".join(
            f"(array_agg(o.{column} {_LATEST}) filter (where o.{column} is not null))[1] as {column}"
            for column in columns
        )
        new = ", ".join(f"l.{column}" for column in columns)
        connection.execute(
            text(
                f"""update {table} t set ({", ".join(columns)}) = row({new})
                    from (select o.id, {latest} from told_name o join match m using (provider, match_id)
                          where o.provider = :provider and o.is_team = :is_team and o.id = any(:ids)
                          group by o.id) l
                    where t.provider = :provider and t.{key} = l.id
                      and ({", ".join(f"t.{column}" for column in columns)}) is distinct from ({new})"""  # noqa: S608
            ),
            {
                "provider": provider,
                "is_team": is_team,
                "ids": [id_ for kind, id_ in named if kind == is_team],
            },
        )


def erase_unnamed(connection: Connection, provider: str) -> None:
    """Remove players and teams of a provider whom no match names and nothing refers to any more."""
    for statement in (
        """delete from player p where provider = :provider
             and not exists (select from told_name n where (n.provider, n.is_team, n.id)
                                                            = (p.provider, false, p.player_id))
             and not exists (select from shot s where (s.provider, s.player_id) = (p.provider, p.player_id))
             and not exists (select from shot s where (s.provider, s.assist_player_id) = (p.provider, p.player_id))
             and not exists (select from own_goal o where (o.provider, o.player_id) = (p.provider, p.player_id))
             and not exists (select from match_incident i where i.provider = p.provider
                             and p.player_id in (i.player_id, i.replacement_id))
             and not exists (select from shot_position q join shot s using (shot_key)
                             where (s.provider, q.player_id) = (p.provider, p.player_id))""",
        """delete from team t where provider = :provider
             and not exists (select from told_name n where (n.provider, n.is_team, n.id)
                                                            = (t.provider, true, t.team_id))
             and not exists (select from match m where m.provider = t.provider
                             and t.team_id in (m.home_team_id, m.away_team_id))
             and not exists (select from shot s where (s.provider, s.team_id) = (t.provider, t.team_id))""",
    ):
        connection.execute(text(statement), {"provider": provider})


def _key(match: Match) -> dict[str, str]:
    return {"provider": match.provider, "match_id": match.match_id}
