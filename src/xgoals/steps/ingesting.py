"""ingest: feed files -> matches, shots, scenes and clips.

Each delivery is weighed against what is stored of its match: what is new or newer is read and written, one
transaction a match; what is older or unchanged is left alone; what cannot be used, or contradicts what is
stored, goes into quarantine with a reason, and the others go on.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import FeedError, Problem, XgoalsError
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import Delivery, MatchReading, load_feed
from xgoals.feeds.reading import read_all
from xgoals.feeds.resends import Resend, Stored, StoredMessage, Weighed, weigh
from xgoals.steps.context import RunContext, log, writing
from xgoals.steps.matchdays import find_schedule, matchday_sentences
from xgoals.store import deliveries as delivery_store
from xgoals.store import matches as store
from xgoals.store.database import RefusedError

Key = tuple[str, str]
MAX_NAME = 100
REMARKS_TOLD = 3
"""Of what is missing in a match the log tells this much."""


@dataclass
class _Tally:
    """What happened to the matches of one run."""

    resends: Counter[Resend]
    problems: list[Problem]
    positions_read: Counter[str] = field(default_factory=Counter)
    read: int = 0
    shots_corrected: int = 0
    shots_withdrawn: int = 0

    def figures(self) -> dict[str, Any]:
        """As the run's row keeps them."""
        left_out = [problem for problem in self.problems if problem.severity == "match"]
        return {
            "matches_found": self.resends.total(),
            "matches_read": self.read,
            "matches_unchanged": self.resends[Resend.UNCHANGED],
            "matches_corrected": self.resends[Resend.NEWER],
            "matches_older": self.resends[Resend.OLDER],
            "matches_quarantined": len({problem.match_id or problem.path for problem in left_out}),
            "shots_corrected": self.shots_corrected,
            "shots_withdrawn": self.shots_withdrawn,
        } | {f"positions_read_by_{path}": n for path, n in sorted(self.positions_read.items())}


def ingest(context: RunContext) -> str:
    """Read what is new in the source: one transaction a match, the broken ones into quarantine."""
    with writing(context, "ingest") as (engine, figures):
        schedule = find_schedule(context.source)
        with engine.connect() as connection:
            stored = _what_is_stored(connection)
        deliveries, problems = _discover(context, stored)
        weighed = [weigh(context.feed, d, stored.get((d.provider, d.match_id))) for d in deliveries]
        tally = _Tally(Counter(w.resend for w in weighed), problems)
        _note_what_is_not_read(engine, weighed, stored, tally)
        fresh = [w.delivery for w in weighed if w.resend.is_to_be_read]
        log.info(
            "%d matches found in %s, %d of them new or changed", len(deliveries), context.source, len(fresh)
        )
        found = {d.match_id: [p for p in problems if p.match_id == d.match_id] for d in fresh}
        with engine.connect() as connection:
            for n, (delivery, reading) in enumerate(read_all(context.feed, fresh), start=1):
                _save_reading(connection, context, delivery, reading, found[delivery.match_id], tally)
                if n % 200 == 0 or n == len(fresh):
                    log.info("read %d of %d matches", n, len(fresh))
        with engine.begin() as connection:
            source = str(context.source)
            store.save_listing_problems(
                connection, context.feed, source, tally.problems, run_id=context.run_id
            )
            store.analyse_matches(connection)
            figures.update(tally.figures() | store.totals(connection))
            sentences = matchday_sentences(connection, fresh, stored, schedule)
        for sentence in sentences:
            log.info("%s", sentence)
        if sentences:
            figures["matchdays"] = "; ".join(sentences)
    return context.run_id


def _what_is_stored(connection: Connection) -> dict[Key, Stored]:
    return {
        key: Stored(
            row["feed"],
            row["fingerprint"],
            row["message_time"],
            {f.kind: StoredMessage(f.kind, Path(f.path), f.sha256, f.message_time) for f in row["files"]},
        )
        for key, row in delivery_store.stored_deliveries(connection).items()
    }


def _discover(context: RunContext, stored: Mapping[Key, Stored]) -> tuple[list[Delivery], list[Problem]]:
    feed = load_feed(context.feed)
    inbox = context.settings.inbox(context.feed)
    if context.source == inbox and not any(inbox.glob("**/*")):
        log.info("nothing in the inbox %s", inbox)
        return [], []
    taken = {message.sha256 for match in stored.values() for message in (match.messages or {}).values()}
    deliveries, problems = feed.discover(context.source, taken=taken)
    for problem in problems:
        log.warning("left out: %s: %s", problem.path, problem.reason)
    return deliveries, list(problems)


def _note_what_is_not_read(
    engine: Engine, weighed: list[Weighed], stored: Mapping[Key, Stored], tally: _Tally
) -> None:
    """Say why, and remember the fingerprint of content that has come again: it need not be hashed next time."""
    for w in weighed:
        delivery = w.delivery
        key = (delivery.provider, delivery.match_id)
        tally.problems.extend(w.problems)
        for problem in w.problems:
            log.warning("match %s left out: %s: %s", delivery.match_id, problem.path, problem.reason)
        if w.resend is Resend.OLDER:
            log.info(
                "match %s: the message of %s is older than the stored one of %s, which stays",
                delivery.match_id, delivery.message_time, stored[key].message_time,
            )  # fmt: skip
        if w.resend is Resend.UNCHANGED and stored[key].fingerprint != delivery.fingerprint:
            with engine.begin() as connection:
                delivery_store.save_fingerprint(connection, *key, delivery.fingerprint)


def _save_reading(
    connection: Connection,
    context: RunContext,
    delivery: Delivery,
    reading: MatchReading | FeedError,
    found: list[Problem],
    tally: _Tally,
) -> None:
    """One transaction a match: all of it, or the reason why not."""
    try:
        if isinstance(reading, FeedError):
            raise reading
        with connection.begin():
            written = _write(connection, context, delivery, reading, found)
    except (FeedError, RefusedError) as error:
        log.warning("match %s left out: %s", delivery.match_id, error)
        tally.problems.append(_left_out(delivery, error))
        return
    for problem in reading.problems[:REMARKS_TOLD]:
        log.info("match %s, %s: %s", delivery.match_id, problem.place, problem.reason)
    if len(reading.problems) > REMARKS_TOLD:
        more = len(reading.problems) - REMARKS_TOLD
        log.info("match %s: %d more remarks, all in the table quarantine", delivery.match_id, more)
    tally.problems.extend(reading.problems)
    tally.read += 1
    tally.positions_read.update([reading.read_path] if reading.read_path else [])
    tally.shots_corrected += len(written.corrected)
    tally.shots_withdrawn += len(written.withdrawn)


def _write(
    connection: Connection,
    context: RunContext,
    delivery: Delivery,
    reading: MatchReading,
    found: list[Problem],
) -> store.Written:
    match = reading.record.match
    written = store.save_match(
        connection, reading.record, feed=context.feed, fingerprint=delivery.fingerprint
    )
    files = _files(delivery, reading)
    delivery_store.save_files(connection, context.feed, match, files, fingerprint=delivery.fingerprint)
    problems = [*found, *reading.problems]
    store.save_problems(connection, context.feed, delivery.match_id, problems, run_id=context.run_id)
    _save_clips(connection, context, reading.record)
    return written


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


def _save_clips(connection: Connection, context: RunContext, record: MatchRecord) -> None:
    """One file a match, relative to ``XGOALS_HOME``; written before the transaction ends.

    If the transaction fails after that, the file is ahead of the database until the match is read again,
    which the next run does.
    """
    match = record.match
    path = (
        Path("clips")
        / context.database
        / _file_name(match.provider)
        / f"{_file_name(match.match_id)}.parquet"
    )
    if record.clips:
        from xgoals.feeds.clips import write_clips

        write_clips(record.clips, context.settings.home / path)
    store.save_clips(connection, match, [clip.shot_id for clip in record.clips], str(path))


def _file_name(provider_id: str) -> str:
    """A provider's id as a name that any file system takes."""
    name = quote(provider_id, safe="")
    return name if len(name) <= MAX_NAME else hashlib.sha256(name.encode()).hexdigest()


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
