"""find_matches: which matches of a run's sources are to be read, in portions that are read apart from each other."""

import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import Problem, SourceError, UnseenError, XgoalsError
from xgoals.domain.page_keys import MatchKey, ambiguous, ids_in, names_of, not_among
from xgoals.domain.text import printable
from xgoals.feeds import Delivery, load_feed
from xgoals.feeds.matchday import State, Verdict
from xgoals.feeds.resends import Resend
from xgoals.steps.arrivals import Arrivals, announcements, is_empty, keep_seen, list_arrivals
from xgoals.steps.match_filter import NEW_OR_CHANGED, MatchFilter
from xgoals.steps.matchdays import schedule_problems
from xgoals.steps.portions import LISTED_ON, MAX_PORTIONS, Portion, share_out, this_machine
from xgoals.steps.run_context import FeedSource, RunContext, log, writing
from xgoals.store import runs
from xgoals.store.arrivals import deliveries as delivery_store
from xgoals.store.arrivals import found_matches, inbox_events, quarantine
from xgoals.store.database import is_outage

COUNTED_BY_INGEST = ("matches_read", "shots_corrected", "shots_withdrawn")
"""Figures that begin at zero with a run, and that the tasks after this one add to."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What listing one source has brought: the matches to read, and the figures of the run.

    ``asked_for`` are those in it that were asked for by name, ``absent`` the names of which there is none. ``lost`` is
    what cannot be read, of nobody knows which matches: a file, a listing, the source as a whole (then ``error`` is set,
    too).
    """

    source: FeedSource
    to_read: tuple[MatchKey, ...] = ()
    n_found: int = 0
    n_unchanged: int = 0
    n_stored_before: int = 0
    n_older: int = 0
    corrected: tuple[MatchKey, ...] = ()
    asked_for: tuple[MatchKey, ...] = ()
    overdue: tuple[Verdict, ...] = ()
    absent: frozenset[str] = frozenset()
    lost: tuple[Problem, ...] = ()
    error: SourceError | None = None


def find_matches(context: RunContext, wanted: MatchFilter = NEW_OR_CHANGED) -> list[Portion]:
    """List the sources of a run; the matches to read, in portions. What cannot be used is quarantined.

    Where something of a source is lost, one more portion says so; the other sources go on.

    Raises
    ------
    SourceError
        If no source can be listed, or a match that is asked for by its id is not in it.
    SettingsError
        If an id that is asked for is that of several providers' matches.
    """
    with writing(context, "find_matches") as (engine, figures):
        listings = [_list_guarded(engine, context, source, wanted) for source in context.sources]
        errors = [listing.error for listing in listings if listing.error is not None]
        if errors and len(errors) == len(listings):
            raise errors[0]
        _quarantine_lost_sources(engine, context.run_id, listings)
        _check_that_all_are_there(listings)
        _check_that_none_is_ambiguous(listings, wanted)
        portions = [portion for listing in listings for portion in _portions(listing)]
        figures.update(_figures(listings, _figures_before(engine, context)))
        if not portions:
            log.info("nothing new: there is nothing to read, and no reason to train")
    return portions


def list_again(context: RunContext, source: FeedSource) -> Listing:
    """List one source once more, because something of it was lost."""
    with writing(context, "ingest", shared=True) as (engine, _):
        return _list_guarded(engine, context, source, NEW_OR_CHANGED)


def _portions(listing: Listing) -> list[Portion]:
    feed = listing.source.feed
    lost = [Portion(feed, (), is_lost=True)] if listing.lost else []
    names = names_of(listing.to_read, among=listing.to_read)
    return [*(Portion(feed, match_ids) for match_ids in share_out(names)), *lost]


def _quarantine_lost_sources(engine: Engine, run_id: str, listings: Sequence[Listing]) -> None:
    """Of a run that goes on with other sources; where it ends, its failure says it."""
    with engine.begin() as connection:
        for listing in listings:
            if listing.error is not None:
                quarantine.save_lost_source(connection, listing.source.feed, listing.lost[0], run_id=run_id)


def _list_guarded(engine: Engine, context: RunContext, source: FeedSource, wanted: MatchFilter) -> Listing:
    """List a source; whatever is wrong with it is this source's, but for the database's outage."""
    try:
        load_feed(source.feed)  # an unknown one is told, even where its inbox is empty
        return _list_source(engine, context, source, wanted)
    except SourceError as error:
        told = error
    except PermissionError as error:
        what = f"cannot be listed: this system user may not look at {error.filename}"
        told = SourceError(
            what, where=str(source.path), advice="Mend the permissions of the folders above it"
        )
    except Exception as error:  # a listing meets folders that nobody has seen before
        if isinstance(error, XgoalsError | MemoryError) or is_outage(error):
            raise
        log.warning("%s cannot be listed", printable(str(source.path)), exc_info=True)
        last_line = traceback.format_exception_only(error)[-1].strip()
        advice = "Look at the folder; if nothing is wrong with it, report this sentence and the traceback in the log"
        told = SourceError(f"cannot be listed: {last_line}", where=str(source.path), advice=advice)
    log.error("%s", told)
    lost = Problem(told.where or str(source.path), told.what, told.advice or "", severity="match")
    return Listing(source, lost=(lost,), error=told)


def _list_source(engine: Engine, context: RunContext, source: FeedSource, wanted: MatchFilter) -> Listing:
    is_inbox = context.is_inbox(source)
    overdue = _take_up(engine, context, source) if is_inbox and wanted == NEW_OR_CHANGED else ()
    if is_inbox and is_empty(source.path):
        missing = "" if source.path.is_dir() else " (there is no such folder)"
        log.info("nothing in the inbox %s%s", printable(str(source.path)), missing)
        return Listing(source, overdue=overdue)
    with engine.connect() as connection:
        found = list_arrivals(connection, source, match_ids=wanted.match_ids or None, reread=wanted.reread)
    chosen = _choose(found, wanted)
    _log_listing(found, chosen)
    _save_fingerprints(engine, found)
    with engine.begin() as connection:
        _quarantine(connection, context.run_id, found, wanted)
        lost = quarantine.lost_files(connection, source.feed, str(source.path), context.run_id)
        found_matches.hand_over(connection, context.run_id, source.feed, chosen, found.problems)
        keep_seen(connection, found, is_whole=not wanted.match_ids)
    kinds = Counter(classified.resend for classified in found.classified)
    return Listing(
        source,
        to_read=tuple(delivery.key for delivery in chosen),
        n_found=kinds.total(),
        n_unchanged=kinds[Resend.UNCHANGED],
        n_stored_before=sum(found.stored_of(delivery) is not None for delivery in chosen),
        n_older=kinds[Resend.OLDER],
        corrected=tuple(sorted(d.key for d in chosen if found.is_correction(d))),
        asked_for=tuple(d.key for d in found.deliveries) if wanted.match_ids else (),
        overdue=overdue,
        absent=not_among(wanted.match_ids, [delivery.key for delivery in found.deliveries]),
        lost=tuple(lost),
    )


def _take_up(engine: Engine, context: RunContext, source: FeedSource) -> tuple[Verdict, ...]:
    """Answer for what the watcher has reported of this inbox; the matchdays that are past their deadline.

    Raises
    ------
    UnseenError
        If there is no such folder here: the watcher, on another machine perhaps, has seen files in it.
    """
    with engine.begin() as connection:
        reported = inbox_events.take_up(connection, source.feed, context.run_id, datetime.now(UTC))
        if reported and not source.path.is_dir():
            raise UnseenError(
                f"the watcher has reported files in this inbox, and this worker ({this_machine()}) has no such folder",
                where=str(source.path),
                advice="Mount the inbox at the same path on all workers, the triggerer and the dag-processor;"
                " then clear this task",
            )
    for event in reported:
        log.info("the watcher of the inbox has reported: %s", event.verdict["sentence"])
    return tuple(Verdict.from_dict(event.verdict) for event in reported if event.state == State.PARTIAL)


def _check_that_all_are_there(listings: Sequence[Listing]) -> None:
    listed = [listing for listing in listings if listing.error is None]
    absent = frozenset.intersection(*(listing.absent for listing in listed)) if listed else frozenset[str]()
    if absent:
        raise SourceError(
            f"no match {', '.join(sorted(absent))} in it",
            where=", ".join(str(listing.source.path) for listing in listed),
            advice="Compare the ids with those in the feed's files",
        )


def _check_that_none_is_ambiguous(listings: Sequence[Listing], wanted: MatchFilter) -> None:
    for text in sorted(wanted.match_ids):
        meant = {key for listing in listings for key in listing.asked_for if key.is_named(text)}
        if len(meant) > 1:
            raise ambiguous(text, meant)


def _choose(found: Arrivals, wanted: MatchFilter) -> list[Delivery]:
    """Of the deliveries that are to be read those that are wanted."""
    if not wanted.needs_announcements:
        return found.to_read
    announced = announcements(found.source.feed, found.to_read)
    return [
        delivery
        for delivery in found.to_read
        if (match := announced.get((delivery.provider, delivery.match_id))) is not None
        and wanted.includes(match)
    ]


def _figures_before(engine: Engine, context: RunContext) -> Mapping[str, Any]:
    """What this run has noted already: where its list is made a second time, what it has read stays read."""
    with engine.connect() as connection:
        figures: Mapping[str, Any] = (runs.read_run(connection, context.run_id) or {}).get("figures") or {}
    return figures


def _figures(listings: Sequence[Listing], before: Mapping[str, Any]) -> dict[str, Any]:
    """What `find_matches` notes of a run (docs/scheduling.md lists the keys)."""
    read = [key for listing in listings for key in listing.to_read]
    corrected = names_of([key for listing in listings for key in listing.corrected], among=read)
    return {name: before.get(name, 0) for name in COUNTED_BY_INGEST} | {
        LISTED_ON: this_machine(),
        "matches_found": sum(listing.n_found for listing in listings),
        "matches_unchanged": sum(listing.n_unchanged for listing in listings),
        "matches_corrected": before.get("matches_corrected", 0)
        + sum(listing.n_stored_before for listing in listings),
        "matches_older": sum(listing.n_older for listing in listings),
        "corrected_matches": list(dict.fromkeys([*before.get("corrected_matches", ()), *corrected])),
        "overdue_matchdays": [
            verdict.as_dict() | {"provider": listing.source.feed}
            for listing in listings
            for verdict in listing.overdue
        ],
    }


def _log_listing(found: Arrivals, chosen: list[Delivery]) -> None:
    for problem in found.problems:
        what = "left out" if problem.severity == "match" else "noted"
        where = f"{problem.path}, {problem.place}" if problem.place else problem.path
        log.warning("%s: %s: %s. %s", what, where, problem.reason, problem.advice)
    for classified in found.classified:
        delivery, stored = classified.delivery, found.stored_of(classified.delivery)
        if classified.resend is Resend.OLDER and stored:
            log.info(
                "match %s: the message of %s is older than the stored one of %s, which stays",
                delivery.match_id, delivery.message_time, stored.message_time,
            )  # fmt: skip
    log.info(
        "%d matches found in %s, %d of them new or changed",
        len(found.classified),
        printable(str(found.source.path)),
        len(found.to_read),
    )
    if len(chosen) != len(found.to_read):
        log.info("%d of these are asked for", len(chosen))
    for delivery in chosen if len(chosen) <= MAX_PORTIONS else ():
        kind = "corrected" if found.stored_of(delivery) else "new"
        log.info("to be read: match %s (%s)", delivery.match_id, kind)


def _save_fingerprints(engine: Engine, found: Arrivals) -> None:
    """The fingerprint of content that has come again: it need not be hashed next time."""
    again = [
        (delivery, stored.fingerprint)
        for classified in found.classified
        if classified.resend is Resend.UNCHANGED
        and (stored := found.stored_of(delivery := classified.delivery))
        and stored.fingerprint != delivery.fingerprint
    ]
    if again:
        with engine.begin() as connection:
            for delivery, before in again:
                delivery_store.save_fingerprint(
                    connection, delivery.provider, delivery.match_id, delivery.fingerprint, before=before
                )


def _quarantine(connection: Connection, run_id: str, found: Arrivals, wanted: MatchFilter) -> None:
    quarantine.save_listing_problems(
        connection,
        found.source.feed,
        str(found.source.path),
        [*found.problems, *schedule_problems(found.source.path)],
        run_id=run_id,
        still_to_read=[delivery.match_id for delivery in found.to_read],
        only_of=ids_in(wanted.match_ids),
    )
