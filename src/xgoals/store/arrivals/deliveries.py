"""Which files a match was read from: what later deliveries of it are compared with."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from xgoals.domain.match import Match
from xgoals.feeds.matchday import Matchday
from xgoals.feeds.message_time import credible
from xgoals.feeds.resends import Stored, StoredMessage
from xgoals.store.arrivals.home_paths import path_here, stored_path
from xgoals.store.database import copy_rows
from xgoals.store.locks import lock_until_end

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


def stored_deliveries(connection: Connection, match_ids: Collection[str] | None = None) -> dict[Key, Stored]:
    """What each stored match, or each of those, was read from, without its messages: `with_messages` has them."""
    chosen = "" if match_ids is None else " where match_id = any(:match_ids)"
    rows = connection.execute(
        text(f"select provider, match_id, feed, fingerprint, message_time from match{chosen}"),  # noqa: S608
        {} if match_ids is None else {"match_ids": list(match_ids)},
    )
    return {
        (provider, match_id): Stored(feed, fingerprint, credible(message_time))
        for provider, match_id, feed, fingerprint, message_time in rows
    }


def stored_delivery(connection: Connection, key: Key) -> Stored | None:
    """What one match was read from, as it is stored now."""
    row = connection.execute(
        text(
            """select feed, fingerprint, message_time from match
               where (provider, match_id) = (:provider, :match_id)"""
        ),
        {"provider": key[0], "match_id": key[1]},
    ).one_or_none()
    if row is None:
        return None
    stored = Stored(row.feed, row.fingerprint, credible(row.message_time))
    return with_messages(connection, {key: stored})[key]


def with_messages(connection: Connection, stored: Mapping[Key, Stored]) -> dict[Key, Stored]:
    """The same, with the files that each was read from, where the feed has kinds of files."""
    rows = connection.execute(
        text(
            """select f.provider, f.match_id, f.kind, f.path, f.sha256, f.message_time
               from match m join feed_file f using (feed, provider, match_id)
               where f.kind is not null and (m.provider, m.match_id) in (
                   select * from unnest(cast(:providers as text[]), cast(:match_ids as text[])))"""
        ),
        {"providers": [key[0] for key in stored], "match_ids": [key[1] for key in stored]},
    )
    messages: defaultdict[Key, dict[str, StoredMessage]] = defaultdict(dict)
    for provider, match_id, kind, path, sha256, time in rows:
        here = Path(path_here(connection, path))
        messages[provider, match_id][kind] = StoredMessage(kind, here, sha256, credible(time))
    return {key: replace(of_match, messages=messages.get(key, {})) for key, of_match in stored.items()}


def are_stored(connection: Connection, sha256: Collection[str]) -> set[str]:
    """Those of some hashes that are of files which a stored match was read from."""
    query = text("select distinct sha256 from feed_file where sha256 = any(:sha256)")
    return set(connection.scalars(query, {"sha256": list(sha256)}))


def lock_match(connection: Connection, provider: str, match_id: str, tell: Callable[[str], None]) -> None:
    """Keep others from comparing and writing this match until the transaction ends; they wait, and are told for whom.

    One lock a writer, however many matches a run has: the server has room for a few thousand.
    """
    lock_until_end(connection, f"match {provider} {match_id}", f"is writing match {match_id}", tell)


def read_matches_with_matchday(
    connection: Connection, providers: Collection[str] | None = None
) -> list[StoredMatch]:
    """Every stored match that has a matchday, or those of some providers: ids of others mean something else."""
    rows = connection.execute(
        text(
            """select m.provider, m.match_id, m.competition_id, m.season_id, m.matchday, m.home_team_id,
                      m.away_team_id, m.message_time,
                      coalesce(array_agg(f.kind) filter (where f.kind is not null), '{}') as kinds
               from match m left join feed_file f using (provider, match_id)
               where m.matchday is not null and (cast(:providers as text[]) is null or m.provider = any(:providers))
               group by m.provider, m.match_id"""
        ),
        {"providers": None if providers is None else list(providers)},
    )
    return [_stored_match(row) for row in rows]


def _stored_match(row: Row[Any]) -> StoredMatch:
    return StoredMatch(
        row.provider,
        row.match_id,
        Matchday(row.competition_id, row.season_id, row.matchday),
        (row.home_team_id, row.away_team_id),
        credible(row.message_time),
        frozenset(row.kinds),
    )


def events_file(connection: Connection, key: Key) -> tuple[str, str]:
    """Feed and file that the shots of a stored match come from; of feeds without kinds of files the first one."""
    row = connection.execute(
        text(
            """select m.feed, f.path from match m left join feed_file f using (feed, provider, match_id)
               where (m.provider, m.match_id) = (:provider, :match_id)
               order by f.kind is distinct from 'events', f.path like '%/lineups/%', f.path limit 1"""
        ),
        {"provider": key[0], "match_id": key[1]},
    ).one()
    return row.feed, path_here(connection, row.path or "")


def save_files(
    connection: Connection, feed: str, match: Match, files: Iterable[FeedFile], *, fingerprint: str
) -> None:
    """Remember which files a match was read from."""
    connection.execute(
        text("delete from feed_file where (provider, match_id) = (:provider, :match_id)"),
        {"provider": match.provider, "match_id": match.match_id},
    )
    rows = [
        (
            feed, stored_path(connection, f.path), match.provider, match.match_id, fingerprint, f.kind, f.sha256,
            f.message_time,
        )
        for f in files
    ]  # fmt: skip
    copy_rows(connection, "feed_file", _FILE, rows)


def save_fingerprint(
    connection: Connection, provider: str, match_id: str, fingerprint: str, *, before: str
) -> None:
    """Remember another fingerprint of what is stored: the same content has come again.

    Not where it is no longer the one of ``before``: then other content was stored meanwhile.
    """
    connection.execute(
        text(
            """update match set fingerprint = :fingerprint
               where (provider, match_id) = (:provider, :match_id) and fingerprint = :before"""
        ),
        {"provider": provider, "match_id": match_id, "fingerprint": fingerprint, "before": before},
    )
