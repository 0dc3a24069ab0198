"""What was left out of the last reading of each file, and why."""

import re
from collections.abc import Collection, Iterable
from typing import Literal

from sqlalchemy import Connection, text

from xgoals.domain.errors import Problem
from xgoals.domain.text import printable
from xgoals.feeds.resends import CONTRADICTION_REASON
from xgoals.store.arrivals.home_paths import BELOW, below, path_here, stored_path, stored_text
from xgoals.store.database import upsert

_QUARANTINE = (
    "feed", "path", "place", "reason", "advice", "severity", "match_id", "found_by_run", "provider", "shot_id", "field",
    "value", "step",
)  # fmt: skip
_QUARANTINE_KEY = ("entry_key",)
"""Computed by the database from feed, path, place and reason."""
_A_PLACE = re.compile(r"\b(?:line [0-9]+(?:, column [0-9]+)?|byte [0-9][0-9,]*|row [0-9][0-9,]*)\b")

FoundBy = Literal["ingest", "build_features"]
"""The step that finds something: when it looks at a match again, what it found before is replaced."""


def save_problems(
    connection: Connection,
    feed: str,
    provider: str,
    match_id: str,
    problems: Iterable[Problem],
    *,
    run_id: str,
    step: FoundBy = "ingest",
) -> None:
    """Replace what a step has put in quarantine for one match; known entries keep the run that found them."""
    rows = _problem_rows(connection, feed, problems, run_id, step)
    connection.execute(
        text(
            """delete from quarantine where feed = :feed and match_id = :match_id
                 and coalesce(provider, :provider) = :provider and step = :step
                 and (path, place, reason) not in (select * from unnest(
                     cast(:paths as text[]), cast(:places as text[]), cast(:reasons as text[])))"""
        ),
        {"feed": feed, "provider": provider, "match_id": match_id, "step": step} | _known(rows),
    )
    upsert(connection, "quarantine", _QUARANTINE, _QUARANTINE_KEY, rows, overwrite=False)


def matches_noted_by(connection: Connection, step: FoundBy) -> set[tuple[str, str]]:
    """Provider and match id of the matches of which a step has put something into quarantine."""
    query = text(
        "select distinct provider, match_id from quarantine where step = :step and provider is not null"
    )
    return {(row.provider, row.match_id) for row in connection.execute(query, {"step": step})}


def save_refusal(connection: Connection, feed: str, problem: Problem, *, run_id: str) -> bool:
    """Put a match as a whole into quarantine; whether this is news, and not what an earlier run has found.

    What was said before of the match as a whole, by reading it, no longer counts; a contradiction still does, for it
    was found by listing the source.
    """
    (row,) = _problem_rows(connection, feed, [problem], run_id)
    provider = problem.provider or ""
    connection.execute(
        text(
            """delete from quarantine where feed = :feed and match_id = :match_id and severity = 'match'
                 and coalesce(provider, :provider) = :provider and step = 'ingest'
                 and not starts_with(reason, :contradiction)
                 and (path, place, reason) <> (:path, :place, :reason)"""
        ),
        {
            "feed": feed,
            "provider": provider,
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
            f"""select match_id, path, place, reason, advice, found_by_run from quarantine
               where feed = :feed and severity = 'match' and {BELOW}
               order by match_id, path, place, reason"""  # noqa: S608
        ),
        {"feed": feed} | below(connection, printable(source)),
    )
    return [dict(row._mapping) | {"path": path_here(connection, row.path)} for row in rows]


def lost_files(connection: Connection, feed: str, source: str, run_id: str) -> list[Problem]:
    """What a run has found to be lost without knowing of which match: a file or a listing that cannot be read."""
    rows = connection.execute(
        text(
            f"""select path, reason, advice, place, severity from quarantine
               where feed = :feed and severity = 'match' and match_id is null and found_by_run = :run_id and {BELOW}
               order by path, place, reason"""  # noqa: S608
        ),
        {"feed": feed, "run_id": run_id} | below(connection, printable(source)),
    )
    return [Problem(**{**row._mapping, "path": path_here(connection, row.path)}) for row in rows]


def save_lost_source(connection: Connection, feed: str, problem: Problem, *, run_id: str) -> None:
    """Note that a source as a whole cannot be listed; what was known of the files in it stays."""
    rows = _problem_rows(connection, feed, [problem], run_id)
    upsert(connection, "quarantine", _QUARANTINE, _QUARANTINE_KEY, rows)


def save_listing_problems(
    connection: Connection,
    feed: str,
    source: str,
    problems: Iterable[Problem],
    *,
    run_id: str,
    still_to_read: Collection[str] = (),
    only_of: Collection[str] = (),
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
    only_of
        Ids of the matches that were looked for; of others and of the source as a whole nothing is known then. Empty
        where all of it was listed.
    """
    rows = _problem_rows(connection, feed, problems, run_id)
    connection.execute(
        text(
            f"""delete from quarantine q where feed = :feed and step = 'ingest' and {BELOW}
                 and coalesce(match_id <> all(:still_to_read), true)
                 and (cardinality(cast(:only_of as text[])) = 0 or match_id = any(:only_of))
                 and not exists (select from feed_file f
                                 where (f.feed, f.path, f.match_id) = (q.feed, q.path, q.match_id))
                 and (path, place, reason) not in (select * from unnest(
                     cast(:paths as text[]), cast(:places as text[]), cast(:reasons as text[])))"""  # noqa: S608
        ),
        {"feed": feed, "still_to_read": list(still_to_read), "only_of": list(only_of)}
        | below(connection, printable(source))
        | _known(rows),
    )
    upsert(connection, "quarantine", _QUARANTINE, _QUARANTINE_KEY, rows, overwrite=False)


def _problem_rows(
    connection: Connection, feed: str, problems: Iterable[Problem], run_id: str, step: FoundBy = "ingest"
) -> list[tuple[object, ...]]:
    """One row a problem; what is said twice in the same words is one.

    In one order for all: what a file that holds several matches has wrong may be noted by two that write at once.
    """
    rows = {
        (path := stored_path(connection, p.path), place := _place_of(p), reason := stored_text(connection, p.reason)): (
            feed, path, place, reason, p.advice, p.severity, p.match_id, run_id, p.provider, p.shot_id, p.field,
            p.value, step,
        )
        for p in problems
    }  # fmt: skip
    return [rows[key] for key in sorted(rows)]


def _place_of(problem: Problem) -> str:
    """Where in the file; where all is refused, what its reason names: a line, row or byte, else "as a whole"."""
    if problem.place or problem.severity != "match":
        return problem.place or ""
    named = _A_PLACE.search(problem.reason)
    return named[0] if named else "as a whole"


def _known(rows: list[tuple[object, ...]]) -> dict[str, list[object]]:
    return {"paths": [r[1] for r in rows], "places": [r[2] for r in rows], "reasons": [r[3] for r in rows]}
