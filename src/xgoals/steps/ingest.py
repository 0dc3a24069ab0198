"""ingest: feed files -> matches, shots, scenes and clips.

Matches are read and written one transaction each, several portions of them at the same time if need be; a match
that cannot be used goes into quarantine with a reason, and the others go on. What a run has brought is summed up
when all portions are through (``sum_up``).
"""

import errno
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from xgoals.domain.errors import FeedError, Problem, SourceError, XgoalsError
from xgoals.domain.page_keys import names_of, not_among
from xgoals.domain.scene import MatchRecord
from xgoals.domain.text import MAX_NAME_CHARS, printable, shortened
from xgoals.feeds import Delivery, MatchReading
from xgoals.feeds.reading import read_all
from xgoals.feeds.resends import KEPT, Resend, classify, kept_messages
from xgoals.logs import about
from xgoals.steps.arrivals import Arrivals, compare, list_arrivals
from xgoals.steps.clip_files import save_clips
from xgoals.steps.find_matches import find_matches, list_again
from xgoals.steps.kept_scenes import note_on_kept_scenes, with_stored_scenes
from xgoals.steps.match_filter import NEW_OR_CHANGED, MatchFilter
from xgoals.steps.portions import Portion, is_seen, listed_elsewhere, not_seen_here, unseen_error
from xgoals.steps.run_context import FeedSource, RunContext, log, writing
from xgoals.steps.sum_up import sum_up
from xgoals.store import matches as store
from xgoals.store import runs
from xgoals.store.arrivals import deliveries as delivery_store
from xgoals.store.arrivals import found_matches, quarantine
from xgoals.store.database import connect, is_outage
from xgoals.store.records import read_record

REMARKS_TOLD = 3
"""Of what is missing in a match the log tells this much."""


def ingest_matches(context: RunContext, portion: Portion, *, reread: bool = False) -> list[Problem]:
    """Read the matches of a portion, one transaction each; why some cannot be read, where that is news.

    What is in quarantine for the same reason since an earlier run is told in the log only.

    Parameters
    ----------
    reread
        Read also what has not changed since it was read last.

    Raises
    ------
    SourceError
        If the portion stands for something that is lost, and it still is.
    UnseenError
        If another machine has found files that this one does not see, when all that it sees is read. Nothing is noted
        against their matches.
    """
    if portion.is_lost:
        return _look_for_lost(context, context.source_of(portion.feed))
    with writing(context, "ingest", shared=True) as (engine, _):
        tally, source = _Tally(), context.source_of(portion.feed)
        with engine.connect() as connection:
            tally.listed_elsewhere = listed_elsewhere(connection, context.run_id)
            found = _handed_over(connection, context, source, portion.match_ids, tally, reread=reread)
            connection.commit()
            _read(connection, context, found.with_states(), tally, reread=reread)
    if tally.unseen and tally.listed_elsewhere:
        raise unseen_error(tally.unseen, tally.listed_elsewhere)
    return tally.refused


def ingest(context: RunContext, wanted: MatchFilter = NEW_OR_CHANGED) -> str:
    """All of it in one go, as the command line does: find the matches, read them, sum up.

    Raises
    ------
    SourceError
        If something of a source is lost, when all else is read and summed up.
    """
    portions, lost = find_matches(context, wanted), list[SourceError]()
    for portion in portions:
        try:
            ingest_matches(context, portion, reread=wanted.reread)
        except SourceError as error:
            lost.append(error)
    run_id = sum_up(context, portions)
    if lost:
        raise lost[0]
    return run_id


def raise_if_newly_refused(context: RunContext) -> None:
    """Say of an `ingest` in one go that it has left out matches that were not left out before.

    Raises
    ------
    FeedError
        The first reason, and how many they are.
    """
    engine = connect(context.settings, context.database)
    with engine.connect() as connection:
        refused = [p for p in runs.quarantined_by(connection, context.run_id) if p.severity == "match"]
    engine.dispose()
    if refused:
        first = refused[0]
        where = f"{first.path}, {first.place}" if first.place else first.path
        more = f" (and {len(refused) - 1} more, in the table quarantine)" if len(refused) > 1 else ""
        raise FeedError(f"left out: {first.reason}{more}", where=where, advice=first.advice)


@dataclass
class _Tally:
    """What happened to the matches of one portion; ``unseen`` are those that only another machine sees."""

    refused: list[Problem] = field(default_factory=list)
    unseen: list[Delivery] = field(default_factory=list)
    listed_elsewhere: str | None = None


def _look_for_lost(context: RunContext, source: FeedSource) -> list[Problem]:
    """List a source again of which something was lost; if it is there now, read what it brings."""
    listing = list_again(context, source)
    if listing.lost:
        first = listing.lost[0]
        raise SourceError(first.reason, where=first.path, advice=first.advice)
    names = names_of(listing.to_read, among=listing.to_read)
    return ingest_matches(context, Portion(source.feed, names)) if names else []


def _handed_over(
    connection: Connection,
    context: RunContext,
    source: FeedSource,
    match_ids: Sequence[str],
    tally: _Tally,
    *,
    reread: bool,
) -> Arrivals:
    """What `find_matches` has found of these matches; listed anew where that no longer holds, or was tried before."""
    taken = found_matches.take(connection, context.run_id, source.feed, match_ids)
    if not_among(match_ids, [found.delivery.key for found in taken]) or not all(
        found.still_holds for found in taken
    ):
        return _listed_again(connection, context, source, match_ids, tally, reread=reread)
    deliveries = [found.delivery for found in taken]
    problems = [problem for found in taken for problem in found.problems]
    return compare(connection, source, deliveries, problems, match_ids=match_ids, reread=reread)


def _listed_again(
    connection: Connection,
    context: RunContext,
    source: FeedSource,
    match_ids: Sequence[str],
    tally: _Tally,
    *,
    reread: bool,
) -> Arrivals:
    """What this machine finds of these matches; what only another one sees is left out, and noted."""
    other = tally.listed_elsewhere
    try:
        found = list_arrivals(connection, source, match_ids=match_ids, reread=reread)
    except SourceError:
        unseen = not_seen_here(connection, context.run_id, source.feed, match_ids) if other else []
        if other and unseen:
            raise unseen_error(unseen, other) from None
        raise
    if other:
        named = not_seen_here(connection, context.run_id, source.feed, match_ids, found.deliveries)
        tally.unseen += named
    unseen_keys = {delivery.key for delivery in tally.unseen}
    absent = not_among(match_ids, [*(delivery.key for delivery in found.deliveries), *unseen_keys])
    for match_id in sorted(absent):
        log.warning("match %s is no longer in %s", match_id, printable(str(source.path)))
    seen = [classified for classified in found.classified if classified.delivery.key not in unseen_keys]
    return replace(found, classified=seen)


def _read(
    connection: Connection, context: RunContext, found: Arrivals, tally: _Tally, *, reread: bool
) -> None:
    to_read, n_listed = found.to_read, len(found.classified)
    if len(to_read) < n_listed:
        log.info("%d of %d matches are stored already", n_listed - len(to_read), n_listed)
    for n, (delivery, reading) in enumerate(read_all(found.source.feed, to_read), start=1):
        if tally.listed_elsewhere and isinstance(reading, FeedError) and not is_seen(delivery):
            tally.unseen.append(delivery)  # a drive that went away while it was read
            continue
        with about(context.settings, match=delivery.match_id):
            _take_in(connection, context, found, tally, delivery, reading, reread=reread)
        if n % 200 == 0 or n == len(to_read):
            log.info("read %d of %d matches", n, len(to_read))


def _take_in(
    connection: Connection,
    context: RunContext,
    found: Arrivals,
    tally: _Tally,
    delivery: Delivery,
    reading: MatchReading | FeedError,
    *,
    reread: bool,
) -> None:
    """Store one match, or set it aside, and tell which."""
    try:
        written = _save(connection, context, found, delivery, reading, reread=reread)
    except Exception as error:  # whatever it is, it is this match's, and the others go on
        if is_outage(error) or _is_full(error):
            raise
        reason = _reason(delivery, error)
        _set_aside(connection, context, found, delivery, reason, tally, reread=reread)
        return
    if written is None:
        log.info("match %s: another run has read it meanwhile", delivery.match_id)
    elif not isinstance(reading, FeedError):
        _log_match(reading, written)


def _is_full(error: BaseException) -> bool:
    """Whether the machine lacks room or memory: no match is to blame."""
    no_room = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in no_room)


def _reason(delivery: Delivery, error: Exception) -> XgoalsError:
    """Why a match cannot be stored, in a sentence."""
    if isinstance(error, XgoalsError):
        return error
    log.warning("match %s cannot be stored", delivery.match_id, exc_info=error)
    last_line = shortened(traceback.format_exception_only(error)[-1].strip(), MAX_NAME_CHARS)
    return FeedError(
        f"match {delivery.match_id} cannot be stored: {last_line}",
        where=str(delivery.files[0]),
        advice="Look at the file; if nothing is wrong with it, report this sentence and the log with its traceback",
    )


def _save(
    connection: Connection,
    context: RunContext,
    found: Arrivals,
    delivery: Delivery,
    reading: MatchReading | FeedError,
    *,
    reread: bool,
) -> store.Written | None:
    """One transaction a match: all of it or nothing. None where another run was quicker.

    Raises
    ------
    FeedError
        The reading, if it is one; if the match is real and the database the demo's.
    RefusedError
        If the schema does not allow what was read.
    """
    if isinstance(reading, FeedError):
        raise reading
    record, feed = reading.record, found.source.feed
    _refuse_real_in_demo(context, record)
    match, is_kept = record.match, KEPT in delivery.extra
    noted = [problem for problem in found.problems if problem.is_of(delivery.provider, delivery.match_id)]
    problems = [*noted, *reading.problems]
    with connection.begin():
        delivery_store.lock_match(connection, match.provider, match.match_id, log.info)
        if _is_outdated(connection, found, delivery, reread=reread):
            return None
        if is_kept:
            record = with_stored_scenes(record, read_record(connection, match.provider, match.match_id))
            problems.append(note_on_kept_scenes(record, str(delivery.files[0])))
        written = store.save_match(connection, record, feed=feed, fingerprint=delivery.fingerprint)
        files = _files(delivery, reading)
        delivery_store.save_files(connection, feed, match, files, fingerprint=delivery.fingerprint)
        quarantine.save_problems(
            connection, feed, match.provider, match.match_id, problems, run_id=context.run_id
        )
        if not is_kept:
            save_clips(connection, context, record)
        # With the match, so that what was read is told whatever becomes of this process; last, for others count too.
        runs.add_figures(connection, context.run_id, _counted(reading, written))
    return written


def _refuse_real_in_demo(context: RunContext, record: MatchRecord) -> None:
    """The demo's database is for what nobody has played, also while it is empty."""
    if context.database == "demo" and not record.match.is_simulated:
        raise FeedError(
            "a real match, where the demo's database is for simulated ones: the two are never mixed",
            advice="Read it into the database of real matches: --database main",
        )


def _is_outdated(connection: Connection, found: Arrivals, delivery: Delivery, *, reread: bool) -> bool:
    """Whether what is stored has changed since it was compared, so that there is nothing left to write.

    Where a file is no longer as it was found, what another has read of it since counts, whatever times the feed has.
    """
    stored = delivery_store.stored_delivery(connection, (delivery.provider, delivery.match_id))
    before = found.stored_of(delivery)
    if stored is None or (before and before.fingerprint == stored.fingerprint):
        return False
    if found.has_changed(delivery):
        return True
    resend = classify(found.source.feed, delivery, stored).resend
    return not (resend.is_to_be_read or (reread and resend is Resend.UNCHANGED))


def _set_aside(
    connection: Connection,
    context: RunContext,
    found: Arrivals,
    delivery: Delivery,
    error: XgoalsError,
    tally: _Tally,
    *,
    reread: bool,
) -> None:
    """Put a match that cannot be used into quarantine; what an earlier run has put there is no news."""
    problem, feed = _left_out(delivery, error), found.source.feed
    with connection.begin():
        delivery_store.lock_match(connection, delivery.provider, delivery.match_id, log.info)
        if _is_outdated(connection, found, delivery, reread=reread):
            log.info("match %s: another run has read it meanwhile", delivery.match_id)
            return
        log.warning("match %s left out: %s", delivery.match_id, error)
        is_news = quarantine.save_refusal(connection, feed, problem, run_id=context.run_id)
    if is_news:
        tally.refused.append(problem)
    else:
        log.warning("match %s: an earlier run has found and reported the same", problem.match_id)


def _counted(reading: MatchReading, written: store.Written) -> dict[str, int]:
    """The figures of a run that a match adds to."""
    counts = {"shots_corrected": len(written.corrected), "shots_withdrawn": len(written.withdrawn)}
    if reading.read_path:
        counts[f"positions_read_by_{reading.read_path}"] = 1
    return {"matches_read": 1} | {name: count for name, count in sorted(counts.items()) if count}


def _log_match(reading: MatchReading, written: store.Written) -> None:
    match_id = reading.record.match.match_id
    log.info("%s", _sentence(reading.record, written))
    for problem in reading.problems[:REMARKS_TOLD]:
        log.info("match %s, %s: %s", match_id, problem.place, problem.reason)
    if (more := len(reading.problems) - REMARKS_TOLD) > 0:
        log.info("match %s: %d more remarks, all in the table quarantine", match_id, more)


def _sentence(record: MatchRecord, written: store.Written) -> str:
    """What reading a match has brought, in a line."""
    match = record.match
    score = "?:?" if match.home_score is None else f"{match.home_score}:{match.away_score}"
    sides = f"{match.home.name} {score} {match.away.name}"
    told = f"match {match.match_id}, {sides}, {match.match_date}: {len(record.shots)} shots"
    changes = (("added", written.added), ("corrected", written.corrected), ("withdrawn", written.withdrawn))
    if len(written.added) == len(record.shots):
        return told
    parts = ", ".join(f"{len(shots)} {word}" for word, shots in changes if shots)
    return f"{told}, {parts or 'none of them changed'}"


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
        provider=delivery.provider,
    )


def _files(delivery: Delivery, reading: MatchReading) -> list[delivery_store.FeedFile]:
    """The files that were read, and those of before that what is kept comes from."""
    of_kind = {message.path: message for message in delivery.messages}
    return [
        *(
            delivery_store.FeedFile(
                str(path),
                of_kind[path].kind if path in of_kind else None,
                reading.sha256.get(path),
                of_kind[path].message_time if path in of_kind else None,
            )
            for path in delivery.files
        ),
        *(
            delivery_store.FeedFile(str(kept.path), kept.kind, kept.sha256, kept.message_time)
            for kept in kept_messages(delivery)
        ),
    ]
