"""What the feeds have found out about files, kept from one look at a source to the next."""

from collections.abc import Collection

from sqlalchemy import Connection, text

from xgoals.domain.text import storable
from xgoals.feeds.seen import Answer, Question, SeenFiles
from xgoals.store.database import upsert

_COLUMNS = ("feed", "path", "what", "state", "fact")
MAX_PATH_BYTES = 2000
"""What an index holds, with something to spare."""
_BELOW = "feed = :feed and (path = :source or starts_with(path, :source || '/'))"


def read_seen(connection: Connection, feed: str, source: str) -> SeenFiles:
    """What is known of the files of a source."""
    rows = connection.execute(
        text(f"select path, what, state, fact from seen_file where {_BELOW}"),  # noqa: S608
        {"feed": feed, "source": source.rstrip("/")},
    )
    known: dict[Question, Answer] = {(path, what): (state, fact) for path, what, state, fact in rows}
    return SeenFiles(known)


def save_seen(connection: Connection, feed: str, seen: SeenFiles, *, is_whole: bool) -> None:
    """Keep what had to be found out.

    Parameters
    ----------
    is_whole
        Whether the source was listed as a whole, so that what was not asked for is about files that are gone.
    """
    rows = sorted(
        (feed, *question, *answer) for question, answer in seen.found.items() if _can_be_kept(question[0])
    )
    upsert(connection, "seen_file", _COLUMNS, ("feed", "path", "what"), rows)
    if is_whole:
        forget(connection, feed, seen.known.keys() - seen.asked)


def questions_elsewhere(connection: Connection, feed: str, source: str) -> list[Question]:
    """What is known of files that do not lie in a source: of sources of before, which may be gone."""
    rows = connection.execute(
        text(f"select path, what from seen_file where feed = :feed and not ({_BELOW})"),  # noqa: S608
        {"feed": feed, "source": source.rstrip("/")},
    )
    return [(row.path, row.what) for row in rows]


def forget(connection: Connection, feed: str, questions: Collection[Question]) -> None:
    """Of files that are gone: nobody will ask that again."""
    if questions:
        paths, whats = zip(*sorted(questions), strict=True)
        connection.execute(
            text(
                """delete from seen_file where feed = :feed and (path, what) in (
                       select * from unnest(cast(:paths as text[]), cast(:whats as text[])))"""
            ),
            {"feed": feed, "paths": list(paths), "whats": list(whats)},
        )


def _can_be_kept(path: str) -> bool:
    """Names that are not UTF-8 and paths that no index holds are looked at again each time."""
    return storable(path) == path and len(path.encode()) <= MAX_PATH_BYTES
