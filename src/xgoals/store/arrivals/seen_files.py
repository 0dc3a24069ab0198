"""What the feeds have found out about files, kept from one look at a source to the next."""

from collections.abc import Callable, Collection

from sqlalchemy import Connection, text

from xgoals.domain.text import storable
from xgoals.feeds.seen import Answer, Question, SeenFiles
from xgoals.store.arrivals.home_paths import BELOW, below, path_here, stored_path
from xgoals.store.database import upsert
from xgoals.store.locks import lock_until_end

_COLUMNS = ("feed", "path", "what", "state", "fact")
MAX_PATH_BYTES = 2000
"""What an index holds, with something to spare."""
_BELOW = f"feed = :feed and {BELOW}"


def read_seen(connection: Connection, feed: str, source: str) -> SeenFiles:
    """What is known of the files of a source."""
    rows = connection.execute(
        text(f"select path, what, state, fact from seen_file where {_BELOW}"),  # noqa: S608
        {"feed": feed} | below(connection, source),
    )
    known: dict[Question, Answer] = {
        (path_here(connection, path), what): (state, fact) for path, what, state, fact in rows
    }
    return SeenFiles(known)


def lock_seen(connection: Connection, feed: str, tell: Callable[[str], None]) -> None:
    """Let one listing of a feed at a time write what it has found out, until the transaction ends.

    Watchers and runs list the same inbox at the same time, and what one writes the other may forget; who waits is told
    for whom.
    """
    lock_until_end(
        connection, f"seen files {feed}", f"is writing down what it knows of the files of {feed}", tell
    )


def save_seen(connection: Connection, feed: str, seen: SeenFiles, *, is_whole: bool) -> None:
    """Keep what had to be found out.

    Parameters
    ----------
    is_whole
        Whether the source was listed as a whole, so that what was not asked for is about files that are gone.
    """
    rows = sorted(
        (feed, stored_path(connection, path), what, *answer)
        for (path, what), answer in seen.found.items()
        if _can_be_kept(path)
    )
    upsert(connection, "seen_file", _COLUMNS, ("feed", "path", "what"), rows)
    if is_whole:
        forget(connection, feed, seen.known.keys() - seen.asked)


def questions_elsewhere(connection: Connection, feed: str, source: str) -> list[Question]:
    """What is known of files that do not lie in a source: of sources of before, which may be gone."""
    rows = connection.execute(
        text(f"select path, what from seen_file where feed = :feed and not ({_BELOW})"),  # noqa: S608
        {"feed": feed} | below(connection, source),
    )
    return [(path_here(connection, row.path), row.what) for row in rows]


def forget(connection: Connection, feed: str, questions: Collection[Question]) -> None:
    """Of files that are gone: nobody will ask that again."""
    if questions:
        paths, whats = zip(*sorted(questions), strict=True)
        connection.execute(
            text(
                """delete from seen_file where feed = :feed and (path, what) in (
                       select * from unnest(cast(:paths as text[]), cast(:whats as text[])))"""
            ),
            {"feed": feed, "paths": [stored_path(connection, path) for path in paths], "whats": list(whats)},
        )


def _can_be_kept(path: str) -> bool:
    """Names that are not UTF-8 and paths that no index holds are looked at again each time."""
    return storable(path) == path and len(path.encode()) <= MAX_PATH_BYTES
