"""One match: what is stored of it, and how all of it goes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from xgoals.domain.errors import SettingsError
from xgoals.domain.page_keys import MatchKey, ambiguous, ids_in
from xgoals.store.arrivals.home_paths import path_here
from xgoals.store.arrivals.told_names import erase_unnamed, forget_names
from xgoals.store.match_news import Key

_IS_MATCH = "(provider, match_id) = (:provider, :match_id)"
_PAGE = "kind = 'match' and (facts ->> 'provider', facts ->> 'match_id') = (:provider, :match_id)"


@dataclass(frozen=True, slots=True)
class Erased:
    """What went with a match.

    Attributes
    ----------
    n_shots, n_published
        Shots, and numbers that were published for them.
    files
        Pages and clips in the storage that are to be removed.
    feed_files
        The files that it was read from; nobody removes these.
    """

    n_shots: int
    n_published: int
    files: tuple[str, ...]
    feed_files: tuple[Path, ...]


def find_match(connection: Connection, match_id: str, provider: str | None = None) -> Key:
    """The key of a stored match, by its id or ``provider:id``.

    Raises
    ------
    SettingsError
        If there is none, or more than one provider has one of this id.
    """
    rows = connection.execute(
        text(
            """select provider, match_id from match
               where match_id = any(:ids) and coalesce(provider = :provider, true) order by 1, 2"""
        ),
        {"ids": list(ids_in([match_id])), "provider": provider},
    )
    found = [key for row in rows if (key := MatchKey(row.provider, row.match_id)).is_named(match_id)]
    if not found:
        raise SettingsError(f"no match '{match_id}' is stored", advice="The ids: xgoals export shots")
    if len(found) > 1:
        raise ambiguous(match_id, found, else_with="--provider")
    return found[0].provider, found[0].match_id


def describe_match(connection: Connection, key: Key) -> dict[str, Any]:
    """All that is known of a match, its shots as counts."""
    values = {"provider": key[0], "match_id": key[1]}
    match = connection.execute(
        text(
            """select m.*, home.name as home_team, away.name as away_team
               from match m
               join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
               join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
               where (m.provider, m.match_id) = (:provider, :match_id)"""
        ),
        values,
    ).one()
    return {
        **match._mapping,
        **_counts(connection, values),
        "published_by": _rows(
            connection,
            """select x.model_version, count(*) as shots from shot_xg x join shot s using (shot_key)
               where x.publication is not null and (s.provider, s.match_id) = (:provider, :match_id)
               group by 1 order by 1""",
            values,
        ),
        "feed_files": _files(
            connection,
            "select feed, path from feed_file where (provider, match_id) = (:provider, :match_id) order by path",
            values,
        ),
        "quarantine": _files(
            connection,
            """select q.severity, q.path, q.place, q.reason, q.advice
               from quarantine q join match m on (m.feed, m.match_id) = (q.feed, q.match_id)
                                             and coalesce(q.provider, m.provider) = m.provider
               where (m.provider, m.match_id) = (:provider, :match_id) order by 1, 2, 3""",
            values,
        ),
        "pages": _rows(connection, f"select title, path, run_id from report where {_PAGE}", values),  # noqa: S608
        "owed": _rows(
            connection,
            "select page, mail_due from match_news where (provider, match_id) = (:provider, :match_id)",
            values,
        ),
    }


def erase_match(connection: Connection, key: Key) -> Erased:
    """Remove a match with its shots, numbers, notes and names that nothing else needs; its files are named.

    What was learned from it stays in the models.
    """
    values = {"provider": key[0], "match_id": key[1]}
    counts = _counts(connection, values)
    clips = connection.scalars(
        text(f"select distinct clip_path from shot where clip_path is not null and {_IS_MATCH}"),  # noqa: S608
        values,
    ).all()
    pages = connection.scalars(text(f"delete from report where {_PAGE} returning path"), values).all()  # noqa: S608
    connection.execute(
        text(
            """delete from quarantine q using match m
               where (m.feed, m.match_id) = (q.feed, q.match_id) and coalesce(q.provider, m.provider) = m.provider
                 and (m.provider, m.match_id) = (:provider, :match_id)"""
        ),
        values,
    )
    feed_files = connection.scalars(
        text("delete from feed_file where (provider, match_id) = (:provider, :match_id) returning path"),
        values,
    ).all()
    forget_names(connection, *key)
    connection.execute(text(f"delete from match where {_IS_MATCH}"), values)  # noqa: S608
    erase_unnamed(connection, key[0])
    return Erased(
        counts["shots"],
        counts["numbers_published"],
        (*pages, *clips),
        tuple(Path(path_here(connection, path)) for path in dict.fromkeys(feed_files)),
    )


def erase_page(connection: Connection, kind: str, scope_id: str) -> list[str]:
    """Forget a page; where it lies in the storage."""
    statement = "delete from report where kind = :kind and scope_id = :scope_id returning path"
    return list(connection.scalars(text(statement), {"kind": kind, "scope_id": scope_id}))


def _counts(connection: Connection, values: dict[str, str]) -> dict[str, int]:
    row = connection.execute(
        text(
            f"""with of_match as (select * from shot where {_IS_MATCH})
                select count(*) as shots, count(*) filter (where is_goal) as goals,
                       count(*) filter (where exists (select from shot_position p where p.shot_key = s.shot_key))
                           as with_positions,
                       count(clip_path) as with_clip,
                       (select count(*) from own_goal where {_IS_MATCH}) as own_goals,
                       (select count(*) from shot_feature join of_match using (shot_key)) as feature_rows,
                       (select count(*) from shot_xg join of_match using (shot_key)
                        where publication is not null) as numbers_published
                from of_match s"""  # noqa: S608
        ),
        values,
    ).one()
    return dict(row._mapping)


def _rows(connection: Connection, query: str, values: dict[str, str]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(text(query), values)]


def _files(connection: Connection, query: str, values: dict[str, str]) -> list[dict[str, Any]]:
    """The same of rows that name feed files."""
    return [row | {"path": path_here(connection, row["path"])} for row in _rows(connection, query, values)]
