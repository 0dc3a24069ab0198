"""find_matches: which matches of a run's sources are to be read, in portions that are read apart from each other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import SourceError
from xgoals.feeds import Delivery, load_feed
from xgoals.feeds.matchday import State, Verdict
from xgoals.feeds.resends import Resend
from xgoals.steps.arrivals import Arrivals, announcements, is_empty, list_arrivals
from xgoals.steps.match_filter import NEW_OR_CHANGED, MatchFilter
from xgoals.steps.matchdays import find_schedule
from xgoals.steps.portions import MAX_PORTIONS, Portion, share_out
from xgoals.steps.run_context import FeedSource, RunContext, log, writing
from xgoals.store import deliveries as delivery_store
from xgoals.store import inbox_events, quarantine

COUNTED_BY_INGEST = ("matches_read", "shots_corrected", "shots_withdrawn")
"""Figures that begin at zero here, and that the tasks after this one add to."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What listing one source has brought: the matches to read, and the figures of the run."""

    source: FeedSource
    to_read: tuple[str, ...] = ()
    n_found: int = 0
    n_unchanged: int = 0
    n_stored_before: int = 0
    n_older: int = 0
    corrected: tuple[str, ...] = ()
    overdue: tuple[Verdict, ...] = ()


def find_matches(context: RunContext, wanted: MatchFilter = NEW_OR_CHANGED) -> list[Portion]:
    """List the sources of a run; the matches to read, in portions. What cannot be used is quarantined.

    Raises
    ------
    SourceError
        If a source cannot be listed, or a match that is asked for by its id is not in it.
    SettingsError
        If the schedule in it cannot be used.
    """
    with writing(context, "find_matches") as (engine, figures):
        listings = [_list_source(engine, context, source, wanted) for source in context.sources]
        portions = [
            Portion(listing.source.feed, match_ids)
            for listing in listings
            for match_ids in share_out(listing.to_read)
        ]
        figures.update(_figures(listings))
        if not portions:
            log.info("nothing new: there is nothing to read, and no reason to train")
    return portions


def _list_source(engine: Engine, context: RunContext, source: FeedSource, wanted: MatchFilter) -> Listing:
    load_feed(source.feed)  # an unknown one is told, even where its inbox is empty
    is_inbox = context.is_inbox(source)
    overdue = _take_up(engine, context, source.feed) if is_inbox and wanted == NEW_OR_CHANGED else ()
    if is_inbox and is_empty(source.path):
        missing = "" if source.path.is_dir() else " (there is no such folder)"
        log.info("nothing in the inbox %s%s", source.path, missing)
        return Listing(source, overdue=overdue)
    find_schedule(source.path)  # one that cannot be used is told before anything is read
    with engine.connect() as connection:
        found = list_arrivals(connection, source, match_ids=wanted.match_ids or None, reread=wanted.reread)
    _check_that_all_are_there(found, wanted)
    chosen = _choose(found, wanted)
    _log_listing(found, chosen)
    _save_fingerprints(engine, found)
    with engine.begin() as connection:
        _quarantine(connection, context.run_id, found)
    kinds = Counter(classified.resend for classified in found.classified)
    return Listing(
        source,
        to_read=tuple(delivery.match_id for delivery in chosen),
        n_found=kinds.total(),
        n_unchanged=kinds[Resend.UNCHANGED],
        n_stored_before=sum(found.stored_of(delivery) is not None for delivery in chosen),
        n_older=kinds[Resend.OLDER],
        corrected=tuple(sorted(d.match_id for d in chosen if found.is_correction(d))),
        overdue=overdue,
    )


def _take_up(engine: Engine, context: RunContext, feed: str) -> tuple[Verdict, ...]:
    """Answer for what the watcher has reported of this inbox; the matchdays that are past their deadline."""
    with engine.begin() as connection:
        reported = inbox_events.take_up(connection, feed, context.run_id)
    for event in reported:
        log.info("the watcher of the inbox has reported: %s", event.verdict["sentence"])
    return tuple(Verdict.from_dict(event.verdict) for event in reported if event.state == State.PARTIAL)


def _check_that_all_are_there(found: Arrivals, wanted: MatchFilter) -> None:
    absent = wanted.match_ids - {delivery.match_id for delivery in found.deliveries}
    if absent:
        raise SourceError(
            f"no match {', '.join(sorted(absent))} in it",
            where=str(found.source.path),
            advice="Compare the ids with those in the feed's files",
        )


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


def _figures(listings: Sequence[Listing]) -> dict[str, Any]:
    """What `find_matches` notes of a run (docs/scheduling.md lists the keys)."""
    return dict.fromkeys(COUNTED_BY_INGEST, 0) | {
        "matches_found": sum(listing.n_found for listing in listings),
        "matches_unchanged": sum(listing.n_unchanged for listing in listings),
        "matches_corrected": sum(listing.n_stored_before for listing in listings),
        "matches_older": sum(listing.n_older for listing in listings),
        "corrected_matches": [match_id for listing in listings for match_id in listing.corrected],
        "overdue_matchdays": [verdict.as_dict() for listing in listings for verdict in listing.overdue],
    }


def _log_listing(found: Arrivals, chosen: list[Delivery]) -> None:
    for problem in found.problems:
        log.warning("left out: %s: %s", problem.path, problem.reason)
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
        found.source.path,
        len(found.to_read),
    )
    if len(chosen) != len(found.to_read):
        log.info("%d of these are asked for", len(chosen))
    for delivery in chosen if len(chosen) <= MAX_PORTIONS else ():
        kind = "corrected" if found.stored_of(delivery) else "new"
        log.info("to be read: match %s (%s)", delivery.match_id, kind)


def _save_fingerprints(engine: Engine, found: Arrivals) -> None:
    """The fingerprint of content that has come again: it need not be hashed next time."""
    for classified in found.classified:
        delivery, stored = classified.delivery, found.stored_of(classified.delivery)
        if classified.resend is Resend.UNCHANGED and stored and stored.fingerprint != delivery.fingerprint:
            with engine.begin() as connection:
                delivery_store.save_fingerprint(
                    connection, delivery.provider, delivery.match_id, delivery.fingerprint
                )


def _quarantine(connection: Connection, run_id: str, found: Arrivals) -> None:
    quarantine.save_listing_problems(
        connection,
        found.source.feed,
        str(found.source.path),
        found.problems,
        run_id=run_id,
        still_to_read=[delivery.match_id for delivery in found.to_read],
    )
