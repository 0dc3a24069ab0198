"""What was left out of the last reading of each file, and why."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from xgoals.domain.errors import Problem
from xgoals.feeds.resends import CONTRADICTION_REASON
from xgoals.store.database import upsert

_QUARANTINE = ("feed", "path", "place", "reason", "advice", "severity", "match_id", "found_by_run")
_QUARANTINE_KEY = ("feed", "path", "place", "reason")


def save_problems(
    connection: Connection, feed: str, match_id: str, problems: Iterable[Problem], *, run_id: str
) -> None:
    """Replace what is in quarantine for one match by ``problems``; known ones keep the run that found them."""
    rows = _problem_rows(feed, problems, run_id)
    connection.execute(
        text(
            """delete from quarantine where feed = :feed and match_id = :match_id
                 and (path, place, reason) not in (select * from unnest(
                     cast(:paths as text[]), cast(:places as text[]), cast(:reasons as text[])))"""
        ),
        {"feed": feed, "match_id": match_id} | _known(rows),
    )
    upsert(connection, "quarantine", _QUARANTINE, _QUARANTINE_KEY, rows, overwrite=False)


def save_refusal(connection: Connection, feed: str, problem: Problem, *, run_id: str) -> bool:
    """Put a match as a whole into quarantine; whether this is news, and not what an earlier run has found.

    What was said before of the match as a whole, by reading it, no longer counts; a contradiction still does, for it
    was found by listing the source.
    """
    (row,) = _problem_rows(feed, [problem], run_id)
    connection.execute(
        text(
            """delete from quarantine where feed = :feed and match_id = :match_id and severity = 'match'
                 and not starts_with(reason, :contradiction)
                 and (path, place, reason) <> (:path, :place, :reason)"""
        ),
        {
            "feed": feed,
            "match_id": problem.match_id,
            "path": row[1],
            "place": row[2],
            "reason": row[3],
            "contradiction": CONTRADICTION_REASON,
        },
    )
    upsert(connection, "quarantine", _QUARANTINE, _QUARANTINE_KEY, [row], overwrite=False)
    found_by = connection.scalar(
        text(
            """select found_by_run from quarantine
               where (feed, path, place, reason) = (:feed, :path, :place, :reason)"""
        ),
        {"feed": feed, "path": row[1], "place": row[2], "reason": row[3]},
    )
    return bool(found_by == run_id)


def refused_matches(connection: Connection, feed: str, source: str) -> list[dict[str, str | None]]:
    """What is left out of a source as a whole: ``match_id, path, place, reason, advice, found_by_run``."""
    rows = connection.execute(
        text(
            """select match_id, path, place, reason, advice, found_by_run from quarantine
               where feed = :feed and severity = 'match'
                 and (path = :source or starts_with(path, :source || '/'))
               order by match_id, path, place, reason"""
        ),
        {"feed": feed, "source": source},
    )
    return [dict(row._mapping) for row in rows]


def save_listing_problems(
    connection: Connection,
    feed: str,
    source: str,
    problems: Iterable[Problem],
    *,
    run_id: str,
    still_to_read: Iterable[str] = (),
) -> None:
    """Let the quarantine say of ``source`` what was found in it this time.

    Entries on files below it that were not found again go, but not those of matches that are stored: these
    were found when the match was read, and an unchanged match is not read again.

    Parameters
    ----------
    source
        The folder or file that was listed as a whole.
    problems
        All that was found in it.
    still_to_read
        Ids of matches of which only reading them will show whether what was found in them before still holds.
    """
    rows = _problem_rows(feed, problems, run_id)
    connection.execute(
        text(
            """delete from quarantine q where feed = :feed
                 and (path = :source or starts_with(path, :source || '/'))
                 and coalesce(match_id <> all(:still_to_read), true)
                 and not exists (select from feed_file f
                                 where (f.feed, f.path, f.match_id) = (q.feed, q.path, q.match_id))
                 and (path, place, reason) not in (select * from unnest(
                     cast(:paths as text[]), cast(:places as text[]), cast(:reasons as text[])))"""
        ),
        {"feed": feed, "source": source, "still_to_read": list(still_to_read)} | _known(rows),
    )
    upsert(connection, "quarantine", _QUARANTINE, _QUARANTINE_KEY, rows, overwrite=False)


def _problem_rows(feed: str, problems: Iterable[Problem], run_id: str) -> list[tuple[object, ...]]:
    return [
        (feed, p.path, p.place or "", p.reason, p.advice, p.severity, p.match_id, run_id) for p in problems
    ]


def _known(rows: list[tuple[object, ...]]) -> dict[str, list[object]]:
    return {"paths": [r[1] for r in rows], "places": [r[2] for r in rows], "reasons": [r[3] for r in rows]}
