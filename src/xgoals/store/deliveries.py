"""Which files a match was read from: what later deliveries of it are compared with."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from xgoals.domain.match import Match
from xgoals.feeds.matchday import Matchday
from xgoals.feeds.resends import Stored, StoredMessage
from xgoals.store.database import copy_rows

_FILE = ("feed", "path", "provider", "match_id", "fingerprint", "kind", "sha256", "message_time")

Key = tuple[str, str]
"""Provider and match id."""


class FeedFile(NamedTuple):
    """A file that a match was read from; kind, hash and time where the feed has them."""

    path: str
    kind: str | None = None
    sha256: str | None = None
    message_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredMatch:
    """A stored match that has a matchday; ``kinds`` of the files that it was read from, where the feed has such."""

    provider: str
    match_id: str
    matchday: Matchday
    team_ids: tuple[str, str]
    message_time: datetime | None
    kinds: frozenset[str]


def stored_deliveries(connection: Connection) -> dict[Key, Stored]:
    """What each stored match was read from."""
    rows = connection.execute(
        text(
            """select m.provider, m.match_id, m.feed, m.fingerprint, m.message_time,
                      array_agg(row_to_json(f)) filter (where f.kind is not null) as files
               from match m left join feed_file f using (feed, provider, match_id)
               group by m.provider, m.match_id"""
        )
    )
    return {
        (row.provider, row.match_id): Stored(
            row.feed, row.fingerprint, row.message_time, {m.kind: m for m in map(_message, row.files or ())}
        )
        for row in rows
    }


def _message(file: dict[str, Any]) -> StoredMessage:
    time = file["message_time"]
    return StoredMessage(
        file["kind"], Path(file["path"]), file["sha256"], datetime.fromisoformat(time) if time else None
    )


@contextmanager
def locked_matches(connection: Connection, match_ids: Iterable[str]) -> Iterator[None]:
    """Keep others from comparing and writing these matches meanwhile; they wait.

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
        try:
            connection.rollback()
            connection.execute(text("select pg_advisory_unlock_all()"))
            connection.commit()
        except DBAPIError:  # the session is gone, and its locks with it; an error before this one counts
            connection.invalidate()


def read_matches_with_matchday(connection: Connection) -> list[StoredMatch]:
    """Every stored match that has a matchday."""
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
    return [_stored_match(row) for row in rows]


def _stored_match(row: Row[Any]) -> StoredMatch:
    return StoredMatch(
        row.provider,
        row.match_id,
        Matchday(row.competition_id, row.season_id, row.matchday),
        (row.home_team_id, row.away_team_id),
        row.message_time,
        frozenset(row.kinds),
    )


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
