"""ingest: feed files -> matches, shots and scenes in the database."""

from sqlalchemy import Engine

from xgoals.domain.errors import FeedError, Problem
from xgoals.feeds import Delivery, load_feed
from xgoals.feeds.reading import Reading, read_all
from xgoals.steps.context import RunContext, log, writing
from xgoals.store import matches as store


def ingest(context: RunContext) -> str:
    """Read what is new in the source: one transaction a match, the broken ones into quarantine."""
    with writing(context, "ingest") as (engine, figures):
        deliveries, problems = _discover(context)
        with engine.begin() as connection:
            known = store.known_fingerprints(connection, context.feed)
            store.save_listing_problems(
                connection,
                context.feed,
                str(context.source),
                [p for p in problems if p.match_id is None],
                run_id=context.run_id,
            )
            for problem in problems:
                if problem.match_id is not None:
                    store.save_problems(
                        connection, context.feed, problem.match_id, [problem], run_id=context.run_id
                    )
        fresh = [d for d in deliveries if known.get((d.provider, d.match_id)) != d.fingerprint]
        log.info(
            "%d matches found in %s, %d of them new or changed", len(deliveries), context.source, len(fresh)
        )
        n_broken = len(problems)
        for n, (delivery, reading) in enumerate(read_all(context.feed, fresh), start=1):
            n_broken += not _save_reading(engine, context, delivery, reading)
            if n % 200 == 0 or n == len(fresh):
                log.info("read %d of %d matches", n, len(fresh))
        figures.update(
            {
                "matches_found": len(deliveries),
                "matches_read": len(fresh),
                "matches_unchanged": len(deliveries) - len(fresh),
                "matches_quarantined": n_broken,
            }
        )
        with engine.begin() as connection:
            store.analyse_matches(connection)
            figures.update(store.totals(connection))
    return context.run_id


def _discover(context: RunContext) -> tuple[list[Delivery], list[Problem]]:
    feed = load_feed(context.feed)
    inbox = context.settings.inbox(context.feed)
    if context.source == inbox and not any(inbox.glob("**/*")):
        log.info("nothing in the inbox %s", inbox)
        return [], []
    return feed.discover(context.source)


def _save_reading(engine: Engine, context: RunContext, delivery: Delivery, reading: Reading) -> bool:
    """One transaction a match; whether it went in."""
    with engine.begin() as connection:
        if isinstance(reading, FeedError):
            log.warning("match %s left out: %s", delivery.match_id, reading)
            problem = Problem(
                path=reading.where or str(delivery.files[0]),
                reason=reading.what,
                advice=reading.advice or "",
                match_id=delivery.match_id,
                severity="match",
            )
            store.save_problems(connection, context.feed, delivery.match_id, [problem], run_id=context.run_id)
            return False
        record, problems = reading
        store.save_match(connection, record, feed=context.feed, fingerprint=delivery.fingerprint)
        store.save_files(
            connection,
            context.feed,
            record.match,
            [str(path) for path in delivery.files],
            fingerprint=delivery.fingerprint,
        )
        store.save_problems(connection, context.feed, delivery.match_id, problems, run_id=context.run_id)
        for problem in problems:
            log.info("match %s, %s: %s", delivery.match_id, problem.place, problem.reason)
    return True
