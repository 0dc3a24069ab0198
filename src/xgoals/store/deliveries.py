"""Which files a match was read from: what later deliveries of it are weighed against."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from xgoals.domain.match import Match
from xgoals.store.database import copy_rows

_FILE = ("feed", "path", "provider", "match_id", "fingerprint", "kind", "sha256", "message_time")


class FeedFile(NamedTuple):
    """A file that a match was read from; kind, hash and time where the feed has them."""

    path: str
    kind: str | None = None
    sha256: str | None = None
    message_time: datetime | None = None


def stored_deliveries(connection: Connection) -> dict[tuple[str, str], dict[str, Any]]:
    """(provider, match id) -> ``feed, fingerprint, message_time, files`` of what is stored."""
    rows = connection.execute(
        text(
            """select m.provider, m.match_id, m.feed, m.fingerprint, m.message_time,
                      array_agg(row_to_json(f)) filter (where f.kind is not null) as files
               from match m left join feed_file f using (feed, provider, match_id)
               group by m.provider, m.match_id"""
        )
    )
    return {(row.provider, row.match_id): _delivery(row) for row in rows}


def _delivery(row: Row[Any]) -> dict[str, Any]:
    files = [
        FeedFile(
            file["path"],
            file["kind"],
            file["sha256"],
            datetime.fromisoformat(file["message_time"]) if file["message_time"] else None,
        )
        for file in row.files or ()
    ]
    return {
        "feed": row.feed,
        "fingerprint": row.fingerprint,
        "message_time": row.message_time,
        "files": files,
    }


@contextmanager
def matches_in_hand(connection: Connection, match_ids: Iterable[str]) -> Iterator[None]:
    """Keep others from weighing and writing these matches meanwhile; they wait.

    The locks are taken in the same order everywhere, so that two who want the same matches never wait for
    each other. They belong to the connection, not to its transactions.
    """
    names = [f"xgoals match {match_id}" for match_id in match_ids]
    connection.execute(
        text(
            """select pg_advisory_lock(key) from (
                   select distinct hashtextextended(name, 0) as key from unnest(cast(:names as text[])) name
                   order by key) keys"""
        ),
        {"names": names},
    )
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("select pg_advisory_unlock_all()"))
        connection.commit()


def read_matchdays(connection: Connection) -> list[dict[str, Any]]:
    """Every match that has a matchday: ids, teams, message time, and the ``kinds`` of files it was read from."""
    rows = connection.execute(
        text(
            """select m.provider, m.match_id, m.competition_id, m.season_id, m.matchday, m.home_team_id,
                      m.away_team_id, m.message_time,
                      coalesce(array_agg(f.kind) filter (where f.kind is not null), '{}') as kinds
               from match m left join feed_file f using (provider, match_id)
               where m.matchday is not null
               group by m.provider, m.match_id"""
        )
    )
    return [dict(row._mapping) for row in rows]


def save_files(
    connection: Connection, feed: str, match: Match, files: Iterable[FeedFile], *, fingerprint: str
) -> None:
    """Remember which files a match was read from."""
    connection.execute(
        text("delete from feed_file where (provider, match_id) = (:provider, :match_id)"),
        {"provider": match.provider, "match_id": match.match_id},
    )
    rows = [
        (feed, f.path, match.provider, match.match_id, fingerprint, f.kind, f.sha256, f.message_time)
        for f in files
    ]
    copy_rows(connection, "feed_file", _FILE, rows)


def save_fingerprint(connection: Connection, provider: str, match_id: str, fingerprint: str) -> None:
    """Remember another fingerprint of what is stored: the same content has come again."""
    connection.execute(
        text(
            "update match set fingerprint = :fingerprint where (provider, match_id) = (:provider, :match_id)"
        ),
        {"provider": provider, "match_id": match_id, "fingerprint": fingerprint},
    )
