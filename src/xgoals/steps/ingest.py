"""ingest: feed files -> matches, shots, scenes and clips.

Matches are read and written one transaction each, several portions of them at the same time if need be; a match
that cannot be used goes into quarantine with a reason, and the others go on. What a run has brought is summed up
when all portions are through (``sum_up``).
"""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection

from xgoals.domain.errors import FeedError, Problem, XgoalsError
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import Delivery, MatchReading
from xgoals.feeds.reading import read_all
from xgoals.steps.arrivals import Arrivals, list_arrivals
from xgoals.steps.clip_files import save_clips
from xgoals.steps.find_matches import find_matches
from xgoals.steps.match_filter import NEW_OR_CHANGED, MatchFilter
from xgoals.steps.portions import Portion
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.steps.sum_up import sum_up
from xgoals.store import deliveries as delivery_store
from xgoals.store import matches as store
from xgoals.store import quarantine
from xgoals.store.database import RefusedError

REMARKS_TOLD = 3
"""Of what is missing in a match the log tells this much."""


def ingest_matches(context: RunContext, portion: Portion, *, reread: bool = False) -> list[Problem]:
    """Read the matches of a portion, one transaction each; why some cannot be read, where that is news.

    What is in quarantine for the same reason since an earlier run is told in the log only.

    Parameters
    ----------
    reread
        Read also what has not changed since it was read last.
    """
    with writing(context, "ingest", shared=True) as (engine, figures):
        tally, source, ids = _Tally(), context.source_of(portion.feed), portion.match_ids
        with engine.connect() as connection, delivery_store.locked_matches(connection, ids):
            found = list_arrivals(connection, source, match_ids=ids, reread=reread)
            connection.commit()
            _read(connection, context, found, tally)
        figures.update(sorted(tally.counts.items()))
    return tally.refused


def ingest(context: RunContext, wanted: MatchFilter = NEW_OR_CHANGED) -> str:
    """All of it in one go, as the command line does: find the matches, read them, sum up."""
    portions = find_matches(context, wanted)
    for portion in portions:
        ingest_matches(context, portion, reread=wanted.reread)
    return sum_up(context, portions)


@dataclass
class _Tally:
    """What happened to the matches of one portion."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Problem] = field(default_factory=list)


def _read(connection: Connection, context: RunContext, found: Arrivals, tally: _Tally) -> None:
    to_read, n_listed = found.to_read, len(found.classified)
    if len(to_read) < n_listed:
        log.info("%d of %d matches are stored already", n_listed - len(to_read), n_listed)
    for n, (delivery, reading) in enumerate(read_all(found.source.feed, to_read), start=1):
        try:
            written = _save(connection, context, found, delivery, reading)
        except (FeedError, RefusedError) as error:
            _set_aside(connection, context, found.source.feed, delivery, error, tally)
        else:
            assert not isinstance(reading, FeedError)  # noqa: S101  (it would have been raised)
            _count(reading, written, tally)
            _log_match(reading, written)
        if n % 200 == 0 or n == len(to_read):
            log.info("read %d of %d matches", n, len(to_read))


def _save(
    connection: Connection,
    context: RunContext,
    found: Arrivals,
    delivery: Delivery,
    reading: MatchReading | FeedError,
) -> store.Written:
    """One transaction a match: all of it or nothing.

    Raises
    ------
    FeedError
        The reading, if it is one.
    RefusedError
        If the schema does not allow what was read.
    """
    if isinstance(reading, FeedError):
        raise reading
    match, feed = reading.record.match, found.source.feed
    problems = [*(p for p in found.problems if p.match_id == delivery.match_id), *reading.problems]
    with connection.begin():
        written = store.save_match(connection, reading.record, feed=feed, fingerprint=delivery.fingerprint)
        files = _files(delivery, reading)
        delivery_store.save_files(connection, feed, match, files, fingerprint=delivery.fingerprint)
        quarantine.save_problems(connection, feed, delivery.match_id, problems, run_id=context.run_id)
        save_clips(connection, context, reading.record)
    return written


def _set_aside(
    connection: Connection,
    context: RunContext,
    feed: str,
    delivery: Delivery,
    error: XgoalsError,
    tally: _Tally,
) -> None:
    """Put a match that cannot be used into quarantine; what an earlier run has put there is no news."""
    log.warning("match %s left out: %s", delivery.match_id, error)
    problem = _left_out(delivery, error)
    with connection.begin():
        is_news = quarantine.save_refusal(connection, feed, problem, run_id=context.run_id)
    if is_news:
        tally.refused.append(problem)
    else:
        log.warning("match %s: an earlier run has found and reported the same", problem.match_id)


def _count(reading: MatchReading, written: store.Written, tally: _Tally) -> None:
    tally.counts["matches_read"] += 1
    if reading.read_path:
        tally.counts[f"positions_read_by_{reading.read_path}"] += 1
    tally.counts["shots_corrected"] += len(written.corrected)
    tally.counts["shots_withdrawn"] += len(written.withdrawn)


def _log_match(reading: MatchReading, written: store.Written) -> None:
    match_id = reading.record.match.match_id
    log.info("%s", _sentence(reading.record, written))
    for problem in reading.problems[:REMARKS_TOLD]:
        log.info("match %s, %s: %s", match_id, problem.place, problem.reason)
    if len(reading.problems) > REMARKS_TOLD:
        more = len(reading.problems) - REMARKS_TOLD
        log.info("match %s: %d more remarks, all in the table quarantine", match_id, more)


def _sentence(record: MatchRecord, written: store.Written) -> str:
    """What reading a match has brought, in a line."""
    match = record.match
    score = "?:?" if match.home_score is None else f"{match.home_score}:{match.away_score}"
    told = f"match {match.match_id}, {match.home.name} {score} {match.away.name}, {match.match_date}"
    told = f"{told}: {len(record.shots)} shots"
    changes = (("added", written.added), ("corrected", written.corrected), ("withdrawn", written.withdrawn))
    if len(written.added) == len(record.shots):
        return told
    parts = [f"{len(shots)} {word}" for word, shots in changes if shots]
    return f"{told}, {', '.join(parts) or 'none of them changed'}"


def _left_out(delivery: Delivery, error: XgoalsError) -> Problem:
    """Why a match cannot be used; the error names the file, often with a place in it."""
    where = error.where or str(delivery.files[0])
    path = next((str(path) for path in delivery.files if where.startswith(f"{path}, ")), where)
    return Problem(
        path=path,
        place=where.removeprefix(path).removeprefix(", ") or None,
        reason=error.what,
        advice=error.advice or "",
        match_id=delivery.match_id,
        severity="match",
    )


def _files(delivery: Delivery, reading: MatchReading) -> list[delivery_store.FeedFile]:
    of_kind = {message.path: message for message in delivery.messages}
    return [
        delivery_store.FeedFile(
            str(path),
            of_kind[path].kind if path in of_kind else None,
            reading.sha256.get(path),
            of_kind[path].message_time if path in of_kind else None,
        )
        for path in delivery.files
    ]
